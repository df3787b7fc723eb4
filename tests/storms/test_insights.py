"""Figures for creators, over HTTP against the production server: exact under concurrency."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F, Sum
from django.utils import timezone

from insights.models import FollowDay, NoteFollowDay, NoteHour, ProfileDay
from notes.models import NoteDay, NoteReader
from profiles.models import Follow, Positioning
from tests.builders import make_label, make_note, make_person
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.kills import until
from tests.storms.test_storms import calm, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 3


def total(what: str, **of: object) -> int:
    return NoteDay.objects.filter(**of).aggregate(number=Sum(what))["number"] or 0


@pytest.mark.long
def test_a_crowd_that_looks_opens_follows_and_leaves_off(web_server: WebServer) -> None:
    author, people = make_person(), crowd(16)
    notes = [make_note(author, photos=3) for _ in range(2)]
    posts = []
    for person in people:
        sent_by, profile = session(person), author.get_absolute_url()
        gets = ["/?sort=latest", *(note.get_absolute_url() for note in notes), profile]
        posts += [Post(sent_by, path, None) for path in gets * TIMES]
        for note in notes:
            posts += [
                Post(sent_by, f"{note.get_absolute_url()}seen/", (("photo", str(number)),))
                for number in (1, 3, 2)
            ]
            posts += [
                Post(sent_by, f"{profile}follow/?from={note.pk}"),
                Post(sent_by, f"{profile}follow/delete/"),
            ]
        if person.pk % 2:
            posts.append(Post(sent_by, f"{profile}follow/?from={notes[0].pk}"))
    assert calm(storm(web_server.port, posts), 200, 303, 204, 404)

    views = len(people) * TIMES
    until(lambda: total("shown", source="profile") == views * len(notes), 40)
    until(lambda: ProfileDay.objects.aggregate(number=Sum("visits"))["number"] == len(people), 40)
    for note in notes:
        assert total("shown", note=note, source="explore") == views
        assert total("shown", note=note, source="note") == views, "as a card below the other note"
        assert total("opened", note=note) == len(people), "each once, whichever process was asked"
        assert sum(NoteHour.objects.filter(note=note).values_list("opened", flat=True)) == len(people)
    until(lambda: set(NoteReader.objects.values_list("reached", flat=True)) == {3}, 40)
    net = FollowDay.objects.aggregate(net=Sum(F("won") - F("lost")))["net"]
    assert net == Follow.objects.filter(followed=author).count()
    assert NoteFollowDay.objects.aggregate(net=Sum(F("won") - F("lost")))["net"] == net
    assert wrong() == []
    call_command("recount")


def test_a_server_that_ends_writes_what_it_counted(web_server: WebServer) -> None:
    author, people = make_person(), crowd(6)
    note = make_note(author)
    server = WebServer()
    assert storm(server.port, [Post(session(person), "/?sort=latest", None) for person in people]) == {200: 6}
    server.popen.terminate()
    assert server.popen.wait(15) == 0
    assert total("shown", note=note) == 6


def test_going_back_while_others_publish_leaves_one_label(web_server: WebServer) -> None:
    """The same form from many windows at once: the interlude goes once, and the former label goes on."""
    person = make_person()
    former = make_label(person, "Canteen diary", topics=["food"])
    Positioning.objects.update(declared_at=timezone.now() - timedelta(days=30))
    make_label(person, "Library hermit", topics=["exam"])
    form = (("label", "Canteen diary"), ("topics", "food"), ("audience", "everyone"))
    assert storm(web_server.port, [Post(session(person), "/settings/label/", form)] * 24) == {303: 24}
    assert person.positionings.get() == former
