"""What is recorded for creators beside the readers and days of notes (docs/insights.md).

No row here names anybody but the creator whose figure it is.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteHour(models.Model):
    """How often a note was opened in an hour of a day, 0 to 23, of the site's time zone.

    The hours of a day add up to what NoteDay.opened says of it over all sources.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="hours", db_index=False)
    day = models.DateField(_("day"))
    hour = models.PositiveSmallIntegerField(_("hour"))
    opened = models.PositiveIntegerField(_("opened"), default=0, db_default=0)

    class Meta:
        verbose_name = _("hour of a note")
        verbose_name_plural = _("hours of notes")
        constraints = [
            models.UniqueConstraint(fields=["note", "day", "hour"], name="note_hour_once"),
            models.CheckConstraint(condition=models.Q(hour__lt=24), name="note_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} on {self.day} at {self.hour}"


class ProfileDay(models.Model):
    """How many viewers opened a person's profile on a day: each once, visitors as far as a process could tell."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    visits = models.PositiveIntegerField(_("visits"), default=0, db_default=0)

    class Meta:
        verbose_name = _("day of a profile")
        verbose_name_plural = _("days of profiles")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="profile_day_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class FollowDay(models.Model):
    """How many followers a person won and lost on a day. Triggers keep it; over all days, won less lost is
    User.follower_count.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    won = models.PositiveIntegerField(_("won"), default=0, db_default=0)
    lost = models.PositiveIntegerField(_("lost"), default=0, db_default=0)

    class Meta:
        verbose_name = _("day of followers")
        verbose_name_plural = _("days of followers")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="follow_day_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}: {self.won} won, {self.lost} lost"


class NoteFollowDay(models.Model):
    """Of these, those who followed from the page of a note, by the day on which they did or ended it."""

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="follow_days", db_index=False)
    day = models.DateField(_("day"))
    won = models.PositiveIntegerField(_("won"), default=0, db_default=0)
    lost = models.PositiveIntegerField(_("lost"), default=0, db_default=0)

    class Meta:
        verbose_name = _("day of followers from a note")
        verbose_name_plural = _("days of followers from notes")
        constraints = [models.UniqueConstraint(fields=["note", "day"], name="note_follow_day_once")]

    def __str__(self) -> str:
        return f"{self.note_id} on {self.day}: {self.won} won, {self.lost} lost"


class Mark(models.Model):
    """A keyed hash by which a second look on the same day is told from the first, in whichever process it arrives.

    It leads to nobody without the secret key of the site, and goes when the day is over.
    """

    mark = models.BinaryField(max_length=16, primary_key=True)
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("mark of a day")
        verbose_name_plural = _("marks of a day")

    def __str__(self) -> str:
        return str(self.day)
