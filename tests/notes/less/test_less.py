""" "Less like this": what it takes away, by how much, for whom, and that it is undone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.compose.actions import delete_note
from notes.explore import ranking
from notes.explore.affinities import taste_of
from notes.explore.epochs import write_epoch
from notes.explore.ranking import LESS_AUTHOR, LESS_TOPICS, Taste
from notes.less.actions import ask_for_less
from notes.models import Less, Note
from people.actions.blocks import block
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.markup import listed, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bob: User) -> Client:
    return signed_in(bob)


def less(client: Client, note: Note) -> int:
    return client.post(f"/notes/{note.pk}/less/", headers={"Referer": "http://testserver/"}).status_code


def test_the_step_is_bounded_by_topics_and_by_author() -> None:
    tea, film, alice = 1, 2, 7
    taste = Taste({}, (), None, {tea: 1.0, film: 9.0}, {alice: 1.0})
    assert ranking.less([], 8, taste) == 0
    assert ranking.less([tea], 8, taste) == pytest.approx(LESS_TOPICS / 3, abs=1e-6)
    assert ranking.less([tea, 3], 8, taste) == pytest.approx(LESS_TOPICS / 6, abs=1e-6), "equal shares"
    assert ranking.less([film], 8, taste) == pytest.approx(LESS_TOPICS)
    assert ranking.less([], alice, taste) == pytest.approx(LESS_AUTHOR / 3, abs=1e-6)
    most = Taste({}, (), None, {tea: 99.0}, {alice: 99.0})
    assert ranking.less([tea], alice, most) == pytest.approx(LESS_TOPICS + LESS_AUTHOR)
    assert ranking.less([tea], alice, ranking.NO_TASTE) == 0


def test_the_card_leaves_explore_and_latest_at_once_and_can_be_opened(client: Client, alice: User) -> None:
    note, other = make_note(alice, "Away"), make_note(alice, "Stays")
    write_epoch(made_at=timezone.now())
    young = make_note(alice, "New")
    for _twice in range(2):
        assert less(client, note) == 303
    less(client, young)
    for page in ("/", "/?sort=latest"):
        assert listed(client.get(page)) == [other.pk], page
    assert client.get(note.get_absolute_url()).status_code == 200
    assert note.pk in listed(client.get("/@alice/"))
    assert note.pk in listed(Client().get("/"))
    assert Less.objects.count() == 2


def test_it_stays_away_beyond_the_candidates_and_without_an_epoch(client: Client, alice: User) -> None:
    note = make_note(alice, "Away")
    less(client, note)
    assert listed(client.get("/")) == []


def test_topics_and_author_come_later_from_the_next_epoch_on(client: Client, bob: User, alice: User) -> None:
    note = make_note(alice, "Away", tags=["tea"])
    before = timezone.now()
    less(client, note)
    assert taste_of(bob.pk, None, before).less_authors == {}
    taste = taste_of(bob.pk, None, timezone.now())
    tag = note.tags.get()
    assert taste.less_topics == {tag.pk: pytest.approx(1, abs=0.01)}
    assert taste.less_authors == {alice.pk: pytest.approx(1, abs=0.01)}
    Less.objects.update(created_at=timezone.now() - timedelta(days=30))
    taste = taste_of(bob.pk, None, timezone.now())
    assert taste.less_topics == {tag.pk: pytest.approx(0.5, abs=0.01)}


def test_the_order_of_explore_changes(alice: User, charlie: User) -> None:
    reader = make_person()
    old, put_away = make_note(charlie, "By Charlie"), make_note(alice, "Away", tags=["tea"])
    tea = make_note(alice, "Tea", tags=["tea"])
    ask_for_less(person=charlie, note=put_away)
    write_epoch(made_at=timezone.now())
    assert listed(signed_in(reader).get("/"))[0] == tea.pk, "the newest first"
    ask_for_less(person=reader, note=put_away)
    write_epoch(made_at=timezone.now())
    assert listed(signed_in(reader).get("/")) == [old.pk, tea.pk]


def test_why_says_what_it_takes(client: Client, bob: User, alice: User) -> None:
    note, like_it = make_note(alice, "Away", tags=["tea"]), make_note(alice, "Tea", tags=["tea", "desk"])
    less(client, note)
    write_epoch(made_at=timezone.now())
    page = words(client.get(f"{like_it.get_absolute_url()}why/"))
    assert "Less like this −0.07" in page
    assert "You asked for less: #tea Alice An" in page
    assert "−" not in words(Client().get(f"{like_it.get_absolute_url()}why/"))
    assert "You asked for less like this" in words(client.get(f"{note.get_absolute_url()}why/"))
    own = signed_in(alice).get(f"{note.get_absolute_url()}why/").text
    assert f"/notes/{note.pk}/less/" not in own


def test_it_is_undone_at_once_and_in_settings(client: Client, alice: User) -> None:
    notes = [make_note(alice, f"Number {number}") for number in range(3)]
    for note in notes:
        less(client, note)
    page = client.get("/")
    assert f"/notes/{notes[2].pk}/less/delete/" in page.text
    for _twice in range(2):
        assert client.post(f"/notes/{notes[0].pk}/less/delete/").status_code == 303
    listed_there = words(client.get("/settings/less/"))
    assert "Number 0" not in listed_there
    assert "Number 1" in listed_there
    for _twice in range(2):
        assert client.post("/settings/less/delete/")["Location"] == "/settings/less/"
    assert not Less.objects.exists()
    assert "is listed here" in words(client.get("/settings/less/"))


def test_not_of_ones_own_of_nothing_or_of_what_one_may_not_see(
    client: Client, alice: User, bob: User
) -> None:
    mine = make_note(bob)
    private = make_note(alice, visibility="private")
    for pk in (mine.pk, private.pk, 987654321):
        assert client.post(f"/notes/{pk}/less/").status_code == 404
        assert client.post(f"/notes/{pk}/less/delete/").status_code == 303
    assert Client().post(f"/notes/{private.pk}/less/").status_code == 302
    assert client.get(f"/notes/{mine.pk}/less/").status_code == 405
    assert not Less.objects.exists()


@pytest.mark.parametrize("is_blocked", [True, False])
def test_the_list_tells_nothing_of_what_is_closed(
    client: Client, alice: User, bob: User, *, is_blocked: bool
) -> None:
    note = make_note(alice, "Secret title")
    less(client, note)
    client.get("/settings/less/")
    if is_blocked:
        block(blocker=alice, blocked=bob)
    else:
        Note.objects.filter(pk=note.pk).update(visibility="private")
    page = client.get("/settings/less/").text
    assert "Secret title" not in page
    assert "Alice" not in page
    assert "can no longer open" in page
    assert client.post(f"/notes/{note.pk}/less/delete/").status_code == 303
    assert not Less.objects.exists()


def test_it_goes_with_the_note(client: Client, alice: User) -> None:
    note = make_note(alice)
    less(client, note)
    delete_note(note=note)
    assert not Less.objects.exists()


def test_explore_asks_no_more_of_those_who_use_it(client: Client, alice: User, bob: User) -> None:
    for _number in range(30):
        make_note(make_person(), tags=["tea"])
    write_epoch(made_at=timezone.now())

    def asked(address: str) -> int:
        client.get(address)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    never = asked("/"), asked("/?sort=latest")
    lists = []
    for number in (1, 3, 24):
        for note in Note.objects.exclude(pk__in=Less.objects.values("note"))[: number - Less.objects.count()]:
            ask_for_less(person=bob, note=note)
        client.get("/")
        assert asked("/") <= never[0]
        assert asked("/?sort=latest") <= never[1]
        lists.append(asked("/settings/less/"))
    assert len(set(lists)) == 1
