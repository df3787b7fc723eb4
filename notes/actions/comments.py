from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from notes.models import Comment, Note


@transaction.atomic
def add_comment(*, author: Any, note: Note, body: str, key: UUID, parent: Comment | None = None) -> Comment:
    """Adds a comment, or a reply: one to a reply joins the thread that the reply is in.

    A form sent twice, with the same `key` and words, gets the first comment again, unless it was deleted: then it is
    said anew. Raises IntegrityError for a note that is deleted at the same moment.
    """
    for own_key in _keys(note, body, key, parent):
        fresh = Comment(author=author, note=note, body=body, key=own_key, parent_id=_thread(parent))
        Comment.objects.bulk_create([fresh], ignore_conflicts=True)
        found = Comment.objects.get(author=author, key=own_key)
        if found.deleted_at is None:
            break
    return found


def _keys(note: Note, body: str, key: UUID, parent: Comment | None) -> Iterator[UUID]:
    """Keys of the comment made of a form's key and words: other words with the same key are another comment.

    The second and later ones are for the same words sent again after the comment was deleted.
    """
    name = f"{note.pk}/{_thread(parent)}/{body}"
    while True:
        key = uuid5(key, name)
        yield key


def _thread(parent: Comment | None) -> int | None:
    return parent.parent_id or parent.pk if parent else None


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """Erases the words. The row stays, so that replies keep their place; a page shows it only above replies."""
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True).update(deleted_at=timezone.now(), body="")
