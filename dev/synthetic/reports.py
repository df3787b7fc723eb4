"""Made-up reports of notes, comments and people, with the cases that they make, their decisions and kept words."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched, cycle
from random import Random
from typing import Any, NamedTuple

from django.db import connection, transaction

from core.db.copy import copy, take_keys
from moderation.models import Case, Decision, Evidence, Report, Rule, Step
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
SHARE_DECIDED = 0.5
CAUTIONED = 0.4  # of the decided cases: their author got a word, the others no action
AT_A_TIME = 5_000  # cases
TARGETS_MOST = 100_000

FIELDS: dict[Any, list[str]] = {
    Case: [
        "id",
        "kind",
        "number",
        "note",
        "comment",
        "person",
        "subject",
        "is_young",
        "created_at",
        "closed_at",
    ],
    Report: [
        *("case", "reporter", "key", "note", "comment", "person", "reason", "details", "reported_text"),
        *("created_at", "closed_at", "closed_reason", "trust", "is_fresh", "was_right", "answered_at"),
    ],
    Decision: ["case", "rule", "step", "facts", "decided_by", "subject", "version", "created_at", "told_at"],
    Evidence: ["case", "digest", "words", "folder", "taken_at", "copied_at"],
}


class Target(NamedTuple):
    """What is reported: its kind and number, its author, and the note that it is or stands under."""

    kind: str
    number: int
    author: int
    note: int | None


def load(now: datetime, random: Random, number: int) -> Iterator[int]:
    """Commit so many reports, some thousands at a time, and yield how many there are; half of the cases are decided.

    A target that comes again is reported anew after a decision.
    """
    reporters = list(User.objects.order_by("pk").values_list("pk", flat=True)[:20_000])
    rules = dict(Rule.objects.values_list("slug", "pk"))
    made, seen = 0, set[tuple[str, int]]()
    targets = _targets(random) if number else iter(())
    for some in batched(targets, AT_A_TIME):
        rows = _Rows(now, random, reporters, rules)
        for key, target in zip(take_keys(Case, len(some)), some, strict=True):
            is_first = target[:2] not in seen
            seen.add(target[:2])
            made += rows.add(key, target, number - made, may_be_open=is_first)
            if made == number:
                break
        rows.write()
        yield made
        if made == number:
            return


def _targets(random: Random) -> Iterator[Target]:
    """Yield what is reported, mixed, and each kind from its beginning again where it is used up."""
    people = User.objects.filter(is_staff=False).order_by("-pk").values_list("pk", flat=True)
    rows: dict[str, Any] = {
        "note": Note.objects.public().order_by("-pk").values_list("pk", "author", "pk"),
        "comment": Comment.objects.filter(deleted_at=None)
        .order_by("-pk")
        .values_list("pk", "author", "note"),
        "person": [(pk, pk, None) for pk in people[:TARGETS_MOST]],
    }
    found = {kind: list(some[:TARGETS_MOST]) for kind, some in rows.items()}
    endless = {kind: cycle(some) for kind, some in found.items() if some}
    kinds, weights = list(endless), [KINDS[kind] for kind in endless]
    while kinds:
        for kind in random.choices(kinds, weights, k=AT_A_TIME):
            yield Target(kind, *next(endless[kind]))


class _Rows:
    """Rows of some thousand cases, by table, with values of FIELDS."""

    def __init__(self, now: datetime, random: Random, reporters: list[int], rules: dict[str, int]) -> None:
        self.now, self.random, self.reporters, self.rules = now, random, reporters, rules
        self.rows: dict[Any, list[tuple[Any, ...]]] = {model: [] for model in FIELDS}

    def add(self, case: int, target: Target, most: int, *, may_be_open: bool) -> int:
        """Add a case with its reports, at most so many; return how many."""
        random = self.random
        since = self.now - timedelta(days=30 * random.random())
        is_decided = not may_be_open or random.random() < SHARE_DECIDED
        closed = since + timedelta(hours=9) if is_decided else None
        about = [target.number if target.kind == kind else None for kind in KINDS]
        young = random.random() < 0.1
        self.rows[Case].append((case, *target[:2], *about, target.author, young, since, closed))
        is_cautioned = is_decided and random.random() < CAUTIONED
        reasons = self._add_reports(case, target, most, since, closed, is_cautioned)
        if closed:
            step = Step.NOTE if is_cautioned else Step.NONE
            rule = self.rules.get(reasons[0]) if is_cautioned else None
            self.rows[Decision].append((case, rule, step.value, "", None, target.author, 1, closed, closed))
        words = '{"body": "As it was reported."}'
        self.rows[Evidence].append((case, f"{case:064x}", words, f"{case:032x}", since, since))
        return len(reasons)

    def _add_reports(
        self, case: int, target: Target, most: int, since: datetime, closed: datetime | None, was_right: bool
    ) -> list[str]:
        random = self.random
        few = 1 + (random.random() < 0.3) + (random.random() < 0.1) * random.randint(1, 6)
        people = random.sample(self.reporters, min(few, most, len(self.reporters)))
        reasons = random.choices(list(REASONS), list(REASONS.values()), k=len(people))
        about = [
            target.note,
            *(target.number if target.kind == kind else None for kind in ("comment", "person")),
        ]
        for reporter, reason in zip(people, reasons, strict=True):
            key, words = (
                uuid.UUID(int=random.getrandbits(128)),
                "As it was reported. " * random.randint(1, 12),
            )
            said = (*about, reason, random.choice(DETAILS), words, since, closed, "")
            weight = (0.5, random.random() < 0.2, was_right if closed else None, closed)
            self.rows[Report].append((case, reporter, key, *said, *weight))
        return reasons

    @transaction.atomic
    def write(self) -> None:
        """Write the rows. The triggers weigh all of these cases at once, by statistics that know the table."""
        for model, fields in FIELDS.items():
            copy(model, fields, self.rows[model])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE moderation_case, moderation_report")
