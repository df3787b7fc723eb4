import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from notes.models import Collection, Comment, Note, Photo, Series
from profiles.models import Label

DETAILS_MAX = 500
# What reports name by their case alone, without a column of their own.
NAMED = ("photo", "label", "collection", "series")


def text_of(target: Any) -> str:
    """Return the words that a report is about, of whatever kind."""
    match target:
        case Note():
            return f"{target.title}\n\n{target.body}".strip()
        case Comment():
            return target.body
        case Label():
            return target.wording
        case Collection():
            return f"{target.name}\n\n{target.description}".strip()
        case Series():
            return target.name
        case Photo():
            return target.alt
        case _:
            return f"{target.name}\n\n{target.bio}".strip()


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Report(models.Model):
    """A report that a note, a comment or a person breaks a rule. It joins the open case of its target.

    The same person may report the same target for another reason or with other details; the same reason and details
    are open only once. A report of a comment refers to its note too. While it is open, moderators may read that note
    whatever its visibility: triggers keep `Note.open_report_count`. Lock the note before its reports change, as for
    its other counters.
    """

    class Reason(models.TextChoices):
        HARASSMENT = "harassment", _("Harassment, hate or threats")
        SEXUAL = "sexual", _("Sexual content")
        CHILD_ABUSE = "child_abuse", _("Sexual content with someone under 18")
        SELF_HARM = "self_harm", _("Self-harm or suicide")
        DANGER = "danger", _("Someone may be in danger")
        PRIVATE = "private", _("Someone’s private information")
        UNDISCLOSED = "undisclosed", _("An ad that doesn’t say it is one")
        ADVERTISING = "advertising", _("Spam or a scam")
        COPIED = "copied", _("Copied from someone else")
        RULE = "rule", _("Another rule is broken")
        OTHER = "other", _("Something else")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    note = models.ForeignKey(
        "notes.Note", models.SET_NULL, null=True, related_name="reports", verbose_name=_("note")
    )
    comment = models.ForeignKey(
        "notes.Comment", models.SET_NULL, null=True, related_name="reports", verbose_name=_("comment")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="reports",
        verbose_name=_("person"),
    )
    reason = models.CharField(_("what is wrong"), max_length=11, choices=Reason)
    details = models.TextField(_("details"), blank=True)
    # What was reported as it read then: it can be edited afterwards. Emptied by a trigger when the comment is deleted.
    reported_text = models.TextField(
        _("text when it was reported"), blank=True, default="", db_default="", editable=False
    )
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("closed by"),
    )
    closed_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    case = models.ForeignKey(
        "moderation.Case",
        models.PROTECT,
        null=True,
        related_name="reports",
        db_index=False,
        editable=False,
        verbose_name=_("case"),
    )
    # How much the reporter counted when they reported, and whether the account was too new to count by itself
    # (moderation/cases/weight.py).
    trust = models.FloatField(default=0.5, db_default=0.5, editable=False)
    is_fresh = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether something was done about it; null while that is open, or where it says nothing about the reporter.
    was_right = models.BooleanField(null=True, editable=False)
    # Whether its case is sealed: then it opens its note to nobody (moderation/sealing/).
    is_sealed = models.BooleanField(default=False, db_default=False, editable=False)
    # When its reporter was told what was decided.
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["reporter", "key"], name="report_key_once"),
            models.UniqueConstraint(
                "reporter",
                "note",
                "reason",
                MD5("details"),
                condition=Q(closed_at__isnull=True, comment__isnull=True),
                name="report_open_of_note_in_words",
            ),
            models.UniqueConstraint(
                "reporter",
                "comment",
                "reason",
                MD5("details"),
                condition=Q(closed_at__isnull=True),
                name="report_open_of_comment_in_words",
            ),
            models.UniqueConstraint(
                "reporter",
                "person",
                "reason",
                MD5("details"),
                condition=Q(closed_at__isnull=True),
                name="report_open_of_person_in_words",
            ),
            # Of none once it is deleted.
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(note__isnull=True, comment__isnull=True),
                name="report_of_one_thing_at_most",
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="report_of_case")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.about}"

    def get_absolute_url(self) -> str:
        return str(self.target.get_absolute_url()) if self.target else ""

    @property
    def target(self) -> Any:
        """What is reported; None once it is deleted."""
        return self.comment or self.note or self.person or self._named

    @property
    def _named(self) -> Any:
        """The photo, label, collection or series that the report names by its case alone."""
        return self.case.target if self.case and self.case.kind in NAMED else None

    @property
    def text(self) -> str:
        """What the target reads now, in the form of `reported_text`."""
        return text_of(self.target) if self.target else ""

    @property
    def about(self) -> str:
        """The target by type and number, for people who may not read its text."""
        if self.target is None:
            return str(self.case) if self.case else "-"
        return str(self.person) if self.person else f"{self.target._meta.verbose_name} {self.target.pk}"
