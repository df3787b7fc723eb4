"""Decisions as rows, for pages that show them."""

from typing import Any

from django.utils import timezone

from moderation.models import Case, Decision, Rule
from notes.models import Note


def decision_about(note: Note, *, step: str = "hide", version: int = 1, **fields: Any) -> Decision:
    """A decision about a note that did nothing to it."""
    case = Case.objects.create(
        kind="note",
        number=note.pk,
        note=note,
        subject_id=note.author_id,
        report_count=1,
        closed_at=timezone.now(),
    )
    fields = {"rule": Rule.objects.first(), "facts": "The second photo shows a phone number."} | fields
    return Decision.objects.create(case=case, step=step, subject_id=note.author_id, version=version, **fields)
