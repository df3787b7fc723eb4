from django.db import models
from taggit.models import TaggedItemBase


class TaggedNote(TaggedItemBase):
    content_object = models.ForeignKey("notes.Note", models.CASCADE, related_name="taggings")

    class Meta:
        indexes = [models.Index(fields=["tag", "-id"], name="note_tagged_latest")]
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="note_tagged_once")]
