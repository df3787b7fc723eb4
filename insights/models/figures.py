"""Figures recorded for creators, beside the readers and days of notes (docs/insights.md)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from insights.reports import Period


class NoteHour(models.Model):
    """Openings of a note in an hour of a day, 0 to 23, in the site's time zone.

    The hours of a day add up to NoteDay.opened over all sources.
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
    """Viewers who opened a profile on a day: each once; visitors as far as a process can tell them apart."""

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
    """Followers won and lost by a person on a day. Triggers keep it; over all days, won less lost is
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
    """Followers won and lost from the page of a note, by the day of the follow or unfollow."""

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
    """A keyed hash that tells a second look on the same day from the first, whichever process it arrives at.

    It identifies no person without the site's secret key, and is deleted after the day.
    """

    mark = models.BinaryField(max_length=16, primary_key=True)
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("mark of a day")
        verbose_name_plural = _("marks of a day")

    def __str__(self) -> str:
        return str(self.day)


# The rows below are sums of the rows above and of notes' readers and days, made anew by insights/actions/summing.py:
# nothing is ever added to one. A period's days end with Summed.last.


class Summed(models.Model):
    """The day up to which a person's rows are summed. `signature` changes with these rows.

    `weeks` holds [readers, engaged] of each of the latest weeks, the newest first.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    last = models.DateField(_("last day"))
    signature = models.BigIntegerField()
    weeks = models.JSONField(default=list)

    class Meta:
        verbose_name = _("person whose rows are summed")
        verbose_name_plural = _("people whose rows are summed")

    def __str__(self) -> str:
        return f"{self.person_id} up to {self.last}"


class PersonSum(models.Model):
    """Sums of a person's notes, profile and followers in a period.

    `readings` and `engaged` add up the readers of each note, `readers` are different people. `weight` adds up the
    weights of the notes published in the period. Of the readings V and engaged E of each note, `vv`, `ve` and `ee` add
    up the products; `median` is the median of V. `groups` holds [notes, V, E] of each group of a comparison.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=3, choices=Period)
    notes = models.PositiveIntegerField(default=0)
    weight = models.FloatField(default=0)
    first = models.DateField(null=True)  # of the first note
    read_notes = models.PositiveIntegerField(default=0)
    readers = models.PositiveIntegerField(default=0)
    readings = models.PositiveIntegerField(default=0)
    engaged = models.PositiveIntegerField(default=0)
    vv = models.FloatField(default=0)
    ve = models.FloatField(default=0)
    ee = models.FloatField(default=0)
    median = models.PositiveIntegerField(default=0)
    groups = models.JSONField(default=dict)
    shown = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    profile_visits = models.PositiveIntegerField(default=0)
    won = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sums of a person")
        verbose_name_plural = _("sums of people")
        constraints = [models.UniqueConstraint(fields=["person", "period"], name="person_sum_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.period}"


class TopicSum(models.Model):
    """Sums of a person's notes with a topic in a period.

    A note with k topics enters `weight`, `x_readings` and `x_engaged` by 1/k, `xx_readings` and `xx_vv`, the sums of V
    and V², by 1/k², and the others whole. `asked` are comments that ask, the newest first, by `askers` people.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=3, choices=Period)
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, related_name="+")
    notes = models.PositiveIntegerField(default=0)
    weight = models.FloatField(default=0)
    read_notes = models.PositiveIntegerField(default=0)
    readers = models.PositiveIntegerField(default=0)
    readings = models.PositiveIntegerField(default=0)
    engaged = models.PositiveIntegerField(default=0)
    vv = models.FloatField(default=0)
    x_readings = models.FloatField(default=0)
    x_engaged = models.FloatField(default=0)
    xx_readings = models.FloatField(default=0)
    xx_vv = models.FloatField(default=0)
    askers = models.PositiveIntegerField(default=0)
    asked = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("sums of a topic")
        verbose_name_plural = _("sums of topics")
        constraints = [models.UniqueConstraint(fields=["person", "period", "tag"], name="topic_sum_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} of {self.person_id} in {self.period}"


class ChapterSum(models.Model):
    """Sums of the notes published under a positioning, over all time."""

    positioning = models.OneToOneField(
        "profiles.Positioning", models.CASCADE, primary_key=True, related_name="+"
    )
    notes = models.PositiveIntegerField(default=0)
    readers = models.PositiveIntegerField(default=0)
    readings = models.PositiveIntegerField(default=0)
    engaged = models.PositiveIntegerField(default=0)
    won = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sums of a chapter")
        verbose_name_plural = _("sums of chapters")

    def __str__(self) -> str:
        return str(self.positioning_id)


class NoteSum(models.Model):
    """Sums of a note in a period; no row if nothing happened. `sources` counts readers by where they came from,
    `reached` readers by the furthest photo, if known.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=3, choices=Period)
    shown = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    readers = models.PositiveIntegerField(default=0)
    engaged = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=0)
    commented = models.PositiveIntegerField(default=0)
    won = models.PositiveIntegerField(default=0)
    sources = models.JSONField(default=dict)
    reached = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("sums of a note")
        verbose_name_plural = _("sums of notes")
        constraints = [models.UniqueConstraint(fields=["note", "period"], name="note_sum_once")]

    def __str__(self) -> str:
        return f"{self.note_id} in {self.period}"
