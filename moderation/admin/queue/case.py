"""What the page of a case shows, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone
from taggit.models import Tag

from core.dates import calendar_time
from moderation.admin.queue import case_queries as queries
from moderation.admin.queue.facts import Facts, facts_of, other_opener, reasons_of
from moderation.admin.queue.filters import Filters
from moderation.admin.queue.kept import Kept, kept_of
from moderation.admin.queue.targets import Picture, picture_of, seen_by_everyone
from moderation.cases.access import Access, within
from moderation.cases.closed import is_closed_to, is_open_photo
from moderation.models import Case, Decision, Report, Rule, Step, text_of
from moderation.pictures.queries import Found, findings_of, hidden_by
from moderation.rules.ready import language_of
from notes.models import Collection, Comment, Note, Photo, Series
from notes.moderation import (
    record_opening,
    record_opening_of_collection,
    record_opening_of_comment,
    record_opening_of_photo,
    record_opening_of_series,
)
from profiles.models import Campus, User


@dataclass(frozen=True)
class CasePage:
    """`then`: the words as they were when reported, each with since when; `now`: as they read now, None where they
    are the same. `is_readable`: whether moderators may read the target. `decisions`: of this case. `alike`: what was
    decided for the same rule, by step, and of how many decisions. `before` and `after`: the cases beside it.
    `languages`: those in which the author and who reported last are written to. `recognisable`: the photos that are
    hidden by this case, and can be added to the known pictures.
    """

    case: Case
    facts: Facts
    title: str
    is_readable: bool
    then: list[tuple[Any, str]]
    now: str | None
    address: str
    photos: list[Picture]
    kept: Kept
    reports: tuple["ReportLine", ...]
    decisions: list[Decision]
    history: tuple["PastLine", ...]
    strikes: int
    alike: tuple[tuple[str, int], ...]
    before: int | None
    after: int | None
    other_opener: str
    languages: tuple[str, str]
    findings: list[Found]
    recognisable: list[int]

    @property
    def alike_of(self) -> int:
        return sum(number for _step, number in self.alike)


class ReportLine(NamedTuple):
    """A report as a line; plain values, for the HTML of the same ones is kept. `handle` is "" once that is gone."""

    reason: str
    details: str
    handle: str
    at: str
    at_text: str
    is_fresh: bool


class PastLine(NamedTuple):
    """An earlier decision about the author as a line."""

    case: int
    name: str
    step: str
    rule: str
    at: str
    at_text: str
    is_undone: bool
    is_ended: bool


def find(number: int, by: User, access: Access) -> Case | None:
    """Return the case with its target, if the moderator may open it."""
    found = queries.case_of(access, moderator=by.pk, number=number)
    return queries.with_target(found[0]) if found else None


def page_of(
    case: Case, by: User, access: Access, filters: Filters, rule: Rule | None, *, opens_kept: bool = False
) -> CasePage:
    """Return what the page shows. `filters`: the open cases that the moderator goes through. `rule`: the one that it
    was reported for. `opens_kept`: whether the kept words are asked for, which is logged.
    """
    readable = open_target(case, by)
    then = _then(case) if readable else []
    before, after = queries.neighbours(case, filters, access, by)
    reports = queries.latest_reports(case=case.pk)
    photos, decisions = _photos(case, by) if readable else [], queries.decisions_of(case=case.pk)
    return CasePage(
        case=case,
        facts=facts_of(case, reasons_of([case])[case.pk], by),
        title=title_of(case) if readable else "",
        is_readable=readable,
        then=then,
        now=_now(case, then) if readable else None,
        address=_address(case),
        photos=[picture_of(photo) for photo in photos],
        kept=kept_of(case, by, opens=opens_kept),
        reports=tuple(_report_line(report) for report in reports),
        decisions=decisions,
        history=_history(case, by, access),
        strikes=_strikes(case, access),
        alike=_alike(case, rule, access),
        before=before,
        after=after,
        other_opener=other_opener(case, by),
        languages=_languages(case, reports),
        findings=findings_of(case),
        recognisable=[photo.pk for photo in photos] if hidden_by(decisions) else [],
    )


def _languages(case: Case, reports: list[Report]) -> tuple[str, str]:
    reporters = (report.reporter.language for report in reports if report.reporter)
    return language_of(case.subject.language if case.subject else ""), language_of(next(reporters, ""))


def open_target(case: Case, by: User) -> bool:
    """Return whether moderators may read the target, and log the opening of what not everyone may see. What is sealed
    the page does not show: it leads to the kept copies.
    """
    if getattr(case.target, "is_sealed", False) or is_closed_to(case, by):
        return False
    match case.target:
        case None:
            return case.closed_at is None
        case Note() as note:
            if seen_by_everyone([case]):
                return True
            record_opening(note=note, by=by)
            return Note.objects.for_moderators().filter(pk=note.pk).exists()
        case Comment() as comment:
            if seen_by_everyone([case]):
                return True
            record_opening_of_comment(comment=comment, by=by)
            return Comment.objects.for_moderators().filter(pk=comment.pk).exists()
        case Photo() as photo:
            record_opening_of_photo(photo=photo, by=by)
            return is_open_photo(photo)
        case Collection() as collection:
            record_opening_of_collection(collection=collection, by=by)
            return True
        case Series() as series:
            record_opening_of_series(series=series, by=by)
            return True
        case _:
            return True


def title_of(case: Case) -> str:
    match case.target:
        case None | Comment():
            return ""
        case Note() as note:
            return note.title
        case target:
            return str(target)


def _then(case: Case) -> list[tuple[Any, str]]:
    """Return each text that was reported, with when it first was."""
    found: dict[str, Any] = {}
    for said, at in queries.first_texts(case=case.pk):
        found.setdefault(said.strip(), at)
    return [(at, said) for said, at in found.items() if said]


def _now(case: Case, then: list[tuple[Any, str]]) -> str | None:
    if case.target is None:
        return None
    is_named = isinstance(case.target, (Tag, Campus))
    now = (str(case.target) if is_named else text_of(case.target)).strip()
    return None if [said for _at, said in then] == [now] else now


def _address(case: Case) -> str:
    """Return the address of the target's page on the site; "" where it has none."""
    absolute = getattr(case.target, "get_absolute_url", None)
    return str(absolute()) if absolute else ""


