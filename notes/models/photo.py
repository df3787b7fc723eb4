from datetime import timedelta
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db.alike import indexes_of
from core.ids import random_folder, random_name
from imaging import COVERS, sizes
from notes.models.note import PHOTOS_MAX, TONES
from profiles.models import User

USUAL_WAIT = timedelta(seconds=60)
FILE_NAME_MAX = 100


class PhotoQuerySet(models.QuerySet["Photo"]):
    def loose(self, owner: User) -> Self:
        """Return photos this person uploaded that belong to no note yet, those of a pending edit too."""
        return self.filter(owner=owner, note__isnull=True, hidden_in__isnull=True)

    def free_for(self, note_id: int | None) -> Self:
        """Return the photos of this note and of its pending edit, and those of no note."""
        unclaimed = Q(note=None, hidden_in=None) & (Q(pending_edit=None) | Q(pending_edit__note=note_id))
        return self.filter(Q(note=note_id) | unclaimed)

    def held_by(self, notes: models.QuerySet[Any]) -> Self:
        """Return the photos of these notes, of their pending edits, and those that moderators took out of them: what a
        deletion of the notes deletes.
        """
        return self.filter(Q(note__in=notes) | Q(pending_edit__note__in=notes) | Q(hidden_in__in=notes))

    def shown(self) -> Self:
        """Leave out the photos that moderators took out of their notes."""
        return self.filter(hidden_in__isnull=True)

    def waiting(self) -> Self:
        """Return photos that are not decoded yet, oldest first."""
        return self.filter(state=Photo.State.RECEIVED).order_by("created_at")

    def editable_by(self, person: User) -> Self:
        """Return this person's ready photos, in any note or none."""
        return self.shown().filter(owner=person.pk, state=Photo.State.READY, is_sealed=False)


class Photo(models.Model):
    """A photo, from its upload to its renditions.

    Files are stored under `photos/<folder>/`, a name that is never shown; public URLs are
    `/media/<token>-<role>.<extension>`. A new token makes the old URLs 404 without moving a file.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    note = models.ForeignKey(
        "notes.Note", models.CASCADE, null=True, blank=True, related_name="photos", db_index=False
    )
    # The edit of a published note that waits for this photo. Until it takes effect, the photo belongs to no note.
    pending_edit = models.ForeignKey(
        "notes.PendingEdit",
        models.SET_NULL,
        null=True,
        related_name="new_photos",
        db_index=False,
        db_constraint=False,
        editable=False,
    )
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=16, blank=True)
    # As it came, to name it where it cannot be prepared; forgotten once it is.
    file_name = models.CharField(max_length=FILE_NAME_MAX, blank=True, db_default="", editable=False)
    is_animated = models.BooleanField(default=False, db_default=False, editable=False)
    # What its file said of artificial intelligence (imaging.Origin), before its metadata were removed.
    origin = models.CharField(max_length=9, blank=True, default="", db_default="", editable=False)
    folder = models.CharField(max_length=32, db_index=True, default=random_folder, editable=False)
    token = models.CharField(max_length=32, unique=True, default=random_name, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    snap = models.PositiveSmallIntegerField(default=24)
    tone = models.CharField(max_length=4, choices=[(tone, tone) for tone in TONES], default="pale")
    roles = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    # How it looks (imaging.fingerprint), and by which version of the computation.
    fingerprint = models.BigIntegerField(null=True, editable=False)
    fingerprint_version = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    alt = models.CharField(_("description"), max_length=5000, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of the file that came
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The note that a moderator took it out of: `note` is null then, so that nothing that shows a note's photos has it.
    # Its place is kept in `position`, and whether it was the cover. `hidden_at` is null again for a photo that was
    # given back to a note which is full.
    hidden_in = models.ForeignKey(
        "notes.Note",
        models.CASCADE,
        null=True,
        related_name="hidden_photos",
        db_index=False,
        db_constraint=False,
        editable=False,
    )
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_reason = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    # Hidden in a sealed case, as its note may be: its files are served to nobody, and in no archive.
    is_sealed = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether an open case is about it, which opens it to moderators: filled by moderation.
    is_reported = models.BooleanField(default=False, db_default=False, editable=False)
    was_cover = models.BooleanField(default=False, db_default=False, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "position"],
                name="photo_one_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__lt=PHOTOS_MAX), name="photo_at_most_18"),
            models.CheckConstraint(condition=Q(snap__range=(18, 32)), name="photo_snap_in_24ths"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_has_size"),
            models.CheckConstraint(
                condition=Q(note__isnull=True) | Q(hidden_in__isnull=True), name="photo_in_a_note_or_hidden"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="photo_loose", condition=Q(note__isnull=True)),
            models.Index(fields=["created_at"], name="photo_waiting", condition=Q(state="received")),
            *indexes_of("fingerprint", "photo_looks"),
            models.Index(
                fields=["pending_edit"], name="photo_pending", condition=Q(pending_edit__isnull=False)
            ),
            models.Index(fields=["hidden_in"], name="photo_hidden", condition=Q(hidden_in__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.alt[:60] or f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of the note that it is in, or was taken out of."""
        return f"/notes/{self.note_id or self.hidden_in_id}/"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def waits_long(self) -> bool:
        return self.state == self.State.RECEIVED and self.created_at < timezone.now() - USUAL_WAIT

    @property
    def base(self) -> str:
        """Prefix of its public URLs, to which `<role>.<extension>` is added."""
        return f"/media/{self.token}-"

    @property
    def storage_folder(self) -> str:
        return f"photos/{self.folder}"

    @property
    def original(self) -> str:
        """Storage path of the uploaded file until it is decoded."""
        return self.path("original")

    def path(self, name: str) -> str:
        """Return the storage path of the rendition `<role>.<extension>`."""
        return f"{self.storage_folder}/{name}"

    @property
    def widths(self) -> dict[str, int]:
        """Width in pixels of each rendition a page chooses from, by role, narrowest first."""
        made = sizes(self.width, self.height)
        return {role: made[role][0] for role in sorted(filter(str.isdigit, self.roles), key=int)}

    @property
    def covers(self) -> tuple[tuple[str, int], ...]:
        """Role and width in pixels of each feed cover, narrowest first, each width once."""
        return _covers(self.width, self.height, tuple(self.roles))


@lru_cache(4096)
def _covers(width: int, height: int, roles: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    made = sizes(width, height)
    widths = {made[role][0]: role for cover in reversed(COVERS) if (role := f"cover{cover}") in roles}
    return tuple((role, width) for width, role in sorted(widths.items()))
