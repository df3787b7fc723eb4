from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

KEEP = timedelta(days=1)


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def being_made(self) -> Self:
        return self.filter(state=Archive.State.ASKED)

    def ready(self) -> Self:
        """Filter archives that can be downloaded now."""
        return self.filter(state=Archive.State.READY, ready_at__gt=timezone.now() - KEEP)


class Archive(models.Model):
    """A requested archive of a person's data: `archives/<name>.zip` in storage, available for a day."""

    class State(models.TextChoices):
        ASKED = "asked"
        READY = "ready"
        FAILED = "failed"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="archives")
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    name = models.CharField(max_length=32, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="archive_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["name"], condition=~Q(name=""), name="archive_name_once"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(ready_at__isnull=False) & ~Q(name="")),
                name="archive_ready_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def path(self) -> str:
        return f"archives/{self.name}.zip"

    @property
    def ends_at(self) -> datetime | None:
        return self.ready_at + KEEP if self.ready_at else None
