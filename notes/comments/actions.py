from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from notes.models import Comment, CommentLike, Note


@transaction.atomic
def add_comment(*, author: Any, note: Note, body: str, key: UUID, parent: Comment | None = None) -> Comment:
    """Add a comment, or a reply. A reply to a reply joins the same thread.

    Idempotent per `key` and body: the same form sent twice returns the first comment; another body under the same key
    is another comment. Raises IntegrityError if the note is deleted at the same moment.
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
    """Delete the text of a comment. Idempotent.

    The row stays so that replies keep their place; a page shows it only above replies. Its likes go. Its key becomes
    free, so the same form can post the same text again.
    """
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True).update(
        deleted_at=timezone.now(), body="", key=uuid4()
    )
    CommentLike.objects.filter(comment=comment.pk).delete()


@transaction.atomic
def like_comment(*, person: Any, comment: Comment) -> None:
    """Like a comment. Idempotent. Raises Comment.DoesNotExist if it is deleted or hidden at the same moment."""
    Note.objects.filter(pk=comment.note_id).lock()
    standing = Comment.objects.counted().get(pk=comment.pk)
    CommentLike.objects.bulk_create([CommentLike(person=person, comment=standing)], ignore_conflicts=True)


@transaction.atomic
def unlike_comment(*, person: Any, comment: Comment) -> None:
    """Take a like of a comment back. Idempotent."""
    Note.objects.filter(pk=comment.note_id).lock()
    CommentLike.objects.filter(person=person, comment=comment.pk).delete()
