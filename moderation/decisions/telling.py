"""Tell those concerned what was decided, in the transaction that decides: each once, in the inbox and by mail.

That a note is hidden or shown again is told by a trigger of notifications already; its mail comes from here.
"""

from django.db.models import QuerySet
from django.utils import timezone

from core.jobs import defer
from moderation.models import Appeal, Case, Decision, Report, Step
from notes.models import Note
from notifications.actions import tell
from notifications.models import Kind


def tell_of(*, decision: Decision) -> None:
    """Tell the author of a decision, and the reporters what came of it."""
    if decision.step != Step.NONE:
        _tell_author(decision, Kind.DECISION, "decision")
    _answer_reports(decision)


def tell_of_hold(*, decision: Decision) -> None:
    """Tell the author that a note is held for review. The reporters are told what a person decides."""
    _tell_author(decision, Kind.DECISION, "decision")


def tell_of_review(*, hold: Decision, decided: Decision, was_appealed: bool) -> None:
    """Tell the author what came of a hold that they appealed against, or by which the note was shown again. Of what
    was decided instead they are told by its own letter; of a note that is not shown, nothing.
    """
    note = Note.objects.filter(cases=hold.case_id).first()
    if was_appealed and decided.step == Step.NONE:
        _notify(hold, Kind.APPEAL_GRANTED)
        _mail(hold, "appeal")
    elif decided.step == Step.NONE and note and note.is_live:
        _mail(hold, "shown")


def tell_of_undoing(*, decision: Decision) -> None:
    """Tell the author that a decision was taken back; and the reporters, unless the case is decided anew. What an
    appeal took back its answer says.
    """
    by_appeal = Appeal.objects.filter(decision=decision, granted=True).exists()
    if decision.step != Step.NONE and not by_appeal:
        _tell_author(decision, Kind.DECISION_UNDONE, "undone")
    reports = Report.objects.filter(case=decision.case_id, answered_at__isnull=False)
    if Case.objects.open().filter(pk=decision.case_id).exists():
        reports.update(answered_at=None)
    elif not _acted(decision):
        _tell_reporters(reports, Kind.REPORT_CHANGED)


def _acted(decision: Decision) -> bool:
    """Return whether another decision about the case stands by which something was done."""
    standing = Decision.objects.final().filter(case=decision.case_id, undone_at__isnull=True)
    return standing.exclude(step=Step.NONE).exists()


def tell_of_end(*, decision: Decision) -> None:
    """Tell the author that a suspension has ended by itself; what else ends, its page says."""
    if decision.step == Step.SUSPEND:
        _mail(decision, "ended")


def tell_of_appeal(*, appeal: Appeal) -> None:
    """Tell the author how their appeal was decided."""
    kind = Kind.APPEAL_GRANTED if appeal.granted else Kind.APPEAL_REFUSED
    _notify(appeal.decision, kind)
    if appeal.author_id:
        tell(kind=kind, people=[appeal.author_id], numbers=[appeal.decision_id])
    _mail(appeal.decision, "appeal")


def _tell_author(decision: Decision, kind: Kind, letter: str) -> None:
    is_of_note = Case.objects.filter(pk=decision.case_id, kind=Case.Kind.NOTE).exists()
    if not (decision.step == Step.HIDE and is_of_note):
        _notify(decision, kind)
    _mail(decision, letter)


def _notify(decision: Decision, kind: Kind) -> None:
    if decision.subject_id:
        tell(kind=kind, people=[decision.subject_id], numbers=[decision.pk])


def _mail(decision: Decision, letter: str) -> None:
    if decision.subject_id:
        defer("send_decision", decision_id=decision.pk, letter=letter)


def _answer_reports(decision: Decision) -> None:
    """Tell those who reported it, once, what was decided."""
    waiting = Report.objects.filter(case=decision.case_id, answered_at__isnull=True)
    if decision.step != Step.NONE:
        kind = Kind.REPORT_ACTED
    else:
        target = decision.case.target
        is_gone = target is None or getattr(target, "deleted_at", None)
        kind = Kind.REPORT_GONE if is_gone else Kind.REPORT_KEPT
    _tell_reporters(waiting, kind)
    waiting.update(answered_at=timezone.now())


def _tell_reporters(reports: QuerySet[Report], kind: Kind) -> None:
    """Tell each reporter once, however often they reported it: by their newest report."""
    newest = dict(reports.filter(reporter__isnull=False).order_by("pk").values_list("reporter", "pk"))
    if newest:
        tell(kind=kind, people=newest.keys(), numbers=newest.values())
