"""Made-up reports of notes, comments and people, and the cases that they make."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any

from moderation.models import Case, Report
from notes.models import Comment, Note
from profiles.models import User

KINDS = {"note": 60, "comment": 25, "person": 15}  # how often each is reported
REASONS = {
    "advertising": 40,
    "harassment": 20,
    "copied": 15,
    "undisclosed": 10,
    "sexual": 8,
    "private": 5,
    "danger": 2,
}
DETAILS = ("", "", "", "It is the third time this week.", "这是别人的照片，作者没有同意过。")
A_CASE = 1.7  # reports, on average
SHARE_DECIDED = 0.5
BATCH = 5_000


def load(now: datetime, random: Random, number: int) -> None:
    """Add so many reports, half of them of cases that were closed without action."""
    reporters = list(User.objects.order_by("pk").values_list("pk", flat=True)[:20_000])
    targets = _targets(random, int(number / A_CASE))
    left = number
    for some in batched(targets, BATCH):
        cases = Case.objects.bulk_create(_case(now, random, *target) for target in some)
        reports = [report for case in cases for report in _reports(random, case, reporters)][:left]
        Report.objects.bulk_create(reports)
        left -= len(reports)


def _targets(random: Random, number: int) -> Iterator[tuple[str, int, int, int | None]]:
    """Yield kind, number, author and note of what is reported, each once."""
    for kind, share in KINDS.items():
        wanted = number * share // 100
        match kind:
            case "note":
                rows: Any = Note.objects.public().order_by("-pk").values_list("pk", "author", "pk")
            case "comment":
                rows = (
                    Comment.objects.filter(deleted_at=None)
                    .order_by("-pk")
                    .values_list("pk", "author", "note")
                )
            case _:
                rows = (
                    (pk, pk, None)
                    for pk in User.objects.order_by("-pk").values_list("pk", flat=True)[:wanted]
                )
        for pk, author, note in rows[:wanted] if kind != "person" else rows:
            yield kind, pk, author, note


def _case(now: datetime, random: Random, kind: str, number: int, author: int, note: int | None) -> Case:
    since = now - timedelta(days=30 * random.random())
    closed = since + timedelta(hours=9) if random.random() < SHARE_DECIDED else None
    case = Case(kind=kind, number=number, subject_id=author, created_at=since, closed_at=closed)
    setattr(case, f"{kind}_id", number)
    case.reported_note = note  # type: ignore[attr-defined]  # for its reports
    return case


def _reports(random: Random, case: Any, reporters: list[int]) -> Iterator[Report]:
    few = 1 + (random.random() < 0.3) + (random.random() < 0.1) * random.randint(1, 6)
    own = {} if case.kind == "person" else {"note_id": case.reported_note}
    for reporter in random.sample(reporters, min(few, len(reporters))):
        reason = random.choices(list(REASONS), list(REASONS.values()))[0]
        yield Report(
            case=case,
            reporter_id=reporter,
            reason=reason,
            details=random.choice(DETAILS),
            reported_text="As it was reported. " * random.randint(1, 12),
            closed_at=case.closed_at,
            **own | {f"{case.kind}_id": case.number},
        )
