from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """The ladder of decisions, the mildest first."""

    NONE = "none", _("No action")
    NOTE = "note", _("A word to the author")
    WARNING = "warning", _("A warning on the note")
    HIDE = "hide", _("Hide")
    LIMIT = "limit", _("Limit the account for a time")
    SUSPEND = "suspend", _("Suspend the account")


class Limit(models.TextChoices):
    """What an account may not do for a time."""

    POSTING = "posting", _("Publishing notes")
    COMMENTING = "commenting", _("Commenting")
    FOLLOWING = "following", _("Following people")
