from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HistoryEntry(models.Model):
    """A note that a person opened, in their reading history: one row per pair, with the last time.

    Only the person sees it, and no figure is made of it. An entry that they removed stays until the night, so
    that an opening of before that is still in a buffer does not bring it back (notes/reading_history/).
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    opened_at = models.DateTimeField(_("last opened"))
    removed_at = models.DateTimeField(_("removed"), null=True)

    class Meta:
        verbose_name = _("entry of a reading history")
        verbose_name_plural = _("entries of reading histories")
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="history_entry_once")]
        indexes = [models.Index(fields=["person", "-opened_at", "-id"], name="history_entry_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} last opened {self.note_id} at {self.opened_at}"


class ReadingHistory(models.Model):
    """What a person decided about their reading history. Without a row it is kept, and was never cleared."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    is_kept = models.BooleanField(_("kept"), default=True, db_default=True)
    # When it was last turned on again: what was opened before and is not written yet never is.
    kept_since = models.DateTimeField(_("kept since"), null=True)
    # Openings up to this moment do not appear, even those that are written later.
    cleared_at = models.DateTimeField(_("cleared"), null=True)

    class Meta:
        verbose_name = _("reading history")
        verbose_name_plural = _("reading histories")

    def __str__(self) -> str:
        return f"{self.person_id} keeps a reading history" if self.is_kept else f"{self.person_id} keeps none"
