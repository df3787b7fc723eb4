from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """The kind of page a reader came to a note from."""

    EXPLORE = "explore", _("Explore")
    FOLLOWING = "following", _("Following")
    TAG = "tag", _("A tag")
    LABEL = "label", _("A label")
    CAMPUS = "campus", _("A campus")
    PROFILE = "profile", _("A profile")
    NOTE = "note", _("Another note")
    SEARCH = "search", _("Search")
    SAVED = "saved", _("Saved")
    ELSEWHERE = "elsewhere", _("Elsewhere")


class NoteReader(models.Model):
    """A signed-in person's first opening of a note: one row per pair, never its author or staff.

    Rows with `is_counted` False enter no figure until their person has a confirmed address and an account older than a
    day; a trigger sets it on insert, `count_due` later.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="readers", db_index=False)
    # None once the account is deleted: the anonymous count stays.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    first_seen_day = models.DateField(_("first seen"))
    source = models.CharField(_("came from"), max_length=9, choices=Source)
    engaged_day = models.DateField(_("engaged"), null=True, blank=True)
    # Whether they ever engaged: set by a trigger and never reset.
    ever_engaged = models.BooleanField(
        _("engaged at some time"), default=False, db_default=False, editable=False
    )
    # Of these, who saved it and who commented, in the same way.
    ever_saved = models.BooleanField(_("saved at some time"), default=False, db_default=False, editable=False)
    ever_commented = models.BooleanField(
        _("commented at some time"), default=False, db_default=False, editable=False
    )
    is_counted = models.BooleanField(default=False, db_default=False, editable=False)
    # The furthest photo they saw, from 1; None where it was not measured, as without scripts.
    reached = models.PositiveSmallIntegerField(_("furthest photo"), null=True, blank=True)
    # In place of the person, once their account is deleted: the same negative random number in all their rows of one
    # author's notes, so that the number of this author's readers stays.
    departed = models.BigIntegerField(null=True, editable=False)
    # The same for readers of the note who share a network: notes/readers/networks.py.
    network = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("reader of a note")
        verbose_name_plural = _("readers of notes")
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="reader_once")]
        indexes = [
            models.Index(
                fields=["note", "network"],
                name="reader_network",
                condition=models.Q(network__isnull=False, is_counted=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has read {self.note_id}"


# Tells the readers of one author's notes apart, those whose account is deleted too.
READER = Coalesce("person_id", "departed", -models.F("id"), output_field=models.BigIntegerField())


class NetworkKey(models.Model):
    """The key that the networks of a week's notes are hashed with, until it is deleted (notes/readers/networks.py)."""

    week = models.DateField(primary_key=True)
    key = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.week}"


class NoteDay(models.Model):
    """Figures of a note for one day and source, so that days and sources add up.

    `new_readers` and `new_engaged` count NoteReader rows by their days. `ever_engaged`, `ever_saved` and
    `ever_commented` count those of the new readers who ever did so, on whatever day; triggers maintain them. `visits`
    are openings without sign-in, once a day per visitor as far as a process can tell; they enter no rate and no
    ranking. `shown` counts pages with the note's card; `opened` the viewers who then opened it, once a day each. The
    days of these two are those on which it happened. See docs/insights.md.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="days", db_index=False)
    day = models.DateField(_("day"))
    source = models.CharField(_("came from"), max_length=9, choices=Source)
    new_readers = models.PositiveIntegerField(_("new readers"), default=0, db_default=0)
    new_engaged = models.PositiveIntegerField(_("new engaged readers"), default=0, db_default=0)
    ever_engaged = models.PositiveIntegerField(
        _("readers of the day who ever engaged"), default=0, db_default=0
    )
    ever_saved = models.PositiveIntegerField(_("readers of the day who ever saved"), default=0, db_default=0)
    ever_commented = models.PositiveIntegerField(
        _("readers of the day who ever commented"), default=0, db_default=0
    )
    visits = models.PositiveIntegerField(_("visits"), default=0, db_default=0)
    shown = models.PositiveIntegerField(_("shown"), default=0, db_default=0)
    opened = models.PositiveIntegerField(_("opened"), default=0, db_default=0)

    class Meta:
        verbose_name = _("day of a note")
        verbose_name_plural = _("days of notes")
        constraints = [models.UniqueConstraint(fields=["note", "day", "source"], name="note_day_once")]

    def __str__(self) -> str:
        return f"{self.note_id} on {self.day} from {self.source}"


class Measured(models.Model):
    """The first day on which something was recorded: from then on, a missing figure means zero."""

    class Kind(models.TextChoices):
        READERS = "readers", _("Readers")
        ENGAGED = "engaged", _("Readers who answered, by the day of their first opening")
        ANSWERS = "answers", _("Readers who saved or commented")
        SHOWN = "shown", _("Shown")
        OPENED = "opened", _("Opened")
        HOURS = "hours", _("Hours of reading")
        REACHED = "reached", _("Photos reached")
        VISITS = "visits", _("Profile visits")
        WON = "won", _("Followers won")
        LOST = "lost", _("Followers lost")

    kind = models.CharField(max_length=8, choices=Kind, primary_key=True)
    since = models.DateField(_("measured since"))

    class Meta:
        verbose_name = _("beginning of a measurement")
        verbose_name_plural = _("beginnings of measurements")

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"
