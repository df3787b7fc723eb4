"""A prepared query gives the same rows as the plain one."""

from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from core.db.prepared_queries import IsAmong, compiled, filled
from notes.models import Note
from profiles.models import Block, User
from tests.builders import make_note

written: list[Any] = []


@compiled
def visible(*, viewer: Any, among: Any) -> QuerySet[Note]:
    written.append(viewer)
    return Note.objects.visible_to(viewer).filter(IsAmong("pk", among)).order_by("pk").for_cards()


@compiled
def called(*, handle: Any) -> QuerySet[User]:
    return User.objects.filter(handle=handle).select_related("campus")


def test_each_viewer_gets_what_is_theirs_in_the_words_for_their_kind(
    alice: User, bob: User, charlie: User, mona: User
) -> None:
    notes = [make_note(alice, visibility=visibility) for visibility in ("public", "followers", "private")]
    notes.append(make_note(charlie))
    Block.objects.create(blocker=charlie, blocked=bob)
    pks = [note.pk for note in notes]
    written.clear()
    for viewer in (AnonymousUser(), alice, bob, charlie, mona, alice, AnonymousUser()):
        seen = Note.objects.visible_to(viewer).order_by("pk")
        assert [note.pk for note in visible(viewer=viewer, among=pks)] == [note.pk for note in seen]
    assert visible(viewer=alice, among=pks[2:]) == [notes[2], notes[3]]
    assert visible(viewer=alice, among=[]) == []
    assert len(written) == 3, "for visitors, for people, for moderators"


def test_the_database_is_asked_as_by_a_queryset(alice: User) -> None:
    make_note(alice, photos=1)
    called(handle="nobody")
    with CaptureQueriesContext(connection) as queries:
        found = called(handle="alice")
        again = list(User.objects.filter(handle="alice").select_related("campus"))
    assert found == again == [alice]
    assert found[0].__dict__.keys() == again[0].__dict__.keys()
    assert len(queries) == 2


def test_every_thread_asks_over_its_own_connection(db: None) -> None:
    called(handle="nobody")
    asked: list[str] = []

    def ask() -> None:
        with CaptureQueriesContext(connection) as queries:
            called(handle="somebody")
        asked.extend(query["sql"] for query in queries)
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    ["'; SELECT 1 --", "100% %s %(name)s", "\\' \\\\", "{}", "图书馆", None, 7, -1, [1, 2]],
)
def test_long_sql_is_filled_with_what_psycopg_would_bind(value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            filled("SELECT %(value)s AS value, '%%' || 'x', %(value)s", {"value": value}, connection)
        )
        assert cursor.fetchone() == (value, "%x", value)
        cursor.execute(filled("SELECT %s, %s", [value, 1], connection))
        assert cursor.fetchone() == (value, 1)


@compiled
def people_by(column: str, /, *, value: Any) -> QuerySet[User]:
    written.append(column)
    return User.objects.filter(**{column: value})


def test_what_changes_the_query_is_passed_by_position(alice: User, bob: User) -> None:
    written.clear()
    found = [
        people_by("handle", value="alice"),
        people_by("pk", value=bob.pk),
        people_by("pk", value=alice.pk),
    ]
    assert found == [[alice], [bob], [alice]]
    assert written == ["handle", "pk"], "each once"
