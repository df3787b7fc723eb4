from django.conf import settings
from django.db import models
from django.utils import timezone


class Upload(models.Model):
    """A photo uploaded ahead of its note, under a key made by its browser. Repeated, it is the same photo.

    Without a `photo` it was taken back, perhaps before it arrived; a later upload under this key is refused.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    photo = models.ForeignKey("notes.Photo", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="upload_key_once")]

    def __str__(self) -> str:
        return str(self.key)
