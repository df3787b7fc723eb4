"""Scheduled notes and pending edits while the worker is killed at any point, and while all happens at once."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from core.jobs import defer
from notes.models import Mention, Note, PendingEdit, Photo
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import make_draft, make_note, make_person, make_photo, signed_in, upload
from tests.notes.compose.filled_form import filled_in
from tests.servers import PROJECT, Process, WebServer, database_url, manage, wait_until, worker_command
from tests.storms.client import Post, storm
from tests.storms.kills import until, waiting_for_locks
from tests.storms.test_kill_worker import let_the_lease_end
from tests.storms.test_storms import calm, session, wrong

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def worker_again() -> Iterator[Callable[[], Process]]:
    """Starts another worker, which finds what is due and what the one before left."""
    started: list[Process] = []

    def start() -> Process:
        started.append(Process("worker", worker_command()))
        let_the_lease_end()
        sweep_now()
        return started[-1]

    yield start
    for process in started:
        process.stop()


def sweep_now() -> None:
    """Queue the job that runs every minute, unless it is queued."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        defer("publish_due", timestamp=0)


def due(author: User, title: str, minutes: int, **fields: object) -> Note:
    return make_draft(author, title, scheduled_for=timezone.now() - timedelta(minutes=minutes), **fields)


def all_out(*notes: Note) -> bool:
    return Note.objects.filter(pk__in=[note.pk for note in notes], status="published").count() == len(notes)


# What the worker waits for when it is killed: before it has claimed a note, with the note claimed, and just before it
# commits, when it stores the mention.
POINTS = {
    "before": "SELECT pg_advisory_xact_lock(hashtextextended('publish_due', 0))",
    "claimed": "SELECT FROM profiles_user WHERE handle = 'alice' FOR UPDATE",
    "about to commit": "LOCK TABLE notes_mention IN ACCESS EXCLUSIVE MODE",
}


@pytest.mark.parametrize("point", POINTS)
def test_the_worker_is_killed_while_it_publishes(
    alice: User, bob: User, worker: Process, worker_again: Callable[[], Process], point: str
) -> None:
    notes = [due(alice, "First", 9, body="With @bob"), due(alice, "Second", 5), due(alice, "Third", 1)]
    with psycopg.connect(database_url()) as other:
        other.execute(POINTS[point])
        sweep_now()
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    assert Note.objects.filter(status="draft", scheduled_for__isnull=False).count() == 3, "All or nothing."
    wait_until(lambda: all_out(*notes), "The notes are not out", worker_again(), 90)
    out = Note.objects.order_by("published_at")
    assert [note.title for note in out] == ["First", "Second", "Third"]
    assert [note.scheduled_for for note in out] == [None] * 3
    assert Mention.objects.filter(person=bob).count() == 1


def test_the_worker_is_killed_between_two_notes(
    alice: User, bob: User, worker: Process, worker_again: Callable[[], Process]
) -> None:
    first, second = due(alice, "First", 9), due(bob, "Second", 5)
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT FROM profiles_user WHERE handle = 'bob' FOR UPDATE")
        sweep_now()
        until(lambda: all_out(first))
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    first.refresh_from_db()
    published_at = first.published_at
    wait_until(lambda: all_out(second), "The second is not out", worker_again(), 90)
    first.refresh_from_db()
    assert first.published_at == published_at, "once"


def test_the_worker_is_killed_while_an_edit_takes_effect(
    alice: User, worker: Process, worker_again: Callable[[], Process]
) -> None:
    note = make_note(alice, "As it was", photos=1)
    client, address = signed_in(alice), f"{note.get_absolute_url()}edit/"
    with psycopg.connect(database_url()) as other:
        form = filled_in(client, address, title="As it will be", photos=[upload()])
        other.execute("LOCK TABLE notes_noteversion IN ACCESS EXCLUSIVE MODE")
        assert client.post(address, form).status_code == 303
        until(waiting_for_locks)
        worker.kill()
        until(lambda: Client().get(note.get_absolute_url()).status_code == 200)
        assert "As it was" in Client().get(note.get_absolute_url()).text
    until(lambda: not waiting_for_locks())
    assert PendingEdit.objects.exists()
    wait_until(lambda: not PendingEdit.objects.exists(), "The edit has no effect", worker_again(), 90)
    note.refresh_from_db()
    assert (note.title, note.photos.count(), note.versions.count()) == ("As it will be", 2, 1)


SWEEP = "from notes.schedule.actions import publish_due\nfor _ in range(60): publish_due()"


def sweeping() -> subprocess.Popen[bytes]:
    """A process of its own that publishes what is due, over and over."""
    env = {**os.environ, "DATABASE_URL": database_url()}
    return subprocess.Popen([*manage(), "shell", "-v", "0", "-c", SWEEP], cwd=PROJECT, env=env)


def test_schedule_edit_cancel_delete_and_suspend_at_once(web_server: WebServer, mona: User) -> None:
    """Two processes sweep, eight send forms, this one suspends: each note is out once, or not at all."""
    people = [make_person(f"writer_{number}") for number in range(4)]
    posts: list[Post] = []
    for person in people:
        by, client = session(person), signed_in(person)
        for number in range(5):
            note = due(person, f"Note {number}", number)
            make_photo(person, note=note)
            address = f"{note.get_absolute_url()}edit/"
            form = {**filled_in(client, address), "photos": []}
            words = tuple((name, str(each)) for name, all_ in form.items() for each in _each(all_))
            plain = tuple(pair for pair in words if pair[0] != "action")
            later = timezone.localtime(timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
            moved = tuple(pair for pair in plain if pair[0] != "publish_at")
            posts += [
                Post(by, address, (*plain, ("action", "publish"))),
                Post(by, address, (*moved, ("publish_at", later), ("action", "schedule"))),
                Post(by, address, (*plain, ("action", "draft"))),
                Post(by, f"{note.get_absolute_url()}schedule/delete/"),
            ]
            if number % 2:
                posts.append(Post(by, f"{note.get_absolute_url()}delete/"))
    sweepers = [sweeping() for _ in range(2)]
    suspend_person(person=people[0], by=mona, reason="A rule")
    statuses = storm(web_server.port, posts)
    assert [process.wait(120) for process in sweepers] == [0, 0]
    assert calm(statuses, 302, 303, 403, 404, 409, 422), statuses
    suspended = Note.objects.filter(author=people[0], status="published")
    assert not suspended.exists(), "None of a suspended person."
    for note in Note.objects.all():
        assert (note.status == "published") == (note.published_at is not None)
        assert note.status != "published" or note.scheduled_for is None
    assert not Photo.objects.filter(note=None).exists()
    assert wrong() == []


def _each(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
