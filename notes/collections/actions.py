"""Writes to collections. Locks are taken in this order: people, notes, saves, collections, places."""

from collections.abc import Collection as Several

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from notes.collections.follows import newest_place
from notes.models import Collect, Collection, CollectionFollow, CollectPlace, Note
from notes.models.collection import COLLECTIONS_MAX, PLACES_MAX
from notes.reactions.actions import collect
from profiles.models import User


class TooManyCollections(Exception):
    """The person has COLLECTIONS_MAX already."""


class NameTaken(Exception):
    """The person has another collection with this name, in upper or lower case."""


class CollectionFull(Exception):
    """The collection would have more than PLACES_MAX notes. Its text is the name of the collection."""


@transaction.atomic
def create_collection(
    *, owner: User, name: str, description: str = "", is_private: bool = True
) -> Collection:
    """Create a collection. The same one again is the first one, so that a form that is sent twice counts once.

    Raises NameTaken and TooManyCollections.
    """
    User.objects.filter(pk=owner.pk).lock()
    if there := named(owner, name):
        if (there.name, there.description, there.is_private) == (name, description, is_private):
            return there
        raise NameTaken
    if Collection.objects.of(owner).count() >= COLLECTIONS_MAX:
        raise TooManyCollections
    return Collection.objects.create(owner=owner, name=name, description=description, is_private=is_private)


def named(owner: User, name: str) -> Collection | None:
    """Return the person's collection with this name, in upper or lower case as the database tells them."""
    return Collection.objects.of(owner).alias(lower=Lower("name")).filter(lower=Lower(Value(name))).first()


def edit_collection(*, collection: Collection, name: str, description: str, is_private: bool) -> None:
    """Rename and describe a collection, and say who sees it. Raises NameTaken."""
    changes = {"name": name, "description": description, "is_private": is_private}
    try:
        with transaction.atomic():
            Collection.objects.filter(pk=collection.pk).update(**changes)
    except IntegrityError:
        raise NameTaken from None


@transaction.atomic
def delete_collection(*, collection: Collection) -> None:
    """Delete a collection. Its notes stay saved. Idempotent."""
    Collection.objects.filter(pk=collection.pk).lock()
    Collection.objects.filter(pk=collection.pk).delete()


@transaction.atomic
def merge_collections(*, collection: Collection, into: Collection) -> None:
    """Move the notes of a collection into another of the same owner, each in its place by when it was added, and delete
    it. Raises CollectionFull, and Collection.DoesNotExist if one of them is gone.
    """
    both = Collection.objects.filter(pk__in=[collection.pk, into.pk], owner=into.owner_id).lock()
    if len(both) != 2:
        raise Collection.DoesNotExist
    there = CollectPlace.objects.filter(collection=into)
    moved = CollectPlace.objects.filter(collection=collection).exclude(collect__in=there.values("collect"))
    if there.count() + moved.count() > PLACES_MAX:
        raise CollectionFull(into.name)
    moved.update(collection=into)  # with their positions: two collections have none in common
    Collection.objects.filter(pk=into.pk).update(changed_at=timezone.now())
    Collection.objects.filter(pk=collection.pk).delete()


@transaction.atomic
def sort_save(
    *,
    person: User,
    note: Note,
    add: Several[int],
    remove: Several[int],
    new: str = "",
    remark: str | None = None,
) -> None:
    """Save a note, add it to some of the person's collections and to one by its name, which is created where there is
    none, and remove it from others. Idempotent. Collections that are gone are passed over; None leaves the remark as it
    is.

    Raises Note.DoesNotExist if the note is deleted at the same moment, TooManyCollections and CollectionFull.
    """
    if new:
        User.objects.filter(pk=person.pk).lock()
    if not Note.objects.filter(pk=note.pk).lock():
        raise Note.DoesNotExist
    collect(person=person, note=note)
    save = Collect.objects.select_for_update(of=["self"], no_key=True).get(person=person, note=note)
    if remark is not None and remark != save.remark:
        Collect.objects.filter(pk=save.pk).update(remark=remark)
    wanted = set(add)
    if new:
        wanted.add((named(person, new) or create_collection(owner=person, name=new)).pk)
    locked = Collection.objects.of(person).filter(pk__in=wanted).lock()
    for collection in locked:
        _add(collection, save)
    CollectPlace.objects.filter(collect=save, collection__in=set(remove) - wanted).delete()


def _add(collection: Collection, save: Collect) -> None:
    """Add a save to a locked collection, in front. Idempotent."""
    places = CollectPlace.objects.filter(collection=collection)
    if places.filter(collect=save).exists():
        return
    if places.count() >= PLACES_MAX:
        raise CollectionFull(collection.name)
    CollectPlace.objects.create(collection=collection, collect=save)
    Collection.objects.filter(pk=collection.pk).update(changed_at=timezone.now())


def remove_from_collection(*, collection: Collection, note: int) -> None:
    """Take a note out of a collection. It stays saved. Idempotent."""
    CollectPlace.objects.filter(collection=collection, collect__note=note).delete()


@transaction.atomic
def follow_collection(*, person: User, collection: Collection) -> bool:
    """Follow another's collection. Idempotent. Return False if the person may not see it.

    Both people are locked, as by blocks: either the block is there first, or it ends this.
    """
    User.objects.filter(pk__in=[person.pk, collection.owner_id]).lock()
    others = Collection.objects.visible_to(person).exclude(owner=person)
    if not others.filter(pk=collection.pk).exists():
        return False
    CollectionFollow.objects.bulk_create(
        [CollectionFollow(follower=person, collection=collection, seen_place=newest_place())],
        ignore_conflicts=True,
    )
    return True


def unfollow_collection(*, person: User, collection: int) -> None:
    """Unfollow a collection, visible or not. Idempotent."""
    CollectionFollow.objects.filter(follower=person, collection=collection).delete()
