"""Who gets a digest, and the digests that were sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

HOUR = 18  # at which digests are sent unless a person chooses another


class Subscription(models.Model):
    """That a person gets, or once got, a digest a day."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    hour = models.PositiveSmallIntegerField(default=HOUR)  # by the clock of the person's time zone
    # When it is looked at next: at the hour, or earlier to try again; null while it is off.
    next_at = models.DateTimeField(null=True)
    # The language of the page on which it was turned on, for people who have chosen none.
    language = models.CharField(max_length=8, blank=True)
    # The newest notification that was mailed for certain, or that there was when the digest was turned on.
    told_up_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hour__lte=23), name="digest_hour")]
        indexes = [
            models.Index(fields=["next_at"], name="digest_next", condition=models.Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.hour}"


class Digest(models.Model):
    """The digest of a person on a day. Its row is there, as claimed, before anything is sent, and is claimed once: one
    that stays claimed was cut off, and may have been sent or not.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Being sent, or cut off")
        WAITING = "waiting", _("Waits to be tried again")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused by the mail server")
        GIVEN_UP = "given_up", _("Not sent")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("person"),
    )
    day = models.DateField(_("day"), db_index=True)  # by the person's time zone
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=State)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(_("last tried"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    up_to = models.BigIntegerField()  # the newest notification in it
    number = models.PositiveIntegerField(_("notifications"))

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"
