from datetime import timedelta
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


class AuditEntry(models.Model):
    """What was done as a moderator: one entry each, of which a trigger refuses change and deletion for five years.

    It names what it is about by kind and number, never a person, and holds no words that were typed: those stand in
    the decision or the case, and go with them. `actor` is None for a program, and once the account is deleted.
    """

    class Action(models.TextChoices):
        OPENED = "opened", _("Opened what is not public")
        VERSIONS = "versions", _("Read earlier versions")
        EVIDENCE = "evidence", _("Opened kept words or pictures")
        SEALED = "sealed", _("Opened a sealed case")
        UNSEALED = "unsealed", _("Lifted a seal")
        DECIDED = "decided", _("Decided")
        UNDONE = "undone", _("Took a decision back")
        ENDED = "ended", _("Ended by its date")
        APPEAL = "appeal", _("Answered an appeal")
        MERGED = "merged", _("Merged")
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        APPOINTED = "appointed", _("Appointed a moderator")
        DISMISSED = "dismissed", _("Dismissed a moderator")

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    # The key sets it to null in the database, when the account is really deleted and not before.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        editable=False,
        verbose_name=_("who"),
    )
    action = models.CharField(_("what was done"), max_length=32, editable=False)
    kind = models.CharField(_("kind"), max_length=64, blank=True, editable=False)
    number = models.BigIntegerField(_("number"), null=True, editable=False)
    case_number = models.BigIntegerField(_("case"), null=True, editable=False)
    decision_number = models.BigIntegerField(_("decision"), null=True, editable=False)
    words = models.CharField(_("more"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(
                fields=["case_number"], name="audit_of_case", condition=models.Q(case_number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.number or ''}".strip()

    @property
    def about(self) -> str:
        """Kind and number of what it is about, in words of pages."""
        if not self.kind:
            return "-"
        try:
            kind = apps.get_model(self.kind)._meta.verbose_name
        except LookupError:  # of a model that is no more
            kind = self.kind
        return f"{kind} {self.number}" if self.number else str(kind)


class HeldFolder(models.Model):
    """A folder of storage whose files are needed a while longer than the rows that name it: nothing deletes them
    meanwhile. `holder` says who needs it, and releases it.
    """

    path = models.CharField(max_length=64)  # as "photos/<folder>"
    holder = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path", "holder"], name="held_folder_once")]
        indexes = [models.Index(fields=["holder"], name="held_folder_by")]

    def __str__(self) -> str:
        return f"{self.path} ({self.holder})"
