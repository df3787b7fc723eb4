from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models.step import Limit, Step
from notes.models import Note

__all__ = ["FACTS_MAX", "LASTING", "Decision", "Limit", "Step"]

FACTS_MAX = 1000
# Steps that hold until they end or are undone; the others are said once.
LASTING = [Step.WARNING, Step.HIDE, Step.LIMIT, Step.SUSPEND]

HOLD = Q(step=Step.HIDE, by_program=True)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> Self:
        """Return decisions that neither were undone nor have ended."""
        return self.filter(undone_at__isnull=True, ended_at__isnull=True)

    def holds(self) -> Self:
        """Return decisions of a program that hide a note until a person has decided about it."""
        return self.filter(HOLD)

    def final(self) -> Self:
        """Return decisions other than holds."""
        return self.exclude(HOLD)

    def strikes(self) -> Self:
        """Return decisions that count against their subject now."""
        return self.filter(undone_at__isnull=True, strike_until__gt=timezone.now())


class Decision(models.Model):
    """What was decided about a case, for which rule and why. Rows are only added; ending and undoing mark them."""

    case = models.ForeignKey(
        "moderation.Case", models.PROTECT, related_name="decisions", verbose_name=_("case")
    )
    rule = models.ForeignKey(
        "moderation.Rule",
        models.PROTECT,
        null=True,
        related_name="decisions",
        db_index=False,
        verbose_name=_("rule"),
    )
    step = models.CharField(_("decision"), max_length=8, choices=Step)
    limits = ArrayField(
        models.CharField(max_length=10, choices=Limit), default=list, verbose_name=_("limits")
    )
    warning = models.CharField(_("warning"), max_length=10, choices=Note.Warning, blank=True)
    facts = models.TextField(_("facts"), blank=True)
    by_program = models.BooleanField(_("by a program"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="decisions_made",
        verbose_name=_("decided by"),
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="decisions",
        db_index=False,
        verbose_name=_("author"),
    )
    version = models.PositiveIntegerField()  # of the case, that it made
    created_at = models.DateTimeField(_("decided"), default=timezone.now, editable=False)
    # Until when it holds, null for good; when it ended by itself.
    ends_at = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_reason = models.TextField(_("reason"), blank=True)
    strike_until = models.DateTimeField(_("strike until"), null=True)
    told_at = models.DateTimeField(_("told"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(undone_at__isnull=True, ended_at__isnull=True, step__in=[*LASTING]),
                name="decision_in_force_once",
            ),
            models.CheckConstraint(
                condition=~Q(step=Step.LIMIT) | Q(ends_at__isnull=False, limits__len__gt=0),
                name="decision_limits_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-id"], name="decision_of_subject"),
            models.Index(fields=["rule", "-id"], name="decision_of_rule"),
            models.Index(
                fields=["ends_at"],
                name="decision_that_ends",
                condition=Q(ends_at__isnull=False, ended_at__isnull=True, undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.case_id}"

    def get_absolute_url(self) -> str:
        return f"/decisions/{self.pk}/"

    @property
    def is_hold(self) -> bool:
        """Whether a program hid the note until a person decides: a hold leaves its case open."""
        return self.by_program and self.step == Step.HIDE

    @property
    def is_over_hold(self) -> bool:
        return self.is_hold and self.ended_at is not None

    @property
    def label(self) -> str:
        """The step, as moderators read it."""
        return gettext("Held for review") if self.is_hold else str(Step(self.step).label)

    @property
    def is_in_force(self) -> bool:
        return self.undone_at is None and self.ended_at is None
