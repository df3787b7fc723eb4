from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.report import Report
from moderation.models.rule import Severity


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def in_order(self) -> Self:
        """Return cases as the queue lists them: the most urgent first."""
        return self.order_by("-urgency", "-pk")

    def marking_held(self) -> Self:
        """Mark those whose note is held for review, as `is_held`."""
        holds = self.model._meta.apps.get_model("moderation", "Decision")._default_manager.in_force().holds()
        return self.annotate(is_held=Exists(holds.filter(case=OuterRef("pk"))))

    def lock(self) -> None:
        """Lock these cases until the transaction ends, in order of id: before their reports, after their targets."""
        chosen = self.model._default_manager.filter(pk__in=self.values("pk")).order_by("pk")
        list(chosen.select_for_update(no_key=True).values_list("pk"))

    def with_targets(self) -> Self:
        """Fetch what each case is about, in the same query."""
        owners = ("note__author", "comment__author", "collection__owner", "series__author")
        return self.select_related(*TARGETS, "subject", "opened_by", *owners)


class Case(models.Model):
    """All that is reported of one target until it is decided: one open case a target, however many report it.

    The case stays when its target is deleted: `kind` and `number` still name it. Who decides says which `version` of
    the case they saw: each decision, undoing and expiry makes the next one, and so does a report that makes the case
    graver.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        PHOTO = "photo", _("Photo")
        COMMENT = "comment", _("Comment")
        PERSON = "person", _("Person")
        LABEL = "label", _("Label")
        TAG = "tag", _("Tag")
        CAMPUS = "campus", _("Campus")
        COLLECTION = "collection", _("Collection")
        SERIES = "series", _("Series")

    kind = models.CharField(_("about"), max_length=10, choices=Kind)
    number = models.BigIntegerField(_("number"))
    note = models.ForeignKey("notes.Note", models.SET_NULL, null=True, related_name="cases")
    photo = models.ForeignKey("notes.Photo", models.SET_NULL, null=True, related_name="cases")
    comment = models.ForeignKey("notes.Comment", models.SET_NULL, null=True, related_name="cases")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="cases")
    label = models.ForeignKey("profiles.Label", models.SET_NULL, null=True, related_name="cases")
    tag = models.ForeignKey("taggit.Tag", models.SET_NULL, null=True, related_name="cases")
    campus = models.ForeignKey("profiles.Campus", models.SET_NULL, null=True, related_name="cases")
    collection = models.ForeignKey("notes.Collection", models.SET_NULL, null=True, related_name="cases")
    series = models.ForeignKey("notes.Series", models.SET_NULL, null=True, related_name="cases")
    # Who made what is reported: null for names that nobody owns, and once the account is deleted.
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="cases_of_theirs",
        verbose_name=_("author"),
    )

    # The gravest of the reasons it was reported for, and how grave that is.
    reason = models.CharField(_("what is wrong"), max_length=11, choices=Report.Reason, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, default=Severity.LOW)
    is_young = models.BooleanField(_("high school"), default=False)
    report_count = models.PositiveIntegerField(_("reports"), default=0)
    reporter_count = models.PositiveIntegerField(_("people"), default=0)
    weight = models.FloatField(_("weight"), default=0)
    urgency = models.FloatField(_("urgency"), default=0)

    # Whether it was opened beside a sealed case of the same target, for moderators who know nothing of that.
    is_second = models.BooleanField(default=False, db_default=False, editable=False)

    version = models.PositiveIntegerField(default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "is_second"],
                condition=Q(closed_at__isnull=True),
                name="case_open_once_beside",
            ),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="case_severity_of_four"),
        ]
        indexes = [
            models.Index(fields=["-urgency", "-id"], name="case_queue", condition=Q(closed_at__isnull=True)),
            *(
                models.Index(
                    fields=[filtered, "-urgency", "-id"],
                    name=f"case_queue_of_{filtered}",
                    condition=Q(closed_at__isnull=True),
                )
                for filtered in ("severity", "kind", "reason")
            ),
            models.Index(fields=["kind", "number", "-id"], name="case_of_target"),
            models.Index(fields=["-closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        """Name the target by kind and number, for people who may not read its text."""
        return f"{self.get_kind_display()} {self.number}"

    @property
    def looked_at_by(self) -> Any:
        """The moderator who has opened the case lately; None if nobody has."""
        return (
            self.opened_by if self.is_opened_lately and self.opened_by and self.opened_by.is_staff else None
        )

    @property
    def is_opened_lately(self) -> bool:
        return self.opened_at is not None and timezone.now() < self.opened_at + LOOKED_AT_FOR

    @property
    def is_there(self) -> bool:
        """Whether what it is about has not been deleted."""
        return getattr(self, f"{self.kind}_id") is not None

    @property
    def rule_slug(self) -> str:
        """The rule that it was reported for: that of the reason's name, or the last one where no rule is named."""
        return str(Report.Reason.OTHER if self.reason == Report.Reason.RULE else self.reason)

    @property
    def target(self) -> Any:
        """What the case is about; None once it is deleted."""
        return getattr(self, self.kind)


TARGETS = tuple(Case.Kind.values)
LOOKED_AT_FOR = timedelta(minutes=10)
