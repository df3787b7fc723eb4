from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Hideable(models.Model):
    """A row that moderators can hide with a reason, and restore. Hiding changes nothing else of the row."""

    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("hidden by"),
    )
    hidden_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
