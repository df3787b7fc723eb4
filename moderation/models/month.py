from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MonthFigures(models.Model):
    """What was reported, decided and appealed in a month that is over (moderation/transparency/counting.py).

    The figures are exact. What may be shown of them, moderation/transparency/disclosure.py decides.
    """

    month = models.DateField(_("month"), primary_key=True)  # its first day
    figures = models.JSONField(_("figures"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
