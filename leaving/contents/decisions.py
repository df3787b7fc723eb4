"""What moderators decided about the person, and their appeals, as the person reads them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, in_batches
from moderation.decisions.queries import about
from moderation.models import Seal
from profiles.models import User


def decisions(person: User) -> Iterator[dict[str, Any]]:
    """Yield each decision without who made it, and the appeal against it with its answer. What is sealed is in no
    archive.
    """
    for some in in_batches(about(person).exclude(case__in=Seal.objects.in_force().values("case"))):
        for each in some:
            appeal = getattr(each, "appeal", None)
            yield {
                "about": each.case.kind,
                "number": each.case.number,
                "step": each.step,
                "limits": each.limits,
                "warning": each.warning,
                "rule": each.rule.slug if each.rule else None,
                "facts": each.facts,
                "by_program": each.by_program,
                "decided_at": each.created_at,
                "ends_at": each.ends_at,
                "undone_at": each.undone_at,
                "undone_reason": each.undone_reason,
                "appeal": appeal.text if appeal else None,
                "appealed_at": appeal.created_at if appeal else None,
                "granted": appeal.granted if appeal else None,
                "answer": appeal.answer if appeal else None,
            }


PARTS = [
    Part(
        "decisions",
        _("what moderators decided about you, and your appeals"),
        decisions,
        ["moderation.Decision.subject"],
    ),
]
