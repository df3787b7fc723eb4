from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db.alike import indexes_of
from imaging import SAYS_NOTHING

SOURCE_MAX, WHY_MAX = 120, 300


class KnownPictureQuerySet(models.QuerySet["KnownPicture"]):
    def in_force(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def whole(self) -> Self:
        """Return the pictures without those that have a part cut off."""
        return self.filter(cut_of__isnull=True)


class KnownPicture(models.Model):
    """A picture that moderators do not want to see again, by its fingerprint alone: it says what breaks which rule.

    Of one that was hidden here there are rows with a part cut off too, which come and go with it.
    """

    fingerprint = models.BigIntegerField(_("fingerprint"), unique=True)
    cut_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="cuts", editable=False)
    rule = models.ForeignKey("moderation.Rule", models.PROTECT, related_name="+", verbose_name=_("rule"))
    why = models.CharField(_("why"), max_length=WHY_MAX, blank=True)
    source = models.CharField(_("from"), max_length=SOURCE_MAX, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired"), null=True)

    objects = KnownPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("known picture")
        verbose_name_plural = _("known pictures")
        constraints = [
            models.CheckConstraint(
                condition=~Q(fingerprint=SAYS_NOTHING), name="known_picture_says_something"
            )
        ]
        indexes = indexes_of("fingerprint", "known_looks")

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """The fingerprint as lists of them have it: 16 digits."""
        return f"{self.fingerprint & (2**64 - 1):016x}"


class PictureMatch(models.Model):
    """That a photo looks like a known picture; each pair is found once. A photo that a person has looked at in the
    case, and let pass, is not held again.
    """

    photo = models.ForeignKey("notes.Photo", models.CASCADE, related_name="+")
    known = models.ForeignKey(KnownPicture, models.CASCADE, related_name="matches")
    case = models.ForeignKey("moderation.Case", models.CASCADE, related_name="matches")
    distance = models.PositiveSmallIntegerField(_("bits that differ"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [models.UniqueConstraint(fields=["photo", "known"], name="picture_match_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} · {self.known_id}"


class Finding(models.Model):
    """Why a program brought a case to the moderators: each kind once a case. `about`: the numbers of what it found."""

    class Kind(models.TextChoices):
        KNOWN = "known", _("A photo looks like a known picture")
        COPIES = "copies", _("Several accounts published the same within an hour")
        AI_LABEL = (
            "ai_label",
            _("The file of a photo says that it was made with AI, and the note says otherwise"),
        )

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=8, choices=Kind)
    rule = models.ForeignKey("moderation.Rule", models.PROTECT, null=True, related_name="+")
    about = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    over_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="finding_once_a_kind")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RecentWords(models.Model):
    """The hash of what a note published lately says, to find copies by; deleted after a day."""

    note = models.OneToOneField("notes.Note", models.CASCADE, primary_key=True, related_name="+")
    digest = models.BigIntegerField()
    published_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["digest", "published_at"], name="recent_words")]

    def __str__(self) -> str:
        return str(self.note_id)
