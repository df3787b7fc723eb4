"""Fifty accounts on one network, over HTTP against the production server, and how far they move a note on Explore."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from notes.explore.epochs import write_epoch
from notes.models import Note, NoteReader
from profiles.models import User
from tests.builders import make_note, make_person
from tests.markup import listed
from tests.notes.readers.recorded import make_readers
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.kills import until
from tests.storms.test_storms import session

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

PLACE = 15


def places(client: object) -> list[int]:
    write_epoch(made_at=timezone.now())
    return listed(client.get("/"))  # type: ignore[attr-defined]


def push(port: int, people: Sequence[User], target: Note) -> None:
    """All open the note, like it, save it and follow its author from it."""
    known = NoteReader.objects.filter(note=target).count()
    sessions = [session(person) for person in people]
    at, follow = target.get_absolute_url(), f"{target.author.get_absolute_url()}follow/?from={target.pk}"
    acts = [(at, None), (f"{at}like/", ()), (f"{at}collect/", ()), (follow, ())]
    for act, form in acts:
        assert set(storm(port, [Post(sent_by, act, form) for sent_by in sessions])) <= {200, 303}
    until(lambda: NoteReader.objects.filter(note=target).count() == known + len(people))


def read_for_a_week(port: int, people: Sequence[User], others: Sequence[Note]) -> None:
    """They open seven notes, one a day."""
    for days_ago, note in enumerate(others, 1):
        posts = [Post(session(person), note.get_absolute_url(), None) for person in people]
        assert set(storm(port, posts)) == {200}
        until(
            lambda note=note: NoteReader.objects.filter(note=note, person__in=people).count() == len(people)
        )
        day = timezone.localdate() - timedelta(days=days_ago)
        NoteReader.objects.filter(note=note, person__in=people).update(first_seen_day=day)


def test_fifty_accounts_of_one_network(web_server: WebServer, client: object) -> None:
    now = timezone.now()
    notes = [make_note(make_person(), published_at=now - timedelta(hours=1 + hour)) for hour in range(24)]
    for note in notes:
        make_readers(note, 10, engaged=3)
    old = [make_note(make_person(), published_at=now - timedelta(days=90)) for _ in range(7)]
    before = places(client)
    target = next(note for note in notes if note.pk == before[PLACE])

    fresh = [make_person(is_counted=False, date_joined=now - timedelta(hours=1)) for _ in range(50)]
    push(web_server.port, fresh, target)
    assert places(client) == before

    aged = [make_person(is_counted=False, date_joined=now - timedelta(days=9)) for _ in range(50)]
    push(web_server.port, aged, target)
    assert abs(places(client).index(target.pk) - PLACE) <= 2

    User.objects.filter(pk__in=[person.pk for person in fresh]).update(date_joined=now - timedelta(days=2))
    assert abs(places(client).index(target.pk) - PLACE) <= 2, "The fresh ones count by now."
    assert NoteReader.objects.filter(note=target, is_counted=True).count() == 110

    readers = [make_person(date_joined=now - timedelta(days=40)) for _ in range(50)]
    read_for_a_week(web_server.port, readers, old)
    push(web_server.port, readers, target)
    assert abs(places(client).index(target.pk) - PLACE) <= 2, "who have read on seven days"
