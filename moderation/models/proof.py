from typing import Self

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _


class ProofQuerySet(models.QuerySet["Proof"]):
    def latest_first(self) -> Self:
        return self.order_by("-began_at", "-pk")


class Proof(models.Model):
    """What `manage.py prove` found when everything that lowers a note or person was computed again: how much was
    compared, and how often what the site shows or stores differed without a row that explains it.
    """

    began_at = models.DateTimeField(_("began"))
    seconds = models.FloatField(_("seconds"))
    # Whether all was compared; else a sample, another one each day.
    is_whole = models.BooleanField(_("all of it"))
    lists = models.PositiveIntegerField(_("lists"))
    places = models.PositiveBigIntegerField(_("places in lists"))
    rows = models.PositiveBigIntegerField(_("rows"))
    differences = models.PositiveIntegerField(_("differences"))

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        indexes = [models.Index(fields=["-began_at", "-id"], name="proof_latest")]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}: {self.differences}"

    @property
    def places_shown(self) -> str:
        return number_format(self.places, use_l10n=True, force_grouping=True)

    @property
    def lists_shown(self) -> str:
        return number_format(self.lists, use_l10n=True, force_grouping=True)
