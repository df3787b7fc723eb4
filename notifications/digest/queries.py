from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.digest.models import HOUR, Digest, Subscription
from profiles.models import User

REFUSALS = 3  # in a row, after which a digest is turned off


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """What the settings say of a person's digest; `next_at` is when the next is due, None while it is off, and
    `is_refused` whether that is because mail servers refused it.
    """

    hour: int
    next_at: datetime | None
    is_refused: bool = False

    @property
    def stored(self) -> dict[str, Any]:
        return {"digest": self.next_at is not None, "digest_hour": str(self.hour)}


def digest_of(person: User) -> DigestSettings:
    found = Subscription.objects.filter(person=person).first()
    if not found:
        return DigestSettings(HOUR, None)
    return DigestSettings(found.hour, found.next_at, not found.next_at and is_refused(person.pk))


def is_refused(person_id: int) -> bool:
    """Return whether a person's last digests, as many as end it, were all refused for good."""
    last = Digest.objects.filter(person=person_id).order_by("-day").values_list("state", flat=True)
    return list(last[:REFUSALS]) == [Digest.State.REFUSED] * REFUSALS
