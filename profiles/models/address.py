from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WAY_BACK = timedelta(days=7)


class PreviousAddressQuerySet(models.QuerySet["PreviousAddress"]):
    def restorable(self) -> models.QuerySet["PreviousAddress"]:
        return self.filter(replaced_at__gt=timezone.now() - WAY_BACK)


class PreviousAddress(models.Model):
    """A confirmed address that a person replaced. A mailed link restores it for a week; then the row is deleted."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="previous_addresses", verbose_name=_("person")
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    replaced_by = models.EmailField(_("replaced by"), max_length=254)
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now, db_index=True)

    objects = PreviousAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("previous address")
        verbose_name_plural = _("previous addresses")

    def __str__(self) -> str:
        return f"{self.pk} of {self.person_id}"
