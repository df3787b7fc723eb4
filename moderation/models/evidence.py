"""What was reported as it was then, kept apart from what became of it, and the seal on a case."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import random_folder
from moderation.models.appeal import Appeal

KEEP = timedelta(days=30)  # after a case and its appeals ended
KEEP_SEALED = timedelta(days=365)  # what authorities were told of has to be there when they ask


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def over(self) -> Self:
        """Filter what is kept no longer: its case is closed, no appeal is open, and both for long enough."""
        sealed = Q(Exists(Seal.objects.in_force().filter(case=OuterRef("case"))))
        return self.filter(_ended(KEEP) & ~sealed | _ended(KEEP_SEALED))

    def uncopied(self) -> Self:
        """Filter what has pictures that are not copied yet."""
        return self.filter(copied_at__isnull=True)


def _ended(ago: timedelta) -> Q:
    before = timezone.now() - ago
    appeals = Appeal.objects.filter(decision__case=OuterRef("case"))
    live = appeals.filter(Q(decided_at__isnull=True) | Q(decided_at__gt=before))
    return Q(case__closed_at__lte=before) & ~Q(Exists(live))


class Evidence(models.Model):
    """Words and pictures of what a case is about, as they were at a report. Each distinct version once a case.

    Nobody's column: whose it is, the case knows, until the account is deleted. `pictures` are JSON (`Picture`); their
    copies are in storage under `evidence/<folder>/`, made by a job, which sets `copied_at`.
    """

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="evidence")
    report = models.ForeignKey("moderation.Report", models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    words = models.JSONField(default=dict)
    pictures = models.JSONField(default=list)
    folder = models.CharField(max_length=32, default=random_folder)
    taken_at = models.DateTimeField(_("as it was"), default=timezone.now)
    copied_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept copy")
        verbose_name_plural = _("kept copies")
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="evidence_once_a_version")]
        indexes = [
            models.Index(fields=["folder"], name="evidence_of_folder"),
            models.Index(fields=["taken_at"], name="evidence_uncopied", condition=Q(copied_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def storage_folder(self) -> str:
        return f"evidence/{self.folder}"

    @property
    def holder(self) -> str:
        """The name under which it holds the folders that its pictures are copied from."""
        return f"evidence:{self.pk}"

    def path(self, number: int) -> str:
        """Return the storage path of the copy of its picture of this number, from 0 on."""
        return f"{self.storage_folder}/{number}.jpg"

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Its pictures with their numbers, for pages."""
        return [{"number": number, **picture} for number, picture in enumerate(self.pictures)]


class SealQuerySet(models.QuerySet["Seal"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at__isnull=True)


class Seal(models.Model):
    """That a case is for two named roles alone, and in no archive: suspected sexual abuse of children."""

    case = models.OneToOneField(
        "moderation.Case", models.PROTECT, primary_key=True, related_name="seal", verbose_name=_("case")
    )
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    lifted_at = models.DateTimeField(_("seal lifted"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("lifted by")
    )

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return str(self.case_id)
