from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from search.asked import QUERY_MAX

KEPT = 20  # searches of a person
FORGOTTEN = ""  # the words of a search that was forgotten, until the night


class RecentSearch(models.Model):
    """What a person searched for, shown to them alone. One row for the same words in normal form, as last typed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    words = models.CharField(_("words"), max_length=QUERY_MAX)
    digest = models.BinaryField(max_length=16)  # of the normal form, which may be longer
    searched_at = models.DateTimeField(_("searched"))

    class Meta:
        verbose_name = _("recent search")
        verbose_name_plural = _("recent searches")
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recent_search_once")]
        indexes = [models.Index(fields=["person", "-searched_at", "-id"], name="recent_search_latest")]

    def __str__(self) -> str:
        return f"{self.words} by {self.person_id}"


class RecentChoice(models.Model):
    """Whether a person's searches are kept, and when they last cleared them: what was searched before is not written
    any more. Most people have no row.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    is_kept = models.BooleanField(_("keeps recent searches"), default=True, db_default=True)
    cleared_at = models.DateTimeField(_("cleared"), null=True)

    class Meta:
        verbose_name = _("choice about recent searches")
        verbose_name_plural = _("choices about recent searches")

    def __str__(self) -> str:
        return f"{self.person_id}"
