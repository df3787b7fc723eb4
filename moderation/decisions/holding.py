"""Hold notes for review: a program hides a note, and its case stays open until a person has decided."""

from django.db import transaction
from django.utils import timezone

from moderation.audit.actions import Action, log
from moderation.cases.actions import case_of, open_case
from moderation.decisions import telling
from moderation.decisions.checks import Wanted
from moderation.decisions.effects import take_effect
from moderation.decisions.rows import lock, make
from moderation.evidence.actions import keep
from moderation.models import Appeal, Case, Decision, Rule, Step
from notes.models import Note
from profiles.models import User


@transaction.atomic
def hold(*, note: Note, rule: Rule | None) -> Decision | None:
    """Hide the note until a moderator has decided about its case, and tell its author. Return the hold; None, and
    change nothing, where the note is hidden already or gone.
    """
    is_there, subject, _case = lock(case_of(note), Step.HIDE)
    hiding = Decision.objects.in_force().filter(
        case__kind=Case.Kind.NOTE, case__number=note.pk, step=Step.HIDE
    )
    if not is_there or hiding.exists():
        return None
    case, now = open_case(target=note), Note.objects.get(pk=note.pk)
    keep(case=case, target=now)
    return _hold(case, subject, rule)


def _hold(case: Case, subject: User | None, rule: Rule | None) -> Decision:
    made = make(case, subject, None, Wanted(Step.HIDE, rule))
    take_effect(case=case, step=Step.HIDE, subject=subject)
    log(None, Action.DECIDED, case=case, decision=made, words="hold", row=case.target)
    telling.tell_of_hold(decision=made)
    return made


def end_hold(*, held: Case) -> Decision | None:
    """End the hold of a locked case, about which a person decides. Return it; None if there was none."""
    found = held.decisions.in_force().holds().first()
    if found:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
    return found


def finish_hold(*, hold: Decision, decided: Decision, subject: User | None) -> None:
    """Show the note again unless the person's decision, or another one, hides it; answer the author's appeal."""
    if decided.step != Step.HIDE:
        take_effect(case=decided.case, step=Step.HIDE, subject=subject)
    is_granted = decided.step == Step.NONE
    asked = Appeal.objects.open().filter(decision=hold)
    answered = asked.update(
        decided_at=hold.ended_at, decided_by=decided.decided_by, granted=is_granted, answer=decided.facts
    )
    telling.tell_of_review(hold=hold, decided=decided, was_appealed=bool(answered))


def resume_hold(*, held: Case, subject: User | None) -> None:
    """Hold the note again once what a person decided about it is taken back, and its case is open again."""
    last = held.decisions.holds().order_by("-pk").first()
    is_open = Case.objects.open().filter(pk=held.pk).exists()
    if last and is_open and last.ended_at and not last.undone_at and held.target:
        _hold(held, subject, last.rule)
