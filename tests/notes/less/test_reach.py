"""Which lists "Less like this" reaches beside Explore, and where the step counts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.collections.actions import follow_collection
from notes.explore.epochs import write_epoch
from notes.feeds.beside import beside
from notes.less.actions import ask_for_less
from notes.models import Note
from notes.reactions.actions import collect
from profiles.models import User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in
from tests.markup import listed, words
from tests.notes.collections.shelving import shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bob: User) -> Client:
    return signed_in(bob)


def test_lists_of_many_people_leave_it_out(client: Client, alice: User, bob: User) -> None:
    make_label(alice, "Tea person", topics=["tea"])
    here = make_campus()
    away, stays = (make_note(alice, f"Green tea {name}", tags=["tea"], campus=here) for name in ("1", "2"))
    beside_it = make_note(make_person(), "Elsewhere", tags=["tea"])
    addresses = [
        "/",
        "/?sort=latest",
        "/tags/tea/",
        "/labels/tea-person/",
        here.get_absolute_url(),
        "/search/?q=tea",
        "/search/?q=tea&kind=notes&sort=latest",
        "/search/?q=tea&kind=notes&sort=popular",
        beside_it.get_absolute_url(),
        stays.get_absolute_url(),
    ]
    for address in addresses:
        assert away.pk in listed(client.get(address)), address
    ask_for_less(person=bob, note=away)
    for address in addresses:
        assert away.pk not in listed(client.get(address)), address
        assert away.pk in listed(Client().get(address)), address


def test_what_one_asks_for_by_name_stays(client: Client, alice: User, bob: User) -> None:
    note = make_note(alice, "Green tea")
    collect(person=bob, note=note)
    theirs = shelve(alice, "Teas", note)
    follow_collection(person=bob, collection=theirs)
    ask_for_less(person=bob, note=note)
    for address in ("/following/", "/@alice/", "/@bob/collections/", theirs.get_absolute_url()):
        assert note.pk in listed(client.get(address)), address
    assert client.get(note.get_absolute_url()).status_code == 200


def test_search_by_relevance_puts_what_is_like_it_later(client: Client, alice: User, bob: User) -> None:
    away = make_note(alice, "Away", tags=["tea"])
    other = make_note(make_person(), "A quiet desk")
    alike = make_note(make_person(), "A quiet desk", tags=["tea"])
    same_author = make_note(alice, "A quiet desk")
    address = "/search/?q=quiet+desk&kind=notes"
    assert listed(client.get(address)) == [same_author.pk, alike.pk, other.pk]
    ask_for_less(person=bob, note=away)
    assert listed(client.get(address)) == [other.pk, same_author.pk, alike.pk], "0.03 and 0.07"
    assert listed(Client().get(address)) == [same_author.pk, alike.pk, other.pk]
    assert listed(client.get(f"{address}&sort=latest")) == [same_author.pk, alike.pk, other.pk]


def test_more_like_this_puts_what_is_like_it_later(alice: User, bob: User) -> None:
    note = make_note(make_person(), "Desk", tags=["desk"])
    away = make_note(alice, "Away", tags=["tea"])
    two = make_note(alice, "Two shared", tags=["desk", "tea"])
    other, alike = make_note(make_person(), tags=["desk"]), make_note(make_person(), tags=["desk", "tea"])

    def order(viewer: User) -> list[int]:
        return [each.pk for each in beside(viewer, note, list(note.tags.all()))[1].rows]

    assert order(bob) == [alike.pk, other.pk, two.pk]
    ask_for_less(person=bob, note=away)
    assert order(bob) == [other.pk, alike.pk, two.pk]
    assert order(alice) == [alike.pk, other.pk, two.pk]


def test_pages_of_more_like_this_fit_together_with_the_step(alice: User, bob: User) -> None:
    note, away = make_note(make_person(), tags=["desk"]), make_note(alice, "Away", tags=["tea"])
    ask_for_less(person=bob, note=away)
    made = [
        make_note(alice if number % 3 else make_person(), tags=["desk", "tea"][: 1 + number % 2])
        for number in range(40)
    ]
    tags, seen, after = list(note.tags.all()), [], ""
    for _page in range(10):
        _more, page = beside(bob, note, tags, after)
        seen += [each.pk for each in page.rows]
        after = page.after
        if not after or after.startswith("n"):
            break
    assert sorted(seen) == sorted(each.pk for each in made)


def test_why_shows_the_step_of_a_note_that_explore_does_not_rank(
    client: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, alike = make_note(alice, "Away", tags=["tea"]), make_note(alice, "Tea", tags=["tea"])
    ask_for_less(person=bob, note=away)
    write_epoch(made_at=timezone.now())
    monkeypatch.setattr("notes.explore.why._candidate", lambda *_words: None)
    page = words(client.get(f"{alike.get_absolute_url()}why/"))
    assert "You asked for less like it, which takes 0.10 from its sum in search: #tea Alice An" in page
    assert "which takes" not in words(Client().get(f"{alike.get_absolute_url()}why/"))


def test_the_page_says_what_it_reaches_and_what_not(client: Client, alice: User, bob: User) -> None:
    ask_for_less(person=bob, note=make_note(alice))
    page = words(client.get("/settings/less/"))
    assert "left out of Explore, search, tags, labels, campuses and the lists below notes" in page
    assert "Following, profiles, series, collections and what you saved stay as they are." in page


@pytest.mark.parametrize("number", [1, 3, 24])
def test_lists_cost_no_more_queries(client: Client, alice: User, bob: User, number: int) -> None:
    notes = [make_note(alice, f"Tea {each}", tags=["tea"]) for each in range(30)]
    addresses = ("/search/?q=tea&kind=notes", "/tags/tea/", notes[29].get_absolute_url())

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    never = [asked(address) for address in addresses]
    for note in notes[:number]:
        ask_for_less(person=bob, note=note)
    assert [asked(address) for address in addresses] == never
    assert Note.objects.count() == 30
