from typing import Any

from django.db import transaction
from django.utils import timezone

from notes.actions.files import renew_names
from notes.models import Comment, Note, Photo


@transaction.atomic
def hide_note(*, note: Note, by: Any, reason: str) -> None:
    """Takes the note from everybody but its author and moderators; its photos' old addresses end."""
    renew_names(Photo.objects.filter(note=note))
    Note.objects.filter(pk=note.pk, hidden_at__isnull=True).update(
        hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason
    )


def restore_note(*, note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(hidden_at=None, hidden_by=None, hidden_reason="")


def hide_comment(*, comment: Comment, by: Any, reason: str) -> None:
    Comment.objects.filter(pk=comment.pk, hidden_at__isnull=True).update(
        hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason
    )


def restore_comment(*, comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).update(hidden_at=None, hidden_by=None, hidden_reason="")
