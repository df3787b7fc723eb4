from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigestConfig(AppConfig):
    name = "notifications.digest"
    label = "digests"
    verbose_name = _("Daily digests")
