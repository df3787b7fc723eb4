"""Many concurrent requests against the production server: at most one row a pair, correct counters, no 500."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from notes.models import Comment, Like, Note
from profiles.models import Follow, User
from tests.builders import make_comment, make_note, make_person
from tests.servers import PROJECT, WebServer, database_url, manage
from tests.storms.client import Post, storm

pytestmark = pytest.mark.django_db(transaction=True)

TRUTH = {
    ("notes_note", "like_count"): "SELECT count(*) FROM notes_like WHERE note_id = owner.id",
    ("notes_note", "collect_count"): "SELECT count(*) FROM notes_collect WHERE note_id = owner.id",
    ("notes_note", "comment_count"): (
        "SELECT count(*) FROM notes_comment"
        " WHERE note_id = owner.id AND deleted_at IS NULL AND hidden_at IS NULL"
    ),
    ("profiles_user", "follower_count"): "SELECT count(*) FROM profiles_follow WHERE followed_id = owner.id",
    ("profiles_user", "following_count"): "SELECT count(*) FROM profiles_follow WHERE follower_id = owner.id",
}
PAIRS = {
    "notes_like": "person_id, note_id",
    "notes_collect": "person_id, note_id",
    "profiles_follow": "follower_id, followed_id",
    "notes_note": "author_id, key",
    "notes_comment": "author_id, key",
}


def wrong() -> list[str]:
    """Every counter that differs from its rows, and every pair that is there twice, in words."""
    found = []
    with connection.cursor() as cursor:
        for (table, counter), truth in TRUTH.items():
            cursor.execute(
                f"SELECT id, {counter}, ({truth}) FROM {table} AS owner WHERE {counter} <> ({truth})"
            )
            found += [
                f"{table} {pk}: {counter} {stored}, rows {rows}" for pk, stored, rows in cursor.fetchall()
            ]
        for table, pair in PAIRS.items():
            cursor.execute(f"SELECT {pair}, count(*) FROM {table} GROUP BY {pair} HAVING count(*) > 1")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return found


def session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def crowd(number: int) -> list[User]:
    """People who cannot sign in with a password, quickly made."""
    names = [f"storm_{index}" for index in range(number)]
    people = [
        User(email=f"{name}@campus.test", handle=name, name=name, password="!", is_counted=True)
        for name in names
    ]
    return User.objects.bulk_create(people)


def calm(statuses: dict[int, int], *allowed: int) -> bool:
    """Whether every answer was one of these."""
    return not set(statuses) - set(allowed)


@pytest.mark.parametrize("number", [60, pytest.param(200, marks=pytest.mark.long)])
def test_one_person_likes_many_times_at_once(web_server: WebServer, number: int) -> None:
    note, fan = make_note(make_person()), make_person()
    statuses = storm(web_server.port, [Post(session(fan), f"/notes/{note.pk}/like/")] * number)

    assert statuses == {303: number}
    note.refresh_from_db()
    assert note.like_count == 1
    assert wrong() == []


@pytest.mark.parametrize("number", [12, pytest.param(50, marks=pytest.mark.long)])
def test_many_people_like_and_think_again(web_server: WebServer, number: int) -> None:
    note, people = make_note(make_person()), crowd(number)
    sessions = [session(person) for person in people]
    posts = [
        Post(sent_by, f"/notes/{note.pk}/{act}")
        for act in (
            "like/",
            "collect/",
            "like/delete/",
            "like/",
            "collect/delete/",
            "like/delete/",
            "collect/",
        )
        for sent_by in sessions
    ]
    assert storm(web_server.port, posts) == {303: len(posts)}
    assert wrong() == []


@pytest.mark.long
def test_a_person_with_a_thousand_likes_leaves_meanwhile(web_server: WebServer) -> None:
    author, leaver = make_person(), make_person()
    notes = [make_note(author) for _ in range(40)] + [make_note(leaver) for _ in range(5)]
    more = Note.objects.bulk_create(
        Note(author=author, title=f"More {n}", status="published", published_at=timezone.now())
        for n in range(960)
    )
    Like.objects.bulk_create(Like(person=leaver, note=note) for note in [*notes[:40], *more])
    Follow.objects.bulk_create(Follow(follower=person, followed=leaver) for person in crowd(20))
    for note in notes[:10]:
        make_comment(leaver, note)
    leaving = subprocess.Popen(
        [*manage(), "shell", "-c", _LEAVE.format(person=leaver.pk)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database_url()},
    )
    sessions = [session(person) for person in User.objects.filter(handle__startswith="storm_")]
    posts = [
        Post(s, f"/notes/{note.pk}/{act}/")
        for act in ("like", "collect")
        for note in notes
        for s in sessions[:8]
    ]
    posts += [Post(s, f"{leaver.get_absolute_url()}follow/") for s in sessions]
    statuses = storm(web_server.port, posts)

    assert leaving.wait(60) == 0
    assert calm(statuses, 303, 404)
    assert not User.objects.filter(pk=leaver.pk).exists()
    assert Like.objects.filter(note__in=notes[:40]).count() == 40 * 8
    assert wrong() == []


_LEAVE = """
from django.utils import timezone
from leaving.actions.removal import remove_person
from profiles.models import User
User.objects.filter(pk={person}).update(leaving_at=timezone.now(), going_at=timezone.now())
remove_person({person})
"""


@pytest.mark.long
def test_comments_are_written_deleted_and_hidden_at_once(web_server: WebServer) -> None:
    author = make_person()
    note, people = make_note(author), [make_person() for _ in range(10)]
    standing = [make_comment(person, note) for person in people for _ in range(4)]
    sessions = {person.pk: session(person) for person in [author, *people]}
    moderating = subprocess.Popen(
        [*manage(), "shell", "-c", _HIDE_AND_RESTORE.format(note=note.pk)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database_url()},
    )
    posts = [
        Post(
            sessions[person.pk],
            f"/notes/{note.pk}/comments/",
            (("body", "In the storm"), ("key", str(uuid.uuid4())), ("parent", str(standing[0].pk))),
        )
        for person in people
        for _ in range(10)
    ]
    posts += [
        Post(sessions[author.pk], f"/comments/{comment.pk}/delete/") for comment in standing[1:] for _ in "ab"
    ]
    statuses = storm(web_server.port, posts)

    assert moderating.wait(60) == 0
    assert calm(statuses, 303, 404)
    assert Comment.objects.filter(body="In the storm").count() + statuses[404] >= 100
    assert wrong() == []


_HIDE_AND_RESTORE = """
from notes.moderation import hide_comment, restore_comment
from notes.models import Comment
for _ in range(3):
    for comment in Comment.objects.filter(note={note}):
        hide_comment(comment=comment, by=None, reason="Storm")
    for comment in Comment.objects.filter(note={note}):
        restore_comment(comment=comment)
