import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db.conditions import Condition
from core.hiding import Hideable
from notes.models.muting import comment_free_of_muted
from notes.models.note import Note
from profiles.models import Viewer
from profiles.models.relations import is_wanted_by, no_block_between

COMMENT_MAX = 500
EDITABLE_FOR = timedelta(minutes=15)
IS_PINNED = Q(pinned_at__isnull=False, deleted_at__isnull=True)
NOBODYS = Q(author=None)  # a gap whose author deleted their account


class LikesComment(Condition):
    template = (
        "EXISTS (SELECT FROM notes_commentlike WHERE comment_id = %(expressions)s AND person_id = %(viewer)s)"
    )


class CommentQuerySet(models.QuerySet["Comment"]):
    def counted(self) -> Self:
        """Return the comments a note's counter includes: neither deleted nor hidden by a moderator."""
        return self.filter(deleted_at__isnull=True, hidden_at__isnull=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the comments a viewer of the note may read, and the gaps that deletion left above replies."""
        meant = no_block_between(viewer, "author") & Q(author__is_active=True)
        return self.filter(NOBODYS | meant, hidden_at__isnull=True)

    def readable_by(self, viewer: Viewer) -> Self:
        """Return the comments with text that a viewer of the note may read: a reply only under a comment, or the gap of
        one, that they may read too.
        """
        above = Q(parent__isnull=True) | Exists(
            Comment.objects.visible_to(viewer).filter(pk=OuterRef("parent"))
        )
        return self.visible_to(viewer).filter(above, deleted_at__isnull=True)

    def wanted_by(self, viewer: Viewer) -> Self:
        """Leave out comments by people, and with words, that the viewer has muted."""
        wanted = is_wanted_by(viewer, "author")
        by_wanted = self.filter(NOBODYS | wanted) if wanted else self
        return by_wanted.filter(comment_free_of_muted(viewer))

    def with_likes_of(self, viewer: Viewer) -> Self:
        """Annotate `liked`: whether the viewer likes the comment."""
        return self.annotate(liked=LikesComment("pk", viewer)) if viewer.is_authenticated else self

    def for_moderators(self) -> Self:
        """Return the comments that the admin lists: those under notes it may open. An open report of a comment opens
        its note too.
        """
        return self.filter(note__in=Note.objects.for_moderators(), deleted_at__isnull=True, is_sealed=False)


class Comment(Hideable):
    """A comment, or a reply to one. A trigger rejects a third level, and a parent on another note."""

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="comments", db_index=False
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", db_index=False
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    body = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True, editable=False)
    # The reply that this reply answers; None where it answers the first comment of its thread.
    in_reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    like_count = models.PositiveIntegerField(_("likes"), default=0, db_default=0, editable=False)
    # Hidden in a sealed case: from moderators too.
    is_sealed = models.BooleanField(default=False, db_default=False, editable=False)

    objects = CommentQuerySet.as_manager()

    # Annotated for the viewer of a page: whether they like it, and name and handle of the author of `in_reply_to`, if
    # they may see it.
    liked = False
    addressee: dict[str, str] | None = None
    # Attached in Python to the first-level comments of a page (notes/comments/threads.py): the replies it shows, how
    # many the viewer may read, how many of them follow the last one shown, and whether others precede the first.
    shown_replies: list["Comment"]
    reply_count = 0
    replies_left = 0
    replies_continue = False

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="comment_key_once"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False) | ~Q(body=""), name="comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False) | ~Q(author=None), name="comment_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(pinned_at__isnull=True) | Q(parent__isnull=True),
                name="comment_pinned_first_level",
            ),
            models.UniqueConstraint(
                fields=["note"], condition=Q(pinned_at__isnull=False), name="comment_pinned_once"
            ),
        ]
        indexes = [
            models.Index(fields=["note", "-id"], name="comment_threads", condition=Q(parent__isnull=True)),
            models.Index(fields=["note", "created_at"], name="comment_of_note"),
            models.Index(
                fields=["note", "author"], name="comment_hidden", condition=Q(hidden_at__isnull=False)
            ),
            models.Index(fields=["parent", "id"], name="comment_replies", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["in_reply_to"], name="comment_in_reply_to", condition=Q(in_reply_to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_editable(self) -> bool:
        """Whether its author may still change the text."""
        return self.deleted_at is None and timezone.now() < self.created_at + EDITABLE_FOR

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None and self.deleted_at is None

    def get_absolute_url(self) -> str:
        """Return the note's page with this comment's thread open, at the comment, which is marked."""
        return f"/notes/{self.note_id}/?comment={self.pk}#comment-{self.pk}"


class CommentLike(models.Model):
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="likes", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="comment_like_once")]
        indexes = [models.Index(fields=["person", "-id"], name="comment_like_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} likes comment {self.comment_id}"
