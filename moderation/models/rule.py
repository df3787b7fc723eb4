from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moderation.models.step import Step


class Severity(models.IntegerChoices):
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    DANGER = 4, _("Danger")


class RuleQuerySet(models.QuerySet["Rule"]):
    def in_force(self) -> Self:
        """Return the rules that decisions may name, in their order."""
        return self.filter(retired_at__isnull=True).order_by("order", "pk")


class Rule(models.Model):
    """A rule of the community, in both languages.

    The slug is that of the reason for which people report what breaks it (`Report.Reason`). A rule that a decision
    names cannot be deleted: it is retired.
    """

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    text_en = models.TextField(_("text in English"))
    text_zh = models.TextField(_("text in Chinese"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    usual_step = models.CharField(_("usual decision"), max_length=8, choices=Step)
    # For how many days a decision that names the rule counts as a strike; 0 is none.
    strike_days = models.PositiveSmallIntegerField(_("strike lasts (days)"), default=0)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="rule_severity_of_four"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if _is_chinese() else self.name_en

    @property
    def text(self) -> str:
        return self.text_zh if _is_chinese() else self.text_en


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
