from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from notes.models.note import Note
from notes.models.photo import Photo


class PendingEdit(models.Model):
    """An edit of a published note that adds a photo, until that photo is ready. Until then the note stays as it is.

    `words` are the valid fields of the compose form; `photos` the ids of the note's photos to be, in order, `alts`
    their descriptions by id, `removed` those to be deleted. New photos belong to no note yet, but to this edit
    (`Photo.pending_edit`). `revision` is that of the note as it will be, `began_from` that of the note when the edit
    was saved. If the note says something else by then, or a listed photo is gone, the edit `is_outdated` and waits for
    its author. A later edit replaces the row.
    """

    note = models.OneToOneField(
        "notes.Note", models.CASCADE, related_name="pending_edit", db_constraint=False
    )
    words = models.JSONField(default=dict)
    photos = ArrayField(models.BigIntegerField(), default=list)
    alts = models.JSONField(default=dict)
    removed = ArrayField(models.BigIntegerField(), default=list)
    cover = models.BigIntegerField(null=True)
    revision = models.CharField(max_length=24)
    began_from = models.CharField(max_length=24, default="", db_default="")
    is_outdated = models.BooleanField(default=False, db_default=False)
    has_narrowed = models.BooleanField(default=False, db_default=False)  # who may see the note, already
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"of {self.note_id}"

    @cached_property
    def has_failed(self) -> bool:
        """Whether a new photo could not be prepared, so that the edit waits for its author."""
        return Photo.objects.filter(pending_edit=self, state=Photo.State.FAILED).exists()

    @property
    def needs_author(self) -> bool:
        """Whether the edit does not take effect by itself."""
        return self.is_outdated or self.has_failed


def pending_edit_of(note: Note) -> PendingEdit | None:
    """Return the pending edit of a note, None without one. Asks the database once, or not at all if it was joined."""
    return getattr(note, "pending_edit", None)
