"""What a published note said before an edit."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notes.models.note import Note


class NoteVersion(models.Model):
    """What a published note said until an edit replaced it.

    Photos are named by id, in order: a version shows those that its note still has, as they are cropped now. So a photo
    that was taken out, or a part that was cropped away, is in no version.
    """

    # Its constraint cascades in the database (migration 0041): code of the release before deletes notes without knowing
    # their versions.
    note = models.ForeignKey(
        Note, models.CASCADE, related_name="versions", db_index=False, db_constraint=False
    )
    since = models.DateTimeField(_("published"))
    until = models.DateTimeField(_("replaced"))
    title = models.CharField(_("title"), max_length=400)
    body = models.TextField(_("story"), blank=True)
    tags = ArrayField(models.CharField(max_length=400), verbose_name=_("tags"), default=list, blank=True)
    campus = models.CharField(_("campus"), max_length=400, blank=True)
    place = models.CharField(_("place"), max_length=400, blank=True)
    disclosure = models.CharField(_("brand"), max_length=6, choices=Note.Disclosure)
    partner = models.CharField(_("partner"), max_length=400, blank=True)
    origin = models.CharField(
        _("how it was made"), max_length=6, choices=Note.Origin, blank=True, default="", db_default=""
    )
    photos = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Their descriptions, in the same order.
    alts = ArrayField(models.CharField(max_length=5000, blank=True), default=list, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [models.Index(fields=["note", "-id"], name="version_of_note")]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="version_ended_later")]

    def __str__(self) -> str:
        return self.title

    @property
    def brand(self) -> str:
        """The disclosure as the note's page showed it; "" without a brand."""
        return Note(disclosure=self.disclosure, partner=self.partner).disclosed

    @property
    def origin_told(self) -> str:
        """How the note was made, as its page showed it; "" where nothing was to be known."""
        return Note(origin=self.origin).origin_told

    def changes(self, newer: "NoteVersion") -> list[Any]:
        """Return the names of the fields that differ from a newer version, as the author reads them."""
        return [
            name for fields, name in COMPARED if any(getattr(self, f) != getattr(newer, f) for f in fields)
        ]


COMPARED = [
    (("title",), _("title")),
    (("body",), _("story")),
    (("photos",), _("photos")),
    (("alts",), _("photo descriptions")),
    (("tags",), _("tags")),
    (("campus",), _("campus")),
    (("place",), _("place")),
    (("disclosure", "partner"), _("brand")),
    (("origin",), _("how it was made")),
]
