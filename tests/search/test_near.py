"""Where nothing is found, people and tags near the words are shown: a slip away, or with a part of them."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from notes.tags import hide_tag
from people.actions.blocks import block, mute
from profiles.models import User
from search.names.near import distance_to
from search.results import people, tags
from search.views.results import NEAR_TAGS
from tests.builders import make_note, make_person, signed_in
from tests.markup import main_html, words

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def near_people(typed: str, viewer: Any = VISITOR) -> list[str]:
    return [person.handle for person in people.near(viewer, typed, 6)]


def near_tags(typed: str, viewer: Any = VISITOR) -> list[str]:
    return [tag.name for tag in tags.near(viewer, typed, 8)]


@pytest.mark.parametrize(
    "typed",
    [
        *("jamse", "jmes", "james lx", "JAMES!!", "jaems", "hames", "jamesx", "ajmes", "jamez"),
        *("@jame_lin", "james linn", "jameslinn", "prof. james"),
    ],
)
def test_people_a_slip_away_are_near(typed: str) -> None:
    make_person("james_lin", name="James Lin")
    make_person("other", name="Unrelated")
    assert near_people(typed) == ["james_lin"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(("photography", "photografy"), ("photography", "photographs"), ("study spots", "study abroad")),
        *(
            ("libraries", "libary"),
            ("图书馆", "图书管"),
            ("图书馆", "借图书"),
            ("圖書館", "图书管"),
            ("期末", "期末周怎么过"),
        ),
        *(("coffee", "cofee"), ("coffee", "ocffee"), ("coffee", "#cofee")),
    ],
)
def test_tags_with_a_part_of_the_words_are_near(name: str, typed: str, alice: User) -> None:
    make_note(alice, tags=[name, "unrelated", "别的"])
    found = near_tags(typed)
    assert found == ([name] if name != "libraries" else [])


@pytest.mark.parametrize(
    "typed", ["", "%", "'", "a", "ab", "\x00", "&|!", "🌸", "zzyzx", "x" * 200, "茶 " * 90]
)
def test_what_is_near_nothing_finds_nothing(typed: str, alice: User) -> None:
    make_note(alice, tags=["tea"])
    assert near_tags(typed) == near_people(typed) == []


def test_the_nearest_come_first(alice: User) -> None:
    make_note(alice, tags=["printmaking", "printing", "prints and posters"])
    assert near_tags("printnig")[0] == "printing"
    assert distance_to("printnig", "printing") < distance_to("printnig", "printmaking")


def test_what_the_viewer_may_not_list_is_not_near(alice: User, bob: User) -> None:
    make_note(alice, tags=["coffee"])
    make_note(alice, tags=["cofeee"], visibility="private")
    assert near_tags("cofee") == ["coffee"], "not what nothing public has"
    hide_tag(tag=Tag.objects.get(name="coffee"), is_hidden=True)
    assert near_tags("cofee") == []
    assert "alice" in near_people("alcie", bob)
    block(blocker=alice, blocked=bob)
    assert near_people("alcie", bob) == []
    charlie = make_person()
    mute(muter=charlie, muted=alice)
    assert near_people("alcie", charlie) == []
    User.objects.filter(pk=alice.pk).update(suspended_at="2026-01-01T00:00Z")
    assert near_people("alcie") == []


def test_the_page_shows_them_and_busy_tags_where_none_is(client: Client, alice: User) -> None:
    make_note(alice, "Kettle", tags=["coffee", "tea"])
    for kind in ("", "people", "tags", "notes", "labels", "campuses"):
        page = client.get(f"/search/?q=cofee+alcie+zzz&kind={kind}")
        if kind not in {"", "notes"}:
            assert "Close to your words" in words(page), kind
            assert 'href="/tags/coffee/"' in main_html(page)
            assert 'href="/@alice/"' in main_html(page)
            assert "Busy now" not in words(page)
    page = client.get("/search/?q=zzyzx&kind=tags")
    assert "Busy now" in words(page)
    assert "Close to your words" not in words(page)


def test_a_mistyped_name_is_near_beside_notes_that_have_a_part(client: Client, alice: User) -> None:
    make_person("jasmine", name="Jasmine Qiu")
    make_note(alice, "Window seat")
    page = client.get("/search/?q=window+jasmien")
    assert "Close to your words" in words(page)
    assert 'href="/@jasmine/"' in main_html(page)
    page = client.get("/search/?q=window")
    assert "Close to your words" not in words(page)


def test_it_costs_the_same_for_one_and_for_many(alice: User, bob: User) -> None:
    client = signed_in(bob)

    def asked() -> int:
        client.get("/search/?q=printnig&kind=tags")
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/?q=printnig&kind=tags")
        return len(queries)

    make_note(alice, tags=["printing"])
    make_person("printing", name="Printing")
    one = asked()
    for number in range(NEAR_TAGS + 5):
        make_note(alice, tags=[f"printing {number}"])
        make_person(f"printing_{number}", name=f"Printing {number}")
    assert asked() == one
