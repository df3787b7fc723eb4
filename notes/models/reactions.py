from django.conf import settings
from django.db import models


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
    """A note that a person saved: one row per pair, whatever the number of collections. `remark` is for them alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="collects", db_index=False)
    remark = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "note"], name="collect_once")]
        indexes = [
            models.Index(fields=["note", "-id"], name="collect_of_note"),
            models.Index(fields=["person", "-id"], name="collect_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} saved {self.note_id}"
