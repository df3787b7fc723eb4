from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """An accepted follow. A pending request is a FollowRequest."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="following",
        db_index=False,
        verbose_name=_("follower"),
    )
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="followers",
        db_index=False,
        verbose_name=_("followed"),
    )
    # The number of the note on whose page the button was pressed: it counts as engaging with that note.
    from_note = models.BigIntegerField(null=True, editable=False)
    # Whether the followed person approved a request, and so knows of the follow.
    is_approved = models.BooleanField(default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("followed")), name="follow_not_oneself"
            ),
        ]
        indexes = [
            models.Index(fields=["followed", "-id"], name="follow_followers"),
            models.Index(fields=["follower", "-id"], name="follow_following"),
            models.Index(
                fields=["followed", "follower"], name="follow_common"
            ),  # which of these follow a person
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followed_id}"


class FollowRequest(models.Model):
    """A request to follow a person who approves followers. It counts in no figure."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    followed = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    from_note = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follow request")
        verbose_name_plural = _("follow requests")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_request_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("followed")), name="follow_request_not_oneself"
            ),
        ]
        indexes = [models.Index(fields=["followed", "-id"], name="follow_request_list")]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followed_id}?"
