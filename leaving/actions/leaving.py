"""Request the deletion of an account, and cancel it."""

from django.db import transaction
from django.utils import timezone

from core.jobs import defer
from notes.models import Photo
from notes.photos.files import renew_names
from people.actions.people import end_sessions
from profiles.models import User


@transaction.atomic
def request_deletion(*, person: User, site: str, language: str) -> None:
    """Hide the person and all they made from every page, and end their sessions; deletion follows in two weeks.
    Repeating it does not postpone the deletion.

    Their photos get new names, so that the old addresses stay dead if they come back.
    """
    photos = Photo.objects.filter(note__author=person)
    list(photos.select_for_update(of=["self"]).order_by("pk"))  # before people, as everybody does
    asked = User.objects.filter(pk=person.pk, leaving_at__isnull=True).update(leaving_at=timezone.now())
    if not asked:
        return
    renew_names(photos)
    end_sessions(person=person)
    defer("send_letter", letter="leaving", person_id=person.pk, site=site, language=language)


def cancel_deletion(*, person: User) -> bool:
    """Cancel the deletion of the account. Return False once deletion has begun."""
    kept = User.objects.filter(pk=person.pk, leaving_at__isnull=False, going_at__isnull=True)
    return bool(kept.update(leaving_at=None))
