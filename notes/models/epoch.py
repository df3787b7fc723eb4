from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

KEPT = 2
STALE_AFTER = timedelta(hours=1)


class EpochQuerySet(models.QuerySet["Epoch"]):
    def kept(self) -> Self:
        """Return the epochs whose pages may still be read, newest first; none if no epoch was written for an hour."""
        return self.filter(made_at__gt=timezone.now() - STALE_AFTER).order_by("-made_at")[:KEPT]


class Epoch(models.Model):
    """A moment at which the candidates of Explore were chosen, with everything that orders them frozen."""

    made_at = models.DateTimeField(unique=True)
    unread_quality = models.FloatField()  # of a note without readers

    objects = EpochQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class EpochScope(models.Model):
    """The candidates of one list (all notes, a campus, a channel) as ranking.Candidate; never updated. `leans` has the
    leans of the notes that have one.
    """

    epoch = models.ForeignKey(Epoch, models.CASCADE, related_name="scopes", db_index=False)
    name = models.CharField(max_length=32)
    candidates = models.JSONField()
    leans = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["epoch", "name"], name="epoch_scope_once")]

    def __str__(self) -> str:
        return f"{self.name} in {self.epoch_id}"


class EpochInput(models.Model):
    """What an epoch was computed from, so that `manage.py prove` can compute it again: each considered note, newest
    first, as [note, readers, engaged, first topic or 0], without crowds (ranking.Read); and each curated channel,
    as [channel, tags]. Rows of transactions from `horizon` on may be younger than what was read.
    """

    epoch = models.OneToOneField(Epoch, models.CASCADE, primary_key=True, related_name="input")
    reads = models.JSONField()
    channels = models.JSONField()
    horizon = models.BigIntegerField()

    def __str__(self) -> str:
        return f"Input of {self.epoch_id}"
