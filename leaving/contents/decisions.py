"""What moderators decided about the person, and their appeals, as the person reads them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, in_batches
from moderation.decisions.queries import told_to
from moderation.models import Seal
from moderation.standing.limits import State, limits_of
from profiles.models import User


def decisions(person: User) -> Iterator[dict[str, Any]]:
    """Yield each decision without who made it, and the appeal against it with its answer. What is sealed is in no
    archive.
    """
    for some in in_batches(told_to(person).exclude(case__in=Seal.objects.in_force().values("case"))):
        for each in some:
            appeal = getattr(each, "appeal", None)
            yield {
                "about": each.case.kind,
                "number": each.case.number,
                "step": each.step,
                "limits": each.limits,
                "warning": each.warning,
                "rule": each.rule.slug if each.rule else None,
                "facts": each.facts if each.subject_id else "",
                "by_program": each.by_program,
                "held_for_review": each.is_hold,
                "decided_at": each.created_at,
                "ends_at": each.ends_at,
                "ended_at": each.ended_at,
                "undone_at": each.undone_at,
                "undone_reason": each.undone_reason,
                "appeal": appeal.text if appeal else None,
                "appealed_at": appeal.created_at if appeal else None,
                "granted": appeal.granted if appeal else None,
                "answer": appeal.answer if appeal else None,
            }


def standing(person: User) -> dict[str, Any]:
    """Return what lowers the person and their notes at this moment, as /settings/standing/ shows it, without what is
    sealed.
    """
    now, sealed = limits_of(person), set(Seal.objects.in_force().values_list("case", flat=True))
    held = [each.told.decision for each in now.decisions if each.told.decision.case_id not in sealed]
    return {
        "everything_counts_in_full": not (held or now.names or now.account),
        "decisions_in_force": [
            {"about": each.case.kind, "number": each.case.number, "step": each.step} for each in held
        ],
        "hidden_names": [
            {
                "kind": each.kind,
                "name": each.name,
                "notes": each.notes,
                "rule": each.decision.rule.slug if each.decision and each.decision.rule else None,
                "since": each.decision.created_at if each.decision else None,
                "until": each.decision.ends_at if each.decision else None,
            }
            for each in now.names
        ],
        "account": [_state(each) for each in now.account],
        "strikes": [
            {"rule": each.rule.slug if each.rule else None, "expires_at": each.strike_until}
            for each in now.strikes
            if each.case_id not in sealed
        ],
        "own_choices": [_state(each) for each in now.chosen],
    }


def _state(state: State) -> dict[str, Any]:
    return {"what": state.what, "effect": state.effect, "since": state.since, "until": state.until}


PARTS = [
    Part("standing", _("what limits you and your notes now"), standing),
    Part(
        "decisions",
        _("what moderators decided about you, and your appeals"),
        decisions,
        ["moderation.Decision.subject", "moderation.Appeal.author"],
    ),
]
