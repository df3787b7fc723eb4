from django.db import models
from django.utils.translation import gettext_lazy as _


class Commenters(models.TextChoices):
    """Who may comment on a note."""

    EVERYONE = "everyone", _("Everyone")
    FOLLOWERS = "followers", _("Followers")
    NOBODY = "nobody", _("No one")
