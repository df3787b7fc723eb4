"""A creator's readers, as shares of batches of people (docs/insights.md)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Table(models.TextChoices):
    """The attribute that divides readers. The first side of a batch is high school, or the creator's campus."""

    STAGE = "stage", _("High school or not")
    CAMPUS = "campus", _("My campus or another")


# At least so many people are on each side of a closed batch, and by as many at least no number of them is known. For
# each batch a number from the first up to the second is drawn.
FLOORS = {Table.STAGE: (20, 30), Table.CAMPUS: (10, 15)}


class Batch(models.Model):
    """A batch of a creator's readers who are counted together.

    While open, it holds only a random number: how many people each side needs. Once closed, it holds how many were on
    each side and the share that was shown then, and never changes.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=6, choices=Table)
    needed = models.PositiveSmallIntegerField()
    # Of the table of campuses: the creator's as it closed.
    campus = models.ForeignKey("profiles.Campus", models.SET_NULL, null=True, related_name="+")
    first = models.PositiveIntegerField(null=True)
    second = models.PositiveIntegerField(null=True)
    tenths = models.PositiveSmallIntegerField(null=True)  # of all closed batches, this one included

    class Meta:
        verbose_name = _("batch of readers")
        verbose_name_plural = _("batches of readers")
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "table"],
                condition=models.Q(first__isnull=True),
                name="batch_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(first__isnull=True, second__isnull=True, tenths__isnull=True)
                | models.Q(
                    first__gte=models.F("needed"), second__gte=models.F("needed"), tenths__range=(0, 10)
                ),
                name="batch_large_enough",
            ),
        ]
        indexes = [models.Index(fields=["creator", "table", "id"], name="batch_history")]

    def __str__(self) -> str:
        return f"{self.table} of {self.creator_id}"


class Entered(models.Model):
    """A reader who was counted in a closed batch of a creator and is never counted again.

    It stores neither the batch, nor the time, nor the side. Rows have no id, which would reveal their order.
    """

    pk = models.CompositePrimaryKey("creator_id", "table", "reader_id")
    # The weekly job, which alone adds rows, holds the creator: PostgreSQL would look at that one row once for each of a
    # million readers, through all that followers have made of it meanwhile.
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    table = models.CharField(max_length=6, choices=Table)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reader who was counted")
        verbose_name_plural = _("readers who were counted")

    def __str__(self) -> str:
        return f"{self.reader_id} in {self.table} of {self.creator_id}"


class WeekDone(models.Model):
    """The Sunday up to which a creator's weeks (batches and words) are closed."""

    creator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    last = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("creator whose weeks are closed")
        verbose_name_plural = _("creators whose weeks are closed")

    def __str__(self) -> str:
        return f"{self.creator_id} up to {self.last}"
