from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from notes.mentions.actions import record_mentions, remove_mentions_of_comment
from notes.mentions.unanswered import may_reply
from notes.models import Comment, CommentLike, Note
from notes.models.comment import EDITABLE_FOR
from profiles.models import User


class CommentsClosed(Exception):
    """The note's author does not let this person comment."""


class ReplyRefused(Exception):
    """The comment to reply to was deleted or hidden at the same moment, or its author has not answered this person's
    last reply and does not follow them.
    """


@transaction.atomic
def add_comment(*, author: User, note: Note, body: str, key: UUID, parent: Comment | None = None) -> Comment:
    """Add a comment, or a reply. A reply to a reply joins the same thread.

    Idempotent per `key` and body: the same form sent twice returns the first comment; another body under the same key
    is another comment. Raises CommentsClosed where the author's choice or the end of the note stands against it, and
    ReplyRefused, which also holds for a second reply to a person who has not answered the first
    (notes/mentions/unanswered.py).
    """
    Note.objects.filter(pk=note.pk).lock()
    if not Note.objects.commentable_by(author).filter(pk=note.pk).exists():
        raise CommentsClosed
    thread = _thread(parent)
    own_key = uuid5(key, f"{note.pk}/{thread}/{body}")
    if there := Comment.objects.filter(author=author, key=own_key).first():
        return there
    if parent:
        User.objects.filter(pk=author.pk).lock()
        standing = Comment.objects.counted().filter(pk=parent.pk)
        if not standing.exists() or not may_reply(author=author, to=parent, note=note):
            raise ReplyRefused
    in_reply_to = parent if parent and parent.parent_id else None
    fresh = Comment(
        author=author, note=note, body=body, key=own_key, parent_id=thread, in_reply_to=in_reply_to
    )
    fresh.save(force_insert=True)
    record_mentions(note=note, comment=fresh)
    return fresh


def _thread(parent: Comment | None) -> int | None:
    return parent.parent_id or parent.pk if parent else None


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """Delete the text of a comment. Idempotent.

    The row stays so that replies keep their place; a page shows it only above replies. Its likes and its pin go. Its
    key becomes free, so the same form can post the same text again.
    """
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True).update(
        deleted_at=timezone.now(), body="", key=uuid4(), pinned_at=None
    )
    CommentLike.objects.filter(comment=comment.pk).delete()
    remove_mentions_of_comment(comment=comment)


@transaction.atomic
def like_comment(*, person: User, comment: Comment) -> None:
    """Like a comment. Idempotent. Raises Comment.DoesNotExist if it is deleted or hidden at the same moment."""
    Note.objects.filter(pk=comment.note_id).lock()
    standing = Comment.objects.counted().get(pk=comment.pk)
    CommentLike.objects.bulk_create([CommentLike(person=person, comment=standing)], ignore_conflicts=True)


@transaction.atomic
def unlike_comment(*, person: User, comment: Comment) -> None:
    """Take a like of a comment back. Idempotent."""
    Note.objects.filter(pk=comment.note_id).lock()
    CommentLike.objects.filter(person=person, comment=comment.pk).delete()


@transaction.atomic
def edit_comment(*, comment: Comment, body: str) -> bool:
    """Change the text. Idempotent. Return False, and change nothing, once it is too late or the comment was deleted or
    hidden.
    """
    Note.objects.filter(pk=comment.note_id).lock()
    now = timezone.now()
    editable = Comment.objects.counted().filter(pk=comment.pk, created_at__gt=now - EDITABLE_FOR)
    if not editable.exists():
        return False
    if editable.exclude(body=body).update(body=body, edited_at=now):
        changed = editable.select_related("note").get()
        record_mentions(note=changed.note, comment=changed)
    return True


@transaction.atomic
def pin_comment(*, comment: Comment) -> None:
    """Pin a first-level comment, in place of the one pinned before. Idempotent. Raises Comment.DoesNotExist if it is
    deleted or hidden at the same moment.
    """
    Note.objects.filter(pk=comment.note_id).lock()
    standing = Comment.objects.counted().get(pk=comment.pk)
    of_note = Comment.objects.filter(note=standing.note_id)
    of_note.filter(pinned_at__isnull=False).exclude(pk=standing.pk).update(pinned_at=None)
    of_note.filter(pk=standing.pk, pinned_at__isnull=True).update(pinned_at=timezone.now())


@transaction.atomic
def unpin_comment(*, comment: Comment) -> None:
    """Take a pin off. Idempotent."""
    Note.objects.filter(pk=comment.note_id).lock()
    Comment.objects.filter(pk=comment.pk, pinned_at__isnull=False).update(pinned_at=None)
