from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from notes.models import Comment, Note


@transaction.atomic
def add_comment(*, author: Any, note: Note, body: str, key: UUID, parent: Comment | None = None) -> Comment:
    """Adds a comment, or a reply: one to a reply joins the thread that the reply is in.

    A form sent twice has the same key and gets the first comment again. Raises IntegrityError for a note that is
    deleted at the same moment.
    """
    thread_id = parent.parent_id or parent.pk if parent else None
    fresh = Comment(author=author, note=note, body=body, key=key, parent_id=thread_id)
    Comment.objects.bulk_create([fresh], ignore_conflicts=True)
    return Comment.objects.get(author=author, key=key)


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """Erases the words. The row stays, so that replies keep their place; a page shows it only above replies."""
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True).update(deleted_at=timezone.now(), body="")
