"""Fills an empty database with the demo community: the same every time, at times relative to now."""

from hashlib import md5
from random import Random

from django.db import transaction
from django.utils import timezone

from dev.demo import community, photos
from dev.demo.audience import AudienceLoader
from dev.demo.notes import NoteLoader
from dev.demo.notifications import date_notifications
from dev.demo.people import DOMAIN, PeopleLoader
from dev.demo.readers import ReadersLoader
from imaging import Rendered
from insights.actions.summing import sum_all
from notes.explore.epochs import write_epoch
from notes.models import Photo
from notes.photos.actions import store
from profiles.models import User

SEED = 20
AUDIENCE_SEED = 1
READERS_SEED = 1  # of those tried, one by which no two cards that stand together show the same photograph


def is_empty() -> bool:
    return not User.objects.exists()


def signins() -> dict[str, str]:
    """Return the addresses to sign in with, by what they are for; none where the demo was not loaded."""
    addresses = {f"{purpose}@{DOMAIN}": purpose for purpose in community.signins()}
    found = set(User.objects.filter(email__in=addresses).values_list("email", flat=True))
    return {purpose: address for address, purpose in addresses.items() if address in found}


def fill() -> None:
    """Load all people and notes in one transaction. Raise ModuleNotFoundError without the photographs."""
    names = sorted({name for author in community.authors() for note in author.notes for name in note.photos})
    pictures = {name: _stored(name, rendered) for name, rendered in photos.render_all(names)}
    now, random = timezone.now(), Random(SEED)  # noqa: S311
    with transaction.atomic():
        people = PeopleLoader(now, random).load()
        notes = NoteLoader(now, random, people, pictures)
        notes.load()
        ReadersLoader(now, Random(READERS_SEED), notes.notes, list(people.values())).load()  # noqa: S311
        AudienceLoader(now, Random(AUDIENCE_SEED), people).load()  # noqa: S311
        date_notifications(now=now)
        write_epoch(made_at=now)
        sum_all()


def _stored(name: str, rendered: Rendered) -> Photo:
    """Return a photo of this picture to copy from. Its files lie in the same folder at every try."""
    folder = md5(f"demo {name}".encode(), usedforsecurity=False).hexdigest()
    photo = Photo(folder=folder, state=Photo.State.READY)
    for field, fact in store(photo, rendered).items():
        setattr(photo, field, fact)
    return photo