def _photos(case: Case, by: User) -> list[Photo]:
    """Return the photos of a note, those that were taken out of it last, or the one that the case is about. That the
    moderator sees those that were taken out is logged.
    """
    photos = [case.photo] if case.photo else queries.photos_of(note=case.note_id) if case.note_id else []
    shown = [photo for photo in photos if photo.is_ready]
    for photo in shown:
        if photo.hidden_in_id and case.note_id:
            record_opening_of_photo(photo=photo, by=by)
    return shown


def _report_line(report: Report) -> ReportLine:
    handle = report.reporter.handle if report.reporter else ""
    at = report.created_at.isoformat(timespec="seconds")
    reason = str(Report.Reason(report.reason).label)
    return ReportLine(reason, report.details, handle, at, calendar_time(report.created_at), report.is_fresh)


def _history(case: Case, by: User, access: Access) -> tuple[PastLine, ...]:
    if not case.subject_id:
        return ()
    found = queries.decisions_about(access, subject=case.subject_id, case=case.pk, moderator=by.pk)
    return tuple(_past_line(decision) for decision in found)


def _past_line(decision: Decision) -> PastLine:
    at, name = decision.created_at, decision.rule.name if decision.rule else ""
    where = (decision.case_id, str(decision.case), decision.label, name)
    ends = (decision.undone_at is not None, decision.ended_at is not None)
    return PastLine(*where, at.isoformat(timespec="seconds"), calendar_time(at), *ends)


def _strikes(case: Case, access: Access) -> int:
    if not case.subject_id:
        return 0
    return len(queries.strikes_of(access, subject=case.subject_id, now=timezone.now()))


def _alike(case: Case, rule: Rule | None, access: Access) -> tuple[tuple[str, int], ...]:
    """Count what was decided last about cases of this kind for the rule that this one was reported for."""
    steps = queries.steps_alike(access, rule=rule.pk, kind=case.kind, case=case.pk) if rule else []
    return tuple(
        (str(Step(step).label), number) for step, number in Counter(s for (s,) in steps).most_common()
    )


def next_in(case: Case, filters: Filters, access: Access, by: User) -> int | None:
    """Return the key of the case to go on with: the next one, or the first where this was the last."""
    after = queries.neighbours(case, filters, access, by)[1]
    queue = filters.of(within(Case.objects.open().exclude(pk=case.pk), access, by.pk), by)
    return after or queue.in_order().values_list("pk", flat=True).first()
