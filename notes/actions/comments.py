from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from notes.models import Comment, Note


@transaction.atomic
def add_comment(*, author: Any, note: Note, body: str, key: UUID, parent: Comment | None = None) -> Comment:
    """Adds a comment, or a reply: one to a reply joins the thread that the reply is in.

    A form sent twice, with the same `key` and words, gets the first comment again; other words with the same key are
    another comment. Raises IntegrityError for a note that is deleted at the same moment.
    """
    thread = _thread(parent)
    own_key = uuid5(key, f"{note.pk}/{thread}/{body}")
    fresh = Comment(author=author, note=note, body=body, key=own_key, parent_id=thread)
    Comment.objects.bulk_create([fresh], ignore_conflicts=True)
    return Comment.objects.get(author=author, key=own_key)


def _thread(parent: Comment | None) -> int | None:
    return parent.parent_id or parent.pk if parent else None


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """Erases the words. The row stays, so that replies keep their place; a page shows it only above replies. Its key is
    free again: the same form may say the same anew.
    """
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True).update(
        deleted_at=timezone.now(), body="", key=uuid4()
    )
