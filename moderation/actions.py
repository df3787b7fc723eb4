"""Writes to reports."""

from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from moderation.cases.actions import case_of, counts_of, open_case, open_or_join
from moderation.cases.closed import mark_reported
from moderation.cases.targets import lock_target
from moderation.decisions.actions import decide, undo
from moderation.decisions.refusals import Decided
from moderation.decisions.sealing import seal_if_suspected
from moderation.evidence.actions import keep
from moderation.evidence.copying import pictures_of
from moderation.models import Case, Decision, Report, Step, text_of
from notes.models import Note
from profiles.models import User


def report(*, reporter: User, target: dict[str, Any], reason: str, details: str, key: UUID) -> None:
    """Report the target for this reason: the report joins its open case. Idempotent while the same report is open.

    A form sent twice makes one report, and so does the same text while a report with it is open; another reason or
    other details make another report. `target` is a note, a comment with its note, or a person. Raises IntegrityError
    if it is deleted at the same moment.
    """
    fresh = Report(
        reporter=reporter, reason=reason, details=details, key=_key(target, reason, details, key), **target
    )
    with transaction.atomic():
        pictures_of(fresh.target)  # photos are locked before their note
        _lock_note(fresh)
        now = type(fresh.target).objects.filter(pk=fresh.target.pk).first()
        fresh.reported_text = text_of(now) if now else ""  # it is just gone: the insertion fails
        Report.objects.bulk_create([fresh], ignore_conflicts=True)
        stored = Report.objects.select_related("reporter").filter(reporter=reporter, key=fresh.key).first()
        if stored and now and not stored.case_id:
            case = open_or_join(target=now, report=stored)
            keep(case=case, target=now, report=stored)
            seal_if_suspected(case=case, report=stored)


@transaction.atomic
def report_named(*, reporter: User, named: Any, reason: str, details: str, key: UUID) -> None:
    """Report a photo, a label, a collection or a series, as `report` does. Such a report names its target by its case
    alone.
    """
    key = uuid5(key, f"{named._meta.label}/{named.pk}/{reason}/{details}")
    if Report.objects.filter(reporter=reporter, key=key).exists():
        return
    now = lock_target(case_of(named))
    if now is None or getattr(now, "hidden_in_id", None):
        raise IntegrityError("What is reported is just gone.")
    case = open_case(target=now)  # which locks it
    said = {"reporter": reporter, "case": case, "reason": reason, "details": details}
    if Report.objects.open().filter(**said).exists():
        return
    counts = counts_of(case=case, reporter=reporter)
    fresh = Report(**said, key=key, reported_text=text_of(now), **counts)
    fresh.save(force_insert=True)
    keep(case=case, target=now, report=fresh)
    seal_if_suspected(case=case, report=fresh)
    mark_reported(case)


def _key(target: dict[str, Any], reason: str, details: str, key: UUID) -> UUID:
    """Return the report's key, derived from the form's key and the text."""
    about = [(kind, getattr(what, "pk", what)) for kind, what in sorted(target.items())]
    return uuid5(key, f"{about}/{reason}/{details}")


def close_report(*, report: Report, by: User | None, reason: str) -> bool:
    """Close the report's case without action; return whether it was open. Moderators lose access to what only its
    reports opened to them.
    """
    case = Case.objects.filter(reports=report).first()
    if case is None and report.target:  # by the version before
        case = open_or_join(target=report.target, report=report)
    if case is None or case.closed_at:
        return False
    try:
        decide(case=case, version=case.version, by=by, step=Step.NONE, facts=reason)
    except Decided:
        return False
    return True


def reopen_report(*, report: Report, by: User | None = None) -> bool:
    """Take back the latest decision about the report's case; return whether there was one that stood. The case is open
    again unless its target has been reported anew.
    """
    standing = Decision.objects.final().filter(case=report.case_id, undone_at__isnull=True)
    latest = standing.select_related("case").order_by("-pk").first()
    return latest is not None and undo(decision=latest, by=by)


def _lock_note(report: Report) -> None:
    """Lock the note that counts the report, as a deletion of the note does before it deletes the report."""
    if report.note_id:
        Note.objects.filter(pk=report.note_id).lock()
