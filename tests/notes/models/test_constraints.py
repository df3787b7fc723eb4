"""Database constraints of notes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notes.compose.tagging import tags_named
from notes.models import Collect, Collection, CollectPlace, Comment, Like, Note, Photo, TaggedNote
from profiles.models import Follow, Positioning, User
from tests.builders import make_comment, make_draft, make_label, make_note, make_photo


def refused(constraint: str, write: Callable[[], object]) -> None:
    """The write fails, and by this rule: deferred ones are asked at once."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():  # noqa: PT012
        write()
        connection.check_constraints()


def test_one_like_a_pair(alice: User, bob: User) -> None:
    note = make_note(alice)
    Like.objects.create(person=bob, note=note)
    refused("like_once", lambda: Like.objects.create(person=bob, note=note))


def test_one_collect_a_pair_and_one_place_a_shelf(alice: User, bob: User) -> None:
    kept = Collect.objects.create(person=bob, note=make_note(alice))
    refused("collect_once", lambda: Collect.objects.create(person=bob, note=kept.note))
    shelf = Collection.objects.create(owner=bob, is_default=True)
    CollectPlace.objects.create(collection=shelf, collect=kept)
    refused("collect_place_once", lambda: CollectPlace.objects.create(collection=shelf, collect=kept))


def test_one_default_collection_a_person_and_the_others_have_names(bob: User) -> None:
    Collection.objects.create(owner=bob, is_default=True)
    refused("collection_one_default", lambda: Collection.objects.create(owner=bob, is_default=True))
    refused("collection_named", lambda: Collection.objects.create(owner=bob, name=""))


def test_one_follow_a_pair_and_none_of_oneself(alice: User, bob: User) -> None:
    refused("follow_once", lambda: Follow.objects.create(follower=bob, followed=alice))
    refused("follow_not_oneself", lambda: Follow.objects.create(follower=bob, followed=bob))


def test_one_current_positioning_a_person(alice: User) -> None:
    current = make_label(alice, "Film on campus")
    second = {"person": alice, "label": current.label, "wording": "Film on campus"}
    refused("positioning_one_current", lambda: Positioning.objects.create(**second))
    Positioning.objects.create(**second, retired_at=timezone.now() + timedelta(hours=1))


def test_comments_have_two_levels(alice: User, bob: User) -> None:
    note = make_note(alice)
    first = make_comment(bob, note)
    reply = make_comment(alice, note, parent=first)
    refused("comment_two_levels|first-level", lambda: make_comment(bob, note, parent=reply))
    other = make_comment(bob, note)
    refused("first-level", lambda: Comment.objects.filter(pk=other.pk).update(parent=reply))


def test_a_reply_stands_under_a_comment_of_its_own_note(alice: User, bob: User) -> None:
    note, elsewhere = make_note(alice), make_note(alice)
    parent = make_comment(bob, elsewhere)
    refused("first-level", lambda: make_comment(bob, note, parent=parent))
    reply = make_comment(bob, elsewhere, parent=parent)
    refused("first-level", lambda: Comment.objects.filter(pk=reply.pk).update(note=note))


def test_a_comment_with_replies_stays_where_they_are(alice: User, bob: User) -> None:
    note, elsewhere = make_note(alice), make_note(alice)
    parent, other = make_comment(bob, note), make_comment(bob, note)
    make_comment(bob, note, parent=parent)
    refused("first-level", lambda: Comment.objects.filter(pk=parent.pk).update(parent=other))
    refused("first-level", lambda: Comment.objects.filter(pk=parent.pk).update(note=elsewhere))


def test_a_comment_says_something_until_it_is_deleted(alice: User, bob: User) -> None:
    note = make_note(alice)
    refused("comment_says_something", lambda: make_comment(bob, note, body=""))
    make_comment(bob, note, body="", deleted_at=timezone.now())


def test_one_note_and_one_comment_a_key(alice: User, bob: User) -> None:
    note = make_note(alice, key=uuid4())
    refused("note_key_once", lambda: make_note(alice, key=note.key))
    make_note(bob, key=note.key)
    comment = make_comment(bob, note, key=uuid4())
    refused("comment_key_once", lambda: make_comment(bob, note, key=comment.key))


def test_a_published_note_has_a_time_and_a_title(alice: User) -> None:
    draft = make_draft(alice, title="A plan")
    rows = Note.objects.filter(pk=draft.pk)
    refused("note_published_when", lambda: rows.update(status="published"))
    refused(
        "note_published_titled",
        lambda: rows.update(status="published", published_at=timezone.now(), title=""),
    )


def test_a_partner_is_named_only_where_one_is_disclosed(alice: User) -> None:
    refused("note_partner_disclosed", lambda: make_note(alice, partner="Teapot"))
    make_note(alice, disclosure="gifted", partner="Teapot")


def test_a_tag_stands_on_a_note_once(alice: User) -> None:
    note = make_note(alice, tags=["tea"])
    (tea,) = tags_named(["Tea"])
    refused("note_tagged_once", lambda: TaggedNote.objects.create(content_object=note, tag=tea))


def test_photos_have_a_place_each_and_there_are_eighteen(alice: User) -> None:
    note = make_note(alice, photos=2)
    refused("photo_one_a_position", lambda: make_photo(alice, note=note, position=1))
    refused("photo_at_most_18", lambda: make_photo(alice, note=note, position=18))
    refused("photo_has_size", lambda: make_photo(alice, width=0))
    refused("photo_snap_in_24ths", lambda: make_photo(alice, snap=33))
    first, second = note.photos.all()
    Photo.objects.filter(pk=first.pk).update(position=1)
    Photo.objects.filter(pk=second.pk).update(position=0)
    assert list(note.photos.all()) == [second, first], "Two photos change places within one transaction."
