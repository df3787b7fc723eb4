"""The time since which a note is listed under a tag follows every change to its visibility."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.fields import DateTimeField

from notes.models import Note, TaggedNote
from notes.moderation import hide_note, restore_note
from profiles.models import User
from tests.builders import make_draft, make_note, signed_in

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
LISTED = Q(
    content_object__status="published",
    content_object__visibility="public",
    content_object__hidden_at__isnull=True,
)


def untrue() -> list[TaggedNote]:
    truth = Case(
        When(LISTED, F("content_object__published_at")), default=Value(None), output_field=DateTimeField()
    )
    rows = TaggedNote.objects.annotate(truth=truth)
    return [row for row in rows if row.listed_at != row.truth]


@pytest.fixture(autouse=True)
def every_listing_is_true(db: None) -> Iterator[None]:
    yield
    assert TaggedNote.objects.exists()
    assert untrue() == []


def listed(note: Note) -> set[datetime | None]:
    return set(note.taggings.values_list("listed_at", flat=True))


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({}, True),
        ({"visibility": "followers"}, False),
        ({"hidden_at": SINCE}, False),
        ({"status": "processing"}, False),
    ],
)
def test_a_note_is_tagged(alice: User, fields: dict, is_listed: bool) -> None:
    note = make_note(alice, tags=["tea", "noodles"], published_at=SINCE, **fields)
    assert listed(note) == {SINCE if is_listed else None}


def test_a_note_changes(alice: User, mona: User) -> None:
    other = make_note(alice, tags=["tea"], published_at=SINCE)
    note = make_draft(alice)
    note.tags.add("tea", "noodles")
    assert listed(note) == {None}
    Note.objects.filter(pk=note.pk).update(status="published", published_at=SINCE)
    assert listed(note) == {SINCE}
    signed_in(alice).post(
        f"{note.get_absolute_url()}edit/", {"title": "Tea", "visibility": "followers", "tags": "tea, milk"}
    )
    assert (note.taggings.count(), listed(note)) == (2, {None})
    Note.objects.update(visibility="public")
    hide_note(note=note, by=mona, reason="No ads.")
    assert listed(note) == {None}
    restore_note(note=note)
    assert listed(note) == listed(other) == {SINCE}


@pytest.mark.django_db(transaction=True)
def test_a_note_is_tagged_and_leaves_at_once(alice: User) -> None:
    note = make_note(alice, tags=["tea"])
    is_leaving = Event()

    def leave() -> None:
        is_leaving.set()
        Note.objects.filter(pk=note.pk).update(visibility="private")
        connection.close()

    leaving = Thread(target=leave)
    with transaction.atomic():
        note.tags.add("noodles")
        leaving.start()
        is_leaving.wait(10)
        leaving.join(0.3)
        assert leaving.is_alive(), "it waits until the tagging is there for it to find"
    leaving.join(10)
    assert listed(note) == {None}
