from django.db import models
from django.db.models import Q
from taggit.models import TaggedItemBase


class TaggedNote(TaggedItemBase):
    """A tag of a note. `listed_at`: when the note was published, while everybody may find it in lists; triggers keep
    it, so that an index finds a tag's newest notes.
    """

    content_object = models.ForeignKey("notes.Note", models.CASCADE, related_name="taggings")
    listed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["tag", "-listed_at", "-content_object"],
                name="note_tagged_listed",
                condition=Q(listed_at__isnull=False),
            )
        ]
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="note_tagged_once")]
