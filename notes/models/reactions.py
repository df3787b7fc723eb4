from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Like(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="likes", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "note"], name="like_once")]
        indexes = [
            models.Index(fields=["note", "-id"], name="like_of_note"),
            models.Index(fields=["person", "-id"], name="like_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} likes {self.note_id}"


class Collect(models.Model):
    """A note that a person saved: one row per pair, whatever the number of collections."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="collects", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "note"], name="collect_once")]
        indexes = [
            models.Index(fields=["note", "-id"], name="collect_of_note"),
            models.Index(fields=["person", "-id"], name="collect_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} keeps {self.note_id}"


class Collection(models.Model):
    """A named collection of saved notes. Everyone has one default collection once they save a note."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="collections")
    name = models.CharField(_("name"), max_length=400, blank=True)
    is_default = models.BooleanField(default=False)
    is_private = models.BooleanField(_("only you"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="collection_one_default"
            ),
            models.CheckConstraint(condition=Q(is_default=True) | ~Q(name=""), name="collection_named"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Saved"))


class CollectPlace(models.Model):
    """A saved note's membership in one collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="places", db_index=False)
    collect = models.ForeignKey(Collect, models.CASCADE, related_name="places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "collect"], name="collect_place_once")]

    def __str__(self) -> str:
        return f"{self.collect_id} in {self.collection_id}"
