"""Notes that people want to see less like: "Less like this"."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db.conditions import Condition
from profiles.models import Viewer


class Less(models.Model):
    """A person asked for less like a note: lists of many people's notes leave it out, and where they rank, notes with
    its topics or by its author come later (notes/explore/less.py). Only they see it, and no figure is made of it.
    """

    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("less like this")
        verbose_name_plural = _("less like this")
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="less_once")]
        indexes = [models.Index(fields=["person", "-id"], name="less_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} wants less like {self.note_id}"


class _NotPutAway(Condition):
    """Compared with the person’s few, as people they mute are (profiles/models/relations.py)."""

    template = "%(expressions)s <> ALL (ARRAY(SELECT note_id FROM notes_less WHERE person_id = %(viewer)s))"


def not_put_away(viewer: Viewer) -> Q:
    """Match notes that the viewer did not ask for less like."""
    return Q(_NotPutAway("pk", viewer)) if viewer.is_authenticated else Q()
