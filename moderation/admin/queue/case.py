"""What the page of a case shows, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

from moderation.admin.queue.cards import is_public, public_notes, reasons_of, title_of
from moderation.cases.access import open_to
from moderation.models import Case, Decision, Report, text_of
from moderation.models.case import CaseQuerySet
from notes.models import Collection, Comment, Note, Photo, Series
from notes.moderation import (
    record_opening,
    record_opening_of_collection,
    record_opening_of_comment,
    record_opening_of_photo,
    record_opening_of_series,
)
from profiles.models import User

REPORTS, HISTORY, LIKE_THIS, PHOTOS = 20, 10, 50, 18


@dataclass(frozen=True)
class CasePage:
    """`then`: the words as they were when reported, each with since when; `now`: as they read now, None where they
    are the same. `is_readable`: whether moderators may read the target. `decisions`: of this case. `history`: of the
    author, beside this case. `alike`: what was decided for the same rule, by step, and of how many decisions.
    """

    case: Case
    title: str
    is_readable: bool
    then: list[tuple[Any, str]]
    now: str | None
    address: str
    photos: list[Photo]
    reports: list[Report]
    reasons: list[tuple[str, int]]
    decisions: list[Decision]
    history: list[Decision]
    strikes: int
    alike: list[tuple[str, int]]
    alike_of: int
    before: Case | None
    after: Case | None
    other_opener: User | None = field(default=None)


def find(cases: CaseQuerySet, number: int) -> Case | None:
    rows = cases.with_targets().marking_held().select_related("subject__campus", "photo__note")
    return rows.filter(pk=number).first()


def page_of(case: Case, by: User, queue: CaseQuerySet) -> CasePage:
    """Return what the page shows. `queue`: the open cases that the moderator goes through."""
    readable = open_target(case, by)
    reports = list(case.reports.select_related("reporter").order_by("-pk")[:REPORTS])
    then = _then(case) if readable else []
    alike = _alike(case)
    before, after = neighbours(case, queue)
    return CasePage(
        case=case,
        title=title_of(case) if readable else "",
        is_readable=readable,
        then=then,
        now=_now(case, then) if readable else None,
        address=_address(case),
        photos=_photos(case) if readable else [],
        reports=reports,
        reasons=reasons_of([case])[case.pk],
        decisions=list(case.decisions.select_related("rule", "decided_by", "undone_by").order_by("-pk")),
        history=_history(case, by),
        strikes=Decision.objects.strikes().filter(subject=case.subject).count() if case.subject else 0,
        alike=alike.most_common(),
        alike_of=alike.total(),
        before=before,
        after=after,
        other_opener=case.looked_at_by if case.opened_by_id != by.pk else None,
    )


def open_target(case: Case, by: User) -> bool:
    """Return whether moderators may read the target, and log the opening of what not everyone may see."""
    match case.target:
        case None:
            return case.closed_at is None
        case Note() as note:
            if is_public(case, public_notes([case])):
                return True
            record_opening(note=note, by=by)
            return Note.objects.for_moderators().filter(pk=note.pk).exists()
        case Comment() as comment:
            if is_public(case, public_notes([case])):
                return True
            record_opening_of_comment(comment=comment, by=by)
            return Comment.objects.for_moderators().filter(pk=comment.pk).exists()
        case Photo() as photo:
            record_opening_of_photo(photo=photo, by=by)
            return not photo.is_sealed and (
                photo.note_id is None or Note.objects.for_moderators().filter(pk=photo.note_id).exists()
            )
        case Collection() as collection:
            record_opening_of_collection(collection=collection, by=by)
            return True
        case Series() as series:
            record_opening_of_series(series=series, by=by)
            return True
        case _:
            return True


def _then(case: Case) -> list[tuple[Any, str]]:
    """Return each text that was reported, with when it first was."""
    found: dict[str, Any] = {}
    for said, at in case.reports.order_by("pk").values_list("reported_text", "created_at")[:REPORTS]:
        found.setdefault(said.strip(), at)
    return [(at, said) for said, at in found.items() if said]


def _now(case: Case, then: list[tuple[Any, str]]) -> str | None:
    if case.target is None:
        return None
    now = text_of(case.target).strip() if isinstance(case.target, (Note, Comment, User)) else str(case.target)
    return None if [said for _at, said in then] == [now] else now


def _address(case: Case) -> str:
    """Return the address of the target's page on the site; "" where it has none."""
    absolute = getattr(case.target, "get_absolute_url", None)
    return str(absolute()) if absolute else ""


def _photos(case: Case) -> list[Photo]:
    """Return the photos of a note, those that were taken out of it last, or the one that the case is about."""
    if case.photo:
        return [case.photo]
    if not case.note_id:
        return []
    own = Photo.objects.filter(Q(note=case.note_id) | Q(hidden_in=case.note_id, is_sealed=False))
    rows = own.order_by(F("hidden_in").asc(nulls_first=True), "position")
    return [photo for photo in rows[:PHOTOS] if photo.is_ready]


def _history(case: Case, by: User) -> list[Decision]:
    """Return what was decided about the author before, in cases that the moderator may open."""
    if not case.subject:
        return []
    others = Decision.objects.filter(subject=case.subject, case__in=open_to(Case.objects.all(), by))
    others = others.exclude(case=case).select_related("rule", "case")
    return list(others.order_by("-pk")[:HISTORY])


def _alike(case: Case) -> Counter[str]:
    """Count what was decided last about cases of this kind for the rule that this one was reported for."""
    same = Decision.objects.final().filter(rule__slug=case.reason, case__kind=case.kind, undone_at=None)
    latest = same.exclude(case=case).order_by("-pk")[:LIKE_THIS]
    return Counter(str(decision.label) for decision in latest)


def neighbours(case: Case, queue: CaseQuerySet) -> tuple[Case | None, Case | None]:
    """Return the case before and the one after this one, in the order of the queue."""
    higher = Q(urgency__gt=case.urgency) | Q(urgency=case.urgency, pk__gt=case.pk)
    lower = Q(urgency__lt=case.urgency) | Q(urgency=case.urgency, pk__lt=case.pk)
    before = queue.filter(higher, urgency__gte=case.urgency).order_by("urgency", "pk").first()
    after = queue.filter(lower, urgency__lte=case.urgency).in_order().first()
    return before, after


def next_in(case: Case, queue: CaseQuerySet) -> Case | None:
    """Return the case to go on with: the next one, or the first where this was the last."""
    others = queue.exclude(pk=case.pk)
    return neighbours(case, others)[1] or others.in_order().first()
