"""Take, change and give up handles. Each function locks the handles concerned, so that two at once take turns."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.models import PastHandle, User
from profiles.models.handle import ALWAYS, RENAMES_MAX, RENAMES_WINDOW, is_held_back, keyed_hash, lock_handles


class HandleReserved(IntegrityError):
    """Another person had the handle within the last 90 days."""


class TooManyRenames(Exception):
    """The next change has to wait until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@transaction.atomic
def change_handle(*, person: User, handle: str) -> None:
    """Change a person's handle; the old one is reserved for them. Another spelling of the same handle is free.

    Idempotent. Raises TooManyRenames, HandleReserved, and IntegrityError for a handle that is taken.
    """
    now = User.objects.select_for_update(no_key=True, of=["self"]).get(pk=person.pk)
    if now.handle.lower() != handle.lower():
        until = next_rename(now)
        if until:
            raise TooManyRenames(until)
        lock_handles(now.handle, handle)
        if is_held_back(handle, now):
            raise HandleReserved
        changed_at = timezone.now()
        since = now.handle_since or now.date_joined
        PastHandle.objects.create(
            person=now, handle=now.handle.lower(), since=min(since, changed_at), until=changed_at
        )
        now.handle_since = changed_at
    now.handle = handle
    now.save(update_fields=["handle", "handle_since"])
    person.handle, person.handle_since = now.handle, now.handle_since


def next_rename(person: User) -> datetime | None:
    """Return when the person may change their handle again; None if they may now."""
    recent = list(PastHandle.objects.recent(person).values_list("until", flat=True))
    return recent[-RENAMES_MAX] + RENAMES_WINDOW if len(recent) >= RENAMES_MAX else None


def lock_new_handle(*, handle: str) -> None:
    """Lock a handle that a new account is about to take, within its transaction. Raises HandleReserved."""
    lock_handles(handle)
    if is_held_back(handle):
        raise HandleReserved


def retire_handles(*, person: User) -> None:
    """Anonymise the handles of a person who is about to be deleted. Delete those of an account that was never
    confirmed and never published, so that signing up cannot reserve handles.
    """
    lock_handles(person.handle)
    if not (person.is_verified or person.has_published):
        return
    for past in person.past_handles.select_for_update().order_by("pk"):
        past.person, past.handle, past.since = None, keyed_hash(past.handle), ALWAYS
        past.save()
    PastHandle.objects.create(handle=keyed_hash(person.handle), since=ALWAYS)
