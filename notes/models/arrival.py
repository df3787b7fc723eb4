from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

WORDS_MAX = 60  # code points
ARRIVALS_MAX = 5  # different words by which one person is recorded to have come to one note


class Arrival(models.Model):
    """A signed-in person came to a note from a search: which words they had typed, and on which day first.

    Only the person themselves sees a row, in their archive. Authors see the words that brought many people
    (insights/actions/found_by.py). Rows are deleted after KEPT_DAYS (notes/readers/arrivals.py).
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    words = models.CharField(_("words"), max_length=WORDS_MAX)  # in normal form
    day = models.DateField(_("day"), db_index=True)

    class Meta:
        verbose_name = _("arrival from a search")
        verbose_name_plural = _("arrivals from searches")
        constraints = [models.UniqueConstraint(fields=["note", "person", "words"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.person_id} came to {self.note_id}"
