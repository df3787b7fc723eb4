from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.db.conditions import Asking

LIFE, ASIDE_LIFE = timedelta(hours=1), timedelta(days=1)


class ParkedFormQuerySet(models.QuerySet["ParkedForm"]):
    def live(self) -> Self:
        return self.filter(~self._over())

    def over(self) -> Self:
        """Filter expired rows."""
        return self.filter(self._over())

    @staticmethod
    def _over() -> models.Q:
        now = timezone.now()
        parked = models.Q(is_aside=False, created_at__lte=now - LIFE)
        return parked | models.Q(created_at__lte=now - ASIDE_LIFE)

    def of(self, browser: str, viewer: Asking) -> Self:
        """Filter forms that this browser sent for this account."""
        mine = models.Q(owner=None)
        if viewer.is_authenticated:
            mine |= models.Q(owner=viewer)
        return self.live().filter(mine, browser=browser)


class ParkedForm(models.Model):
    """The text of a form that could not be processed when it was sent, kept for an hour; or, with `is_aside`, of one
    that its person put aside, kept for a day: core/parked_forms.py.

    `browser` is the hash of the cookie of the browser that sent it; `owner` the account whose page it stood on, None
    if the browser had none. `words` is JSON: each field's name with its values, without secrets; `files` the names of
    the files that were chosen with it, one per line. With `is_press` it is a button that was pressed before signing
    in, and `path` the address it posts to.
    """

    name = models.CharField(max_length=32, unique=True)
    browser = models.CharField(max_length=64, db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    path = models.TextField()
    words = models.TextField()
    files = models.TextField(blank=True)
    is_aside = models.BooleanField(default=False, db_default=False)
    is_press = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ParkedFormQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.path} ({self.created_at:%H:%M})"
