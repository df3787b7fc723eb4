from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

APPEAL_MAX = 1000


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        return self.filter(decided_at__isnull=True)


class Appeal(models.Model):
    """What the subject of a decision says against it, once, and what a moderator answered. A hidden tag, label or
    campus is nobody's: one of those who use it appeals for all, the `author`.
    """

    decision = models.OneToOneField(
        "moderation.Decision", models.PROTECT, related_name="appeal", verbose_name=_("decision")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("author"),
    )
    text = models.TextField(_("appeal"))
    created_at = models.DateTimeField(_("appealed"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    granted = models.BooleanField(_("granted"), null=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="appeal_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="appeal_open", condition=Q(decided_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.decision_id)
