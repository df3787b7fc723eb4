"""Naming a tag or campus while a moderator merges it yields the merge target, without an error."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from notes import tags as tag_actions
from notes.compose.actions import save_note
from notes.compose.content import NoteContent
from notes.compose.tagging import tags_named
from notes.models import Note
from people.actions import campuses
from people.actions.labels import declare_label
from people.actions.people import save_profile
from profiles.models import Campus, User
from tests.builders import make_campus, make_label, make_note
from tests.storms.kills import until, waiting_for_locks

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {"title": "One", "body": "", "place": "", "visibility": "public", "disclosure": "none", "partner": ""}


def declare(person: User) -> None:
    declare_label(person=person, wording="Canteen diary", topics=["foods", "food", "tea"])


def save(person: User) -> None:
    words = WORDS | {"campus": "Linhai Uni", "tags": ["foods", "food", "tea"]}
    save_note(note=person.notes.get(), content=NoteContent(words=words), publish=False)


def settle_at_campus(person: User) -> None:
    words = {name: getattr(person, name) for name in ("handle", "name", "bio", "stage")}
    save_profile(person=User.objects.get(pk=person.pk), campus="Linhai Uni", city="", **words)


def merge_tags() -> None:
    wrong, right = tags_named(["foods", "food"])
    tag_actions.merge_tag(tag=wrong, into=right)


def merge_campuses() -> None:
    wrong, right = Campus.objects.get(name="Linhai Uni"), Campus.objects.get(name="Linhai University")
    campuses.merge_campus(campus=wrong, into=right)


@pytest.mark.parametrize(
    ("names", "merge"),
    [(declare, merge_tags), (save, merge_tags), (save, merge_campuses), (settle_at_campus, merge_campuses)],
)
def test_at_once(
    alice: User, monkeypatch: Any, names: Callable[[User], None], merge: Callable[[], None]
) -> None:
    """The merge has begun, and holds what it merges; then the other comes, and waits for nothing that it holds."""
    wrong, right = make_campus("Linhai Uni"), make_campus("Linhai University")
    User.objects.filter(pk=alice.pk).update(campus=wrong)
    note = make_note(alice, tags=["foods"], campus=wrong)
    make_label(alice, "Canteen diary", topics=["foods"])
    begun, goes_on, failed = Event(), Event(), []

    def lock(*args: Any) -> Any:
        if not begun.is_set():
            begun.set()
            goes_on.wait(20)
        return original(*args)

    original = type(Note.objects.all()).lock
    monkeypatch.setattr(type(Note.objects.all()), "lock", lock)

    def run(act: Callable[..., None], *args: Any) -> None:
        try:
            act(*args)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    merging = Thread(target=run, args=[merge])
    merging.start()
    assert begun.wait(20)
    other = Thread(target=run, args=[names, alice])
    other.start()
    until(waiting_for_locks, 20)
    goes_on.set()
    merging.join(20)
    other.join(20)
    assert failed == []
    if merge is merge_tags:
        assert set(note.tags.names()) <= {"food", "tea"}
        topics = alice.positionings.current().get().topics_in_order()
        assert "foods" not in [tag.name for tag in topics]
    else:
        note.refresh_from_db()
        alice.refresh_from_db()
        assert note.campus == alice.campus == right
