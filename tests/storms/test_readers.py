"""Readers of notes, over HTTP against the production server: exact under concurrency, and written before a process
ends.
"""

import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from notes.models import Note, NoteDay, NoteReader
from profiles.models import User
from tests.builders import make_note, make_person
from tests.notes.readers.test_engaged import counted_days, days, stands
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.kills import until
from tests.storms.test_storms import calm, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(web_server: WebServer) -> Iterator[WebServer]:
    own = WebServer()
    yield own
    own.stop()


def opening(person: User | None, note: Note) -> Post:
    return Post(session(person) if person else "", note.get_absolute_url(), None)


def opened(note: Note) -> int:
    return NoteReader.objects.filter(note=note).count()


def test_a_server_that_ends_writes_what_it_knows_and_one_that_is_killed_has_written_the_rest(
    server: WebServer,
) -> None:
    author = make_person()
    first, second, third = (make_note(author) for _ in range(3))
    people = crowd(8)
    assert storm(server.port, [opening(person, first) for person in people]) == {200: 8}
    began = time.monotonic()
    until(lambda: opened(first) == 8)
    assert time.monotonic() - began < 5
    assert storm(server.port, [opening(people[0], second)]) == {200: 1}
    server.kill()
    assert opened(first) == 8

    again = WebServer()
    assert storm(again.port, [opening(person, third) for person in [*people, None]]) == {200: 9}
    again.popen.terminate()
    assert again.popen.wait(10) == 0
    assert opened(third) == 8
    assert sum(NoteDay.objects.filter(note=third).values_list("visits", flat=True)) == 1
    call_command("recount")


@pytest.mark.long
def test_a_crowd_that_opens_answers_and_thinks_again(web_server: WebServer) -> None:
    authors, people = [make_person() for _ in range(2)], crowd(16)
    notes = [make_note(author) for author in authors]
    posts = []
    for note in notes:
        at, follow = note.get_absolute_url(), f"{note.author.get_absolute_url()}follow/"
        for person in people:
            sent_by = session(person)
            acts = [f"{at}like/", f"{at}like/delete/", f"{at}collect/", f"{follow}?from={note.pk}"]
            acts += [f"{at}collect/delete/", f"{follow}delete/", f"{at}like/", f"{at}like/delete/"]
            acts += [f"{follow}?from={note.pk}"] if person.pk % 2 else [f"{at}like/"] if person.pk % 3 else []
            posts += [Post(sent_by, act) for act in acts[:4]]
            posts.append(Post(sent_by, at, None))
            posts += [Post(sent_by, act) for act in acts[4:]]
    assert calm(storm(web_server.port, posts), 200, 303)
    until(lambda: NoteReader.objects.count() == len(notes) * len(people))
    readers = list(NoteReader.objects.select_related("note"))
    assert [reader.engaged_day is not None for reader in readers] == [stands(reader) for reader in readers]
    assert {stands(reader) for reader in readers} == {True, False}
    assert days() == counted_days()
    assert wrong() == []
    call_command("recount")
