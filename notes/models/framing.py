from django.db import models
from django.db.models import F, Q

from imaging import MIN_SIDE, CropArea, room, snap


class Framing(models.Model):
    """How a photo is cropped and turned: at most one that is shown, and one that is pending.

    Sides are in pixels of the turned master, whose full size is `room_width` by `room_height`. A photo that was never
    cropped has no row.
    """

    photo = models.ForeignKey("notes.Photo", models.CASCADE, related_name="framings", db_index=False)
    is_shown = models.BooleanField(default=False)
    turn = models.PositiveSmallIntegerField(default=0)
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    room_width = models.PositiveIntegerField()
    room_height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "is_shown"], name="framing_one_shown_one_wanted"),
            models.CheckConstraint(condition=Q(turn__lte=3), name="framing_quarter_turns"),
            models.CheckConstraint(
                condition=Q(width__gte=MIN_SIDE, height__gte=MIN_SIDE), name="framing_not_too_small"
            ),
            models.CheckConstraint(
                condition=Q(room_width__gte=F("left") + F("width"), room_height__gte=F("top") + F("height")),
                name="framing_inside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height} of {self.photo_id}"

    @property
    def area(self) -> CropArea:
        return CropArea(self.turn, self.left, self.top, self.width, self.height)

    @property
    def snap(self) -> int:
        """Height of the resulting feed cover, in 24ths of its width."""
        return snap(self.width, self.height)

    @property
    def master(self) -> tuple[int, int]:
        """Width and height of the master before turning."""
        return room((self.room_width, self.room_height), self.turn)


# Attaches to photos, as `pending_crops`, the framing that each is to show once a job has made it, if any.
PENDING_CROPS = models.Prefetch("framings", Framing.objects.filter(is_shown=False), to_attr="pending_crops")
