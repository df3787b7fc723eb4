"""What SQL and indexes repeat of who may see a note says the same as the one definition."""

from datetime import UTC, datetime
from itertools import product

import pytest
from django.db import connection

from notes.models import Note
from notes.models.visibility import LISTED, LISTED_SQL, SHARED_SQL, is_live, is_public
from profiles.models import User
from tests.builders import make_note

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
STATES = [
    {"status": status, "visibility": visibility, "hidden_at": hidden_at}
    for status, visibility, hidden_at in product(Note.Status, Note.Visibility, (None, SINCE))
]


@pytest.fixture
def notes(alice: User) -> list[Note]:
    return [make_note(alice, **state) for state in STATES]


def found(sql: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM notes_note AS note WHERE {sql}")
        return {pk for (pk,) in cursor}


@pytest.mark.django_db
def test_the_notes_that_are_listed(notes: list[Note]) -> None:
    listed = set(Note.objects.filter(LISTED).values_list("pk", flat=True))
    assert len(listed) == 1
    assert found(LISTED_SQL) == listed
    assert found("note_listed_at(status, visibility, hidden_at, published_at) IS NOT NULL") == listed
    assert set(Note.objects.filter(is_live() & is_public()).values_list("pk", flat=True)) == listed


@pytest.mark.django_db
def test_the_notes_that_others_may_open(notes: list[Note], bob: User) -> None:
    """Bob follows Alice, who is there."""
    assert found(SHARED_SQL) == set(Note.objects.visible_to(bob).values_list("pk", flat=True))
    assert len(found(SHARED_SQL)) == 2


def test_indexes_of_listed_notes_hold_just_these() -> None:
    conditions = [index.condition for index in Note._meta.indexes if "visibility" in str(index.condition)]
    assert conditions == [LISTED, LISTED]
