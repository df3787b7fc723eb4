from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from taggit.models import Tag

from profiles.models import Campus


class Rename(models.Model):
    """A campus or tag that was renamed, hidden or shown again: its notes up to the id in `after` are due, and a job
    goes on behind it.

    Triggers write it, so that it is there whoever does it.
    """

    campus = models.OneToOneField(Campus, models.CASCADE, null=True, related_name="+")
    tag = models.OneToOneField(Tag, models.CASCADE, null=True, related_name="+")
    after = models.BigIntegerField(default=0, db_default=0)
    renamed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(campus=None, tag__isnull=False) | Q(campus__isnull=False, tag=None),
                name="search_rename_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"campus {self.campus_id}" if self.campus_id else f"tag {self.tag_id}"
