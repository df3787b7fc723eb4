"""Every named list of notes: its content, its order, and pages without repeats or gaps."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from core.db.keyset import PAGE_SIZE, keyset
from notes.compose.tagging import tags_named
from notes.feeds import beside, lists
from notes.models import Collect, Note, TaggedNote
from notes.reactions.actions import collect, like, uncollect
from people.actions.follows import follow, unfollow
from people.actions.labels import hide_label, withdraw_label
from profiles.models import Block, User
from tests.builders import make_campus, make_draft, make_label, make_note, make_person, signed_in
from tests.markup import listed, main_html, words

VISITOR = AnonymousUser()
NOW = timezone.now()


def ago(**time: float) -> dict:
    return {"published_at": NOW - timedelta(**time)}


def titles(page: object) -> list[str]:
    return [note.title for note in getattr(page, "rows", page)]


def all_pages(client: Client, address: str) -> list[list[int]]:
    """What a person finds who follows "More notes" from page to page."""
    pages = []
    while address:
        response = client.get(address)
        pages.append(listed(response))
        found = re.search(r'href="([^"]*)"\s+rel="next nofollow"', main_html(response))
        address = unescape(found[1]) if found else ""
        if address.startswith("?"):
            address = response.wsgi_request.path + address
    return pages


def test_latest_is_by_time_and_so_is_explore_without_an_epoch(alice: User) -> None:
    make_note(alice, "old", **ago(days=3))
    make_note(alice, "new", **ago(hours=1))
    ids = list(Note.objects.order_by("-pk").values_list("pk", flat=True))
    for address in ("/", "/?sort=latest", "/?sort=nonsense"):
        assert listed(Client().get(address)) == ids


def test_a_channel_is_a_tag(alice: User) -> None:
    make_note(alice, "tea", tags=["tea", "noodles"], **ago(hours=2))
    make_note(alice, "tea too", tags=["Tea"], **ago(hours=3))
    make_note(alice, "coffee", tags=["coffee"])
    for address, order in (
        ("/?channel=tea", ["tea", "tea too"]),
        ("/?channel=tea&sort=latest", ["tea", "tea too"]),
        ("/tags/tea/", ["tea", "tea too"]),
    ):
        page = Client().get(address)
        assert [Note.objects.get(pk=pk).title for pk in listed(page)] == order
    assert Client().get("/?channel=nothing").status_code == 404
    assert Client().get("/tags/nothing/").status_code == 404


def test_following_holds_what_those_one_follows_show_one(alice: User, bob: User, charlie: User) -> None:
    make_note(alice, "for everyone", **ago(hours=3))
    make_note(alice, "for followers", visibility="followers", **ago(hours=2))
    make_note(alice, "for herself", visibility="private", **ago(hours=1))
    make_draft(alice, "unfinished")
    make_note(charlie, "a stranger’s")
    make_note(bob, "one’s own")
    assert titles(lists.following(bob)) == ["for followers", "for everyone"]
    assert titles(lists.following(charlie)) == []
    assert "Nothing here yet" in words(signed_in(charlie).get("/following/"))
    follow(follower=bob, followed=charlie)
    assert titles(lists.following(bob)) == ["a stranger’s", "for followers", "for everyone"]
    unfollow(follower=bob, followed=alice)
    assert titles(lists.following(bob)) == ["a stranger’s"]


def test_following_is_for_those_who_signed_in() -> None:
    response = Client().get("/following/?after=t1_1")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/following/%3Fafter%3Dt1_1",
    )


def test_a_label_gathers_the_notes_of_those_who_declare_it_now(alice: User, bob: User, charlie: User) -> None:
    label = make_label(alice, "Film on campus").label
    make_label(bob, "FILM on campus")
    make_label(charlie, "Tea at night")
    make_note(alice, "of Alice", tags=["campus"], **ago(hours=2))
    make_note(bob, "of Bob", tags=["campus"], **ago(hours=1))
    make_note(bob, "not for all", tags=["campus"], visibility="followers")
    make_note(bob, "on something else", tags=["tea"])
    make_note(charlie, "of Charlie", tags=["campus"])
    assert titles(lists.labelled(VISITOR, label)) == ["of Bob", "of Alice"]
    assert len(listed(Client().get("/labels/film-on-campus/"))) == 2
    withdraw_label(person=bob)
    assert titles(lists.labelled(VISITOR, label)) == ["of Alice"]
    hide_label(label=label, by=charlie, reason="No brands.")
    assert Client().get("/labels/film-on-campus/").status_code == 404


def test_a_later_page_of_a_label_looks_past_notes_on_other_topics(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = make_label(alice, "Film on campus").label
    monkeypatch.setattr(lists, "PAGE_SIZE", 4)
    for number in range(2):
        make_note(alice, f"on it {number}", tags=["campus"], **ago(hours=50 + number))
    for number in range(30):
        make_note(alice, "on something else", **ago(hours=10 + number))
    make_note(alice, "the newest", tags=["campus"], **ago(hours=1))
    after = keyset(Note.objects.all(), "published_at", "", 1).after
    page = lists.labelled(VISITOR, label, after)
    assert (titles(page), page.after) == (["on it 0", "on it 1"], "")


def test_a_campus_gathers_its_notes(alice: User, charlie: User) -> None:
    here, there = make_campus("Linhai University"), make_campus("清华大学")
    make_note(alice, "here", campus=here, **ago(hours=1))
    make_note(charlie, "here too", campus=here)
    make_note(alice, "there", campus=there)
    make_note(alice, "private", campus=here, visibility="private")
    assert titles(lists.at_campus(alice, here)) == ["here too", "here"]
    assert len(listed(Client().get(there.get_absolute_url()))) == 1


def test_a_profile_shows_each_viewer_what_is_theirs_to_see(alice: User, bob: User, charlie: User) -> None:
    for visibility in ("public", "followers", "private"):
        make_note(alice, visibility, visibility=visibility)
    make_draft(alice, "waiting", status="processing")
    make_note(alice, "waiting again", status="processing")
    make_draft(alice, "draft")
    make_draft(alice, "taken back", published_at=NOW)
    make_note(charlie, "another’s")
    assert titles(lists.by_author(VISITOR, alice)) == ["public"]
    assert titles(lists.by_author(charlie, alice)) == ["public"]
    assert titles(lists.by_author(bob, alice)) == ["followers", "public"]
    assert titles(lists.by_author(alice, alice)) == ["waiting again", "private", "followers", "public"]


def test_what_one_collected_is_by_when_and_as_far_as_it_may_be_seen(
    alice: User, bob: User, charlie: User
) -> None:
    notes = [make_note(alice, title) for title in ("first", "second", "third", "fourth")]
    for note in (notes[2], notes[0], notes[3], notes[1]):
        collect(person=bob, note=note)
    collect(person=charlie, note=notes[0])
    assert titles(lists.collected(bob)) == ["second", "fourth", "first", "third"]
    Note.objects.filter(title="fourth").update(visibility="private")
    Note.objects.filter(title="first").update(hidden_at=NOW)
    assert titles(lists.collected(bob)) == ["second", "third"]
    uncollect(person=bob, note=notes[1])
    assert titles(lists.collected(bob)) == ["third"]
    assert all(note.collected for note in lists.collected(bob).rows)
    assert listed(signed_in(bob).get("/@bob/collections/")) == [notes[2].pk]
    for other in (signed_in(alice), Client()):
        assert listed(other.get("/@bob/collections/")) == [], "saves are one's own, collections may be public"


def test_a_note_that_is_deleted_while_it_is_listed_is_left_out(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = make_note(alice, "kept"), make_note(alice, "gone")
    for note in (kept, gone):
        collect(person=bob, note=note)

    def then_deleted(*args: object, **kwargs: object) -> object:
        page = keyset(*args, **kwargs)
        gone.delete()
        return page

    monkeypatch.setattr(lists, "keyset", then_deleted)
    assert titles(lists.collected(bob)) == ["kept"]


def test_a_note_is_followed_by_more_of_its_author_and_of_its_tags(alice: User, charlie: User) -> None:
    note = make_note(alice, "this", tags=["tea", "noodles"])
    make_note(alice, "hers", tags=["tea"], **ago(hours=1))
    make_note(alice, "hers, older", **ago(hours=2))
    make_note(alice, "hers, private", visibility="private")
    make_note(charlie, "tea and noodles", tags=["tea", "noodles"], **ago(days=9))
    make_note(charlie, "noodles", tags=["noodles"], **ago(hours=2))
    make_note(charlie, "tea", tags=["tea"], **ago(hours=1))
    make_note(charlie, "coffee", tags=["coffee"])
    make_note(charlie, "hidden tea", tags=["tea"], hidden_at=NOW)
    more, related = beside.beside(charlie, note, list(note.tags.all()))
    assert titles(more) == ["hers", "hers, older"]
    assert titles(related.rows) == ["tea and noodles", "tea", "noodles"], "what shares most first"
    assert beside.beside(charlie, note, [])[1].rows == []
    page = words(Client().get(note.get_absolute_url()))
    assert "More from Alice An" in page
    assert "More like this" in page
    for _ in range(beside.RELATED):
        make_note(alice)
        make_note(charlie, tags=["tea"])
    more, related = beside.beside(charlie, note, list(note.tags.all()))
    assert (len(more), len(related.rows)) == (beside.MORE, beside.RELATED)


@pytest.fixture
def sixty(alice: User, bob: User) -> list[int]:
    """Sixty notes for every list there is, of three moments, saved by Bob; newest first."""
    make_label(alice, "Film on campus", topics=["tea"])
    campus, (tea,) = make_campus("Linhai University"), tags_named(["tea"])
    notes = Note.objects.bulk_create(
        Note(
            author=alice,
            title="One",
            status="published",
            campus=campus,
            **ago(hours=number % 3),
        )
        for number in range(60)
    )
    TaggedNote.objects.bulk_create(TaggedNote(content_object=note, tag=tea) for note in notes)
    Collect.objects.bulk_create(Collect(person=bob, note=note) for note in notes)
    return list(Note.objects.order_by("-published_at", "-pk").values_list("pk", flat=True))


def test_pages_hold_every_note_once(bob: User, sixty: list[int]) -> None:
    saved = sorted(sixty, reverse=True)
    browser = signed_in(bob)
    for address, order in (
        ("/", sixty),
        ("/?sort=latest", sixty),
        ("/?channel=tea", sixty),
        ("/?channel=tea&sort=latest", sixty),
        ("/tags/tea/", sixty),
        ("/following/", sixty),
        ("/@alice/", sixty),
        ("/labels/film-on-campus/", sixty),
        ("/campuses/linhai-university/", sixty),
        ("/@bob/collections/", saved),
    ):
        pages = all_pages(browser, address)
        assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 60 - 2 * PAGE_SIZE], address
        assert sum(pages[1:], pages[0]) == order, address


def test_a_broken_cursor_starts_at_the_top(bob: User, sixty: list[int]) -> None:
    browser = signed_in(bob)
    for address in ("/", "/tags/tea/", "/following/", "/@alice/", "/campuses/linhai-university/"):
        for cursor in ("x", "t", "f1_", "i1_1", "tt_1", "t" + "9" * 400 + "_1", "', --"):
            page = browser.get(address, query_params={"after": cursor, "sort": "latest"})
            assert listed(page) == sixty[:PAGE_SIZE]


def test_htmx_gets_the_next_cards_alone(bob: User, sixty: list[int]) -> None:
    first = Client().get("/?sort=latest")
    address = unescape(re.search(r'hx-get="([^"]*)"', main_html(first))[1])
    response = Client().get(f"/{address}", headers={"HX-Request": "true"})
    assert listed(response) == sixty[PAGE_SIZE : 2 * PAGE_SIZE]
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]
    assert b"<html" in Client().get("/", headers={"HX-Request": "true"}).content, "The first page is whole."


@pytest.mark.parametrize("address", ["/", "/following/", "/tags/tea/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(bob: User, address: str, method: str) -> None:
    assert getattr(signed_in(bob), method)(address).status_code == 405


def test_an_empty_site_says_what_to_do_first(db: None) -> None:
    assert "The first page is blank" in words(Client().get("/"))


def test_lists_know_the_reactions_of_their_viewer(alice: User, bob: User) -> None:
    liked, kept, neither = (make_note(alice, title) for title in ("liked", "kept", "neither"))
    like(person=bob, note=liked)
    collect(person=bob, note=kept)
    like(person=make_person(), note=neither)
    reads: list[Callable] = [
        lists.explore,
        lists.latest,
        lists.following,
        lambda viewer: lists.by_author(viewer, alice),
    ]
    for read in reads:
        seen = {note.title: (note.liked, note.collected) for note in read(bob).rows}
        assert seen == {"liked": (True, False), "kept": (False, True), "neither": (False, False)}
    assert not any(note.liked or note.collected for note in lists.explore(VISITOR).rows)


def test_a_page_that_goes_on_leads_back_to_the_first_notes(bob: User, sixty: list[int]) -> None:
    browser = signed_in(bob)
    earlier = re.compile(r'href="([^"]*)"\s+rel="prev nofollow"')
    for address in (
        "/",
        "/?sort=latest",
        "/?channel=tea&sort=latest",
        "/tags/tea/",
        "/following/",
        "/@alice/",
    ):
        first = browser.get(address)
        assert not earlier.search(first.text), address
        more = unescape(re.search(r'href="([^"]*)"\s+rel="next nofollow"', main_html(first))[1])
        page = browser.get(urljoin(address, more))
        assert "Earlier notes" in words(page), address
        again = browser.get(urljoin(address, unescape(earlier.search(page.text)[1])))
        assert listed(again) == listed(first), address
        cards = browser.get(urljoin(address, more), headers={"HX-Request": "true"})
        assert "Earlier notes" not in cards.text


def test_more_like_this_goes_on(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice, "A note", tags=["tea", "noodles"])
    hidden = make_person("hidden")
    Block.objects.create(blocker=charlie, blocked=hidden)
    for number in range(30):
        tags = ["tea", "noodles"] if number % 3 else ["tea"]
        make_note(hidden if number % 10 == 0 else bob, f"Note {number}", tags=tags)
    older = [make_note(bob, f"Other {number}", **ago(days=number + 1)).pk for number in range(14)]
    seen = Note.objects.filter(author=bob, title__startswith="Note").values_list("pk", "title")
    both = [pk for pk, title in seen.order_by("-published_at", "-pk") if int(title[5:]) % 3]
    one = [pk for pk, title in seen.order_by("-published_at", "-pk") if int(title[5:]) % 3 == 0]
    browser, address = signed_in(charlie), note.get_absolute_url()
    for headers in ({}, {"HX-Request": "true"}):
        found, pages, onward = [], 0, address
        while onward:
            page = browser.get(urljoin(address, onward.partition("#")[0]), headers=headers if pages else {})
            part = listed(page)
            assert len(part) <= beside.RELATED == 12
            assert pages or len(part) == 12
            assert not (headers and pages and "<html" in page.text)
            assert not pages or headers or "Earlier notes" in words(page)
            found, pages = found + part, pages + 1
            more = re.search(r'href="([^"]*)"\s+rel="next nofollow"', page.text)
            onward = unescape(more[1]) if more else ""
            assert not onward or onward.endswith("#related"), "without scripts it leads to the section"
        assert found == both + one + older
        assert pages >= 4
    for cursor in (
        "x",
        "1.2",
        "9" * 400,
        "n",
        "nx",
        "n" + "9" * 400,
        "1.2.3.4",
        "999.99999999999999999.999999999999999999",
    ):
        assert browser.get(f"{address}?like={cursor}").status_code == 200
