"""Suggestions for what is typed so far: what may be meant, nothing hidden, and one's own searches alone."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.tags import hide_tag
from people.actions.blocks import block
from profiles.models import Campus, Label, User
from search.recent.actions import Searched, record_searches
from search.suggestions.queries import EACH, Suggestions, suggestions
from tests.builders import make_campus, make_label, make_note, make_person
from tests.search.test_names import HOSTILE

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
QUERIES = 2


def said(found: Suggestions) -> dict[str, list[str]]:
    return {
        "recent": list(found.recent),
        "people": [person.handle for person in found.people],
        "tags": [tag.name for tag in found.tags],
        "labels": [label.wording for label in found.labels],
        "campuses": [campus.name for campus in found.campuses],
    }


def only(**found: list[str]) -> dict[str, list[str]]:
    return {kind: found.get(kind, []) for kind in ("recent", "people", "tags", "labels", "campuses")}


def search(person: User, *words: str) -> None:
    for each in words:
        record_searches(searches=[Searched(person.pk, each, timezone.now())])


@pytest.fixture
def tea(alice: User) -> User:
    """A person, a tag, a label and a campus by this name."""
    person = make_person("tea_lover", name="Lin Xia")
    make_note(person, tags=["tea", "teacup"], campus=make_campus("Tea University", "Hangzhou"))
    make_label(person, "Tea every day", topics=["tea"])
    return person


def test_each_kind_is_suggested_with_ones_own_searches(tea: User, alice: User, bob: User) -> None:
    search(alice, "tea with milk", "milk tea", "coffee", "tea")
    search(bob, "tea of bob")
    assert said(suggestions(alice, "tea")) == {
        "recent": ["milk tea", "tea with milk"],
        "people": ["tea_lover"],
        "tags": ["tea", "teacup"],
        "labels": ["Tea every day"],
        "campuses": ["Tea University"],
    }
    assert said(suggestions(VISITOR, "tea"))["recent"] == []


def test_before_anything_is_typed_there_are_ones_own_searches(tea: User, alice: User) -> None:
    assert not suggestions(alice, "")
    search(alice, "one", "two")
    assert said(suggestions(alice, "  ")) == only(recent=["two", "one"])


def test_a_sign_narrows_to_its_kind(tea: User, alice: User) -> None:
    assert said(suggestions(alice, "@tea")) == only(people=["tea_lover"])
    assert said(suggestions(alice, "#tea")) == only(tags=["tea", "teacup"])


def test_nothing_hidden_is_suggested(tea: User, alice: User) -> None:
    block(blocker=tea, blocked=alice)
    for tag in tea.notes.get().tags.all():
        hide_tag(tag=tag, is_hidden=True)
    Label.objects.update(hidden_at=timezone.now())
    Campus.objects.update(is_hidden=True)
    assert not suggestions(alice, "tea")
    assert said(suggestions(VISITOR, "tea"))["people"] == ["tea_lover"]


def test_it_asks_as_little_for_many_as_for_one(tea: User, alice: User) -> None:
    counts = []
    for made in (1, 3, 24):
        for each in range(made):
            person = make_person(f"tea_{made}_{each}", name="Tea")
            make_label(person, f"Tea {made} {each}", topics=[f"tea {made} {each}"])
            make_note(person, tags=[f"tea {made} {each}"], campus=make_campus(f"Tea {made} {each}"))
            search(alice, f"tea {made} {each} and more")
        suggestions(alice, "tea")
        with CaptureQueriesContext(connection) as queries:
            found = suggestions(alice, "tea")
        counts.append(len(queries))
    assert counts == [QUERIES] * 3
    assert {len(rows) for rows in said(found).values()} == {EACH}


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_has_a_meaning_of_its_own(typed: str, tea: User, alice: User) -> None:
    search(alice, "tea 100%", "a\\b", "it's")
    for viewer in (VISITOR, alice):
        suggestions(viewer, typed)


def test_what_is_long_is_no_name(tea: User, alice: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        found: Any = suggestions(alice, "tea " * 40)
    assert not found
    assert len(queries) == 0