"""


@pytest.mark.parametrize("number", [15, pytest.param(50, marks=pytest.mark.long)])
def test_a_form_sent_many_times_is_one_note_and_one_comment(web_server: WebServer, number: int) -> None:
    person = make_person()
    note, mine, key = make_note(make_person()), session(person), str(uuid.uuid4())
    composed = Post(mine, "/notes/new/", (("title", "Once"), ("key", key), ("action", "publish")))
    said = Post(mine, f"/notes/{note.pk}/comments/", (("body", "Once"), ("key", key)))

    assert storm(web_server.port, [composed, said] * number) == {303: 2 * number}
    assert Note.objects.filter(title="Once", status="published").count() == 1
    assert Comment.objects.filter(body="Once").count() == 1
    assert wrong() == []


@pytest.mark.parametrize("number", [5, pytest.param(10, marks=pytest.mark.long)])
def test_follows_and_unfollows_cross(web_server: WebServer, number: int) -> None:
    people = crowd(number)
    sessions = {person.pk: session(person) for person in people}
    posts = [
        Post(sessions[one.pk], f"{other.get_absolute_url()}{act}")
        for act in ("follow/", "follow/delete/", "follow/")
        for one in people
        for other in people
        if one != other
    ]
    assert storm(web_server.port, posts) == {303: len(posts)}
    assert wrong() == []


def test_without_the_trigger_the_storm_is_seen(web_server: WebServer) -> None:
    note, people = make_note(make_person()), crowd(5)
    with changed(
        "ALTER TABLE notes_like DISABLE TRIGGER count_likes_made", "ALTER TABLE notes_like ENABLE TRIGGER ALL"
    ):
        storm(web_server.port, [Post(session(person), f"/notes/{note.pk}/like/") for person in people])

    assert wrong() == [f"notes_note {note.pk}: like_count 0, rows 5"]
    Note.objects.filter(pk=note.pk).update(like_count=5)


def test_without_the_constraint_the_storm_is_seen(web_server: WebServer) -> None:
    note, fan = make_note(make_person()), make_person()
    restore = (
        "DELETE FROM notes_like; ALTER TABLE notes_like ADD CONSTRAINT like_once UNIQUE (person_id, note_id)"
    )
    with changed("ALTER TABLE notes_like DROP CONSTRAINT like_once", restore):
        storm(web_server.port, [Post(session(fan), f"/notes/{note.pk}/like/")] * 20)
        assert any(found.startswith("notes_like: ") for found in wrong())


@contextmanager
def changed(change: str, restore: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(change)
        try:
            yield
        finally:
            cursor.execute(restore)
