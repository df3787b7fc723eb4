from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notes.models.arrival import WORDS_MAX


class FoundBy(models.Model):
    """Searched words that brought enough people to a note, or with `note` None to any of the creator's notes.

    The weekly job adds rows (insights/actions/found_by.py) and nothing takes them away while the note is there: words
    that disappeared would tell that people left or came no more.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    note = models.ForeignKey("notes.Note", models.CASCADE, null=True, related_name="+")
    words = models.CharField(_("words"), max_length=WORDS_MAX)

    class Meta:
        verbose_name = _("words that people searched for")
        verbose_name_plural = _("words that people searched for")
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "note", "words"], name="found_by_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.words} of {self.creator_id}"
