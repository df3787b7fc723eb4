"""Following a collection: how many do, what is new in it, from before signing in, and once it closes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leaving.contents.notes import followed_collections
from notes.collections import follows
from notes.collections.actions import follow_collection, sort_save
from notes.models import Collection, CollectionFollow, Note
from notes.readers import write_buffer
from people.actions.blocks import block
from profiles.models import User
from tests.builders import PASSWORD, make_note, make_person, signed_in
from tests.markup import words
from tests.notes.collections.shelving import shelve

pytestmark = pytest.mark.django_db
AGENT = {"User-Agent": "Mozilla/5.0", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def owner() -> User:
    return make_person("olive", name="Olive Ou")


@pytest.fixture
def collection(alice: User, owner: User) -> Collection:
    return shelve(owner, "Places to sit", make_note(alice))


def follow(person: User, collection: Collection) -> None:
    assert follow_collection(person=person, collection=collection)


def add(collection: Collection, note: Note) -> None:
    sort_save(person=collection.owner, note=note, add=[collection.pk], remove=[])


def visit(person: User, collection: Collection, **headers: str) -> None:
    signed_in(person).get(collection.get_absolute_url(), headers=AGENT | headers)
    write_buffer.flush()


def has_news(person: User) -> bool:
    return "coll__new" in signed_in(person).get("/collections/").text


def test_everybody_reads_how_many_follow_and_nobody_who(
    collection: Collection, owner: User, bob: User, charlie: User
) -> None:
    assert "follower" not in words(Client().get(collection.get_absolute_url()))
    follow(bob, collection)
    assert "1 note · 1 follower" in words(Client().get(collection.get_absolute_url()))
    follow(charlie, collection)
    for viewer in (None, owner, bob):
        page = signed_in(viewer).get(collection.get_absolute_url())
        assert "2 followers" in words(page)
        assert charlie.handle not in page.text
    User.objects.filter(pk=charlie.pk).update(suspended_at=timezone.now())
    assert "1 follower" in words(Client().get(collection.get_absolute_url()))
    block(blocker=owner, blocked=bob)
    assert "follower" not in words(Client().get(collection.get_absolute_url()))
    follow(make_person(), collection)
    Collection.objects.update(is_private=True)
    assert "follower" not in words(signed_in(owner).get(collection.get_absolute_url()))


def test_many_followers_are_not_counted_one_by_one(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follows, "FOLLOWERS", 2)
    for number in (1, 2, 3, 4):
        follow(make_person(), collection)
        said = words(Client().get(collection.get_absolute_url()))
        assert ("2+ followers" if number > 2 else f"{number} follower") in said


def test_a_dot_says_that_notes_came_since_the_last_visit(
    collection: Collection, alice: User, bob: User, charlie: User
) -> None:
    follow(bob, collection)
    follow(charlie, collection)
    assert not has_news(bob)
    add(collection, make_note(alice))
    assert has_news(bob)
    assert "New notes" in words(signed_in(bob).get("/collections/"))
    for headers in ({"User-Agent": "A bot"}, {"Sec-Purpose": "prefetch"}):
        visit(bob, collection, **headers)
        assert has_news(bob), "nobody looked"
    for _twice in range(2):
        visit(bob, collection)
        assert not has_news(bob)
    assert has_news(charlie), "of each their own"
    assert CollectionFollow.objects.count() == 2, "a visit follows nothing"


def test_no_dot_for_what_its_follower_may_not_see(
    collection: Collection, owner: User, alice: User, bob: User
) -> None:
    follow(bob, collection)
    private = make_note(owner, visibility="private")
    add(collection, private)
    add(collection, make_note(make_person(), visibility="followers"))
    assert not has_news(bob)
    Note.objects.filter(pk=private.pk).update(visibility="public")
    assert has_news(bob)
    Note.objects.filter(pk=private.pk).delete()
    assert not has_news(bob)


def test_taking_out_and_moving_is_no_news(collection: Collection, alice: User, bob: User) -> None:
    second = make_note(alice)
    add(collection, second)
    follow(bob, collection)
    sort_save(person=collection.owner, note=second, add=[], remove=[collection.pk])
    assert not has_news(bob)


def test_a_follow_of_the_version_before_has_no_dot_until_a_visit(
    collection: Collection, alice: User, bob: User
) -> None:
    CollectionFollow.objects.create(follower=bob, collection=collection)
    add(collection, make_note(alice))
    assert not has_news(bob)
    visit(bob, collection)
    add(collection, make_note(alice))
    assert has_news(bob)


def test_an_older_visit_that_is_written_later_changes_nothing(collection: Collection, bob: User) -> None:
    follow(bob, collection)
    row = CollectionFollow.objects.get()
    early, late = row.seen_place + 1, row.seen_place + 2
    for places in ([late], [early], [late, early, late]):
        follows.record_visits([follows.Visit(bob.pk, collection.pk, place) for place in places])
        row.refresh_from_db()
        assert row.seen_place == late
    follows.record_visits([follows.Visit(bob.pk, 987654321, late), follows.Visit(987654321, row.pk, late)])


@pytest.mark.parametrize("how", ["private", "deleted", "unfollowed"])
def test_a_visit_that_is_written_after_it_closed(collection: Collection, bob: User, how: str) -> None:
    follow(bob, collection)
    signed_in(bob).get(collection.get_absolute_url(), headers=AGENT)
    if how == "private":
        Collection.objects.update(is_private=True)
    else:
        (Collection if how == "deleted" else CollectionFollow).objects.all().delete()
    write_buffer.flush()
    assert "Places to sit" not in signed_in(bob).get("/collections/").text
    assert CollectionFollow.objects.count() == (how == "private")


def test_the_dots_cost_the_same_however_many_there_are(alice: User, owner: User, bob: User) -> None:
    browser, asked = signed_in(bob), []
    for number in (1, 3, 24):
        for place in range(Collection.objects.count(), number):
            made = shelve(owner, f"Shelf {place}", make_note(alice))
            follow(bob, made)
            add(made, make_note(make_person()))
        browser.get("/collections/")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/collections/")
        assert page.text.count("coll__new") == number
        asked.append(len(queries))
    assert len(set(asked)) == 1


def test_pressed_before_signing_in_it_is_done_afterwards(collection: Collection, bob: User) -> None:
    browser, page = Client(), collection.get_absolute_url()
    answer = browser.post(f"/collections/{collection.pk}/follow/", {"next": page})
    door = answer["Location"]
    assert parse_qs(urlsplit(door).query)["next"][0].startswith(f"{page}?pressed=")
    assert "Sign in to follow “Places to sit”" in words(browser.get(door))
    assert not CollectionFollow.objects.exists()
    onward = browser.post(door, {"login": bob.email, "password": PASSWORD})
    assert onward["Location"] == page
    assert CollectionFollow.objects.get().follower == bob
    shown = browser.get(page)
    assert "You follow “Places to sit”." in shown.text
    assert 'aria-pressed="true"' in shown.text


@pytest.mark.parametrize("how", ["private", "blocked", "own"])
def test_pressed_before_signing_in_and_closed_meanwhile(
    collection: Collection, owner: User, bob: User, how: str
) -> None:
    browser, page = Client(), collection.get_absolute_url()
    door = browser.post(f"/collections/{collection.pk}/follow/", {"next": page})["Location"]
    if how == "private":
        Collection.objects.update(is_private=True)
        assert "Places to sit" not in browser.get(door).text
        assert "Sign in to follow this collection" in words(browser.get(door))
    if how == "blocked":
        block(blocker=owner, blocked=bob)
    who = owner if how == "own" else bob
    assert browser.post(door, {"login": who.email, "password": PASSWORD}).status_code == 302
    assert "no longer available" in browser.get("/").text
    assert not CollectionFollow.objects.exists()


def test_once_it_is_private_no_list_and_no_archive_has_its_name(
    collection: Collection, owner: User, bob: User, charlie: User
) -> None:
    follow(bob, collection)
    add(collection, make_note(make_person()))
    address = collection.get_absolute_url()
    Collection.objects.filter(pk=collection.pk).update(is_private=True)
    for viewer in (None, bob, charlie):
        browser = signed_in(viewer)
        pages = [
            "/",
            "/@olive/",
            "/@olive/collections/",
            address,
            "/notifications/",
            "/following/",
            "/search/?q=Places",
        ]
        for page in [*pages, "/collections/", "/@bob/collections/"]:
            text = browser.get(page).text.replace("q=Places", "").replace('value="Places"', "")
            assert "Places to sit" not in text, (viewer, page)
            assert "coll__new" not in text
    assert [(row["name"], row["person"]) for row in followed_collections(bob)] == [(None, None)]
    Collection.objects.filter(pk=collection.pk).update(is_private=False)
    assert has_news(bob), "it is found again where it was"
