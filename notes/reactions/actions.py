from django.db import transaction

from notes.models import Collect, Collection, CollectPlace, Like, Note
from profiles.models import User


def like(*, person: User, note: Note) -> None:
    """Like a note. Idempotent. Raises IntegrityError if the note is deleted at the same moment."""
    Like.objects.bulk_create([Like(person=person, note=note)], ignore_conflicts=True)


@transaction.atomic
def unlike(*, person: User, note: Note) -> None:
    """Take a like back. Idempotent."""
    Note.objects.filter(pk=note.pk).lock()
    Like.objects.filter(person=person, note=note).delete()


@transaction.atomic
def collect(*, person: User, note: Note, collection: Collection | None = None) -> None:
    """Save a note to a collection, by default the person's default collection. Idempotent.

    Raises IntegrityError if the note is deleted at the same moment.
    """
    Collect.objects.bulk_create([Collect(person=person, note=note)], ignore_conflicts=True)
    kept = (
        Collect.objects.select_for_update(of=["self"], no_key=True).filter(person=person, note=note).first()
    )
    if kept:
        shelf = collection or _default_collection(person)
        CollectPlace.objects.bulk_create(
            [CollectPlace(collection=shelf, collect=kept)], ignore_conflicts=True
        )


@transaction.atomic
def uncollect(*, person: User, note: Note) -> None:
    """Remove a note from all of the person's collections. Idempotent."""
    Note.objects.filter(pk=note.pk).lock()
    Collect.objects.filter(person=person, note=note).delete()


def _default_collection(person: User) -> Collection:
    Collection.objects.bulk_create([Collection(owner=person, is_default=True)], ignore_conflicts=True)
    return Collection.objects.get(owner=person, is_default=True)
