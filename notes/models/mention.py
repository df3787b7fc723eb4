from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class MentionQuerySet(models.QuerySet["Mention"]):
    def standing(self) -> Self:
        """Return the mentions that their text still has."""
        return self.filter(removed_at__isnull=True)


class Mention(models.Model):
    """A person named in a published note or a comment, stored in the transaction that saves the words.

    Drafts and private notes have no mentions. A refused mention has no row (notes/mentions/actions.py), so it stays
    text. A row is inserted once for a text and person, which is when the person is told. If an edit removes the handle,
    or the comment is deleted, `removed_at` is set and the row stays: naming the person again clears `removed_at` and
    does not tell them again. After its author deleted the note, rows without a note remember who was told.

    `author` mentions `person`. They can be the same person, who is not told then. Whether the person may open the note
    is not asked here: it can change at any time, so whatever tells them has to ask `Note.visible_to`.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, null=True, related_name="mentions")
    comment = models.ForeignKey(
        "notes.Comment", models.CASCADE, null=True, related_name="mentions", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions_made", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    handle = models.CharField(max_length=30)  # as the text has it, in lower case
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["note", "person"], condition=Q(comment__isnull=True), name="mention_in_note_once"
            ),
            models.UniqueConstraint(fields=["comment", "person"], name="mention_in_comment_once"),
            models.CheckConstraint(
                condition=Q(note__isnull=False) | Q(comment__isnull=True, removed_at__isnull=False),
                name="mention_of_deleted_note_removed",
            ),
        ]
        indexes = [models.Index(fields=["author", "person"], name="mention_of_author")]

    def __str__(self) -> str:
        return f"{self.author_id} mentions {self.person_id}"
