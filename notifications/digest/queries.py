from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.digest.models import HOUR, Subscription
from profiles.models import User


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """What the settings say of a person's digest; `next_at` is when the next is due, None while it is off."""

    hour: int
    next_at: datetime | None

    @property
    def stored(self) -> dict[str, Any]:
        return {"digest": self.next_at is not None, "digest_hour": str(self.hour)}


def digest_of(person: User) -> DigestSettings:
    found = Subscription.objects.filter(person=person).first()
    return DigestSettings(found.hour if found else HOUR, found.next_at if found else None)
