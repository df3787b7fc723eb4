"""A card's cached HTML is keyed by all of its content: a change is visible on the next page."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from notes.cards import FIRST_SEEN, card
from notes.models import Note
from people.actions.labels import hide_label, restore_label, withdraw_label
from profiles.models import User
from tests.builders import make_label, make_note, make_person


def shown(note: Note, **mine: bool) -> str:
    again = Note.objects.for_cards().get(pk=note.pk)
    for name, value in mine.items():
        setattr(again, name, value)
    return card(again, "h2", False)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"like_count": 7},
        {"collect_count": 7},
        {"visibility": "followers"},
        {"disclosure": "gifted"},
        {"cover": None},
    ],
    ids=str,
)
def test_what_changes_of_a_note_changes_its_card(alice: User, change: dict[str, object]) -> None:
    note = make_note(alice, "One", photos=1)
    before = shown(note)
    assert shown(note) == before
    Note.objects.filter(pk=note.pk).update(**change)
    assert shown(note) != before


def test_what_changes_of_its_author_and_its_cover_does_too(alice: User) -> None:
    note = make_note(alice, "One", photos=1)
    seen = {shown(note)}
    for change in ({"name": "Somebody else"}, {"handle": "other"}, {"avatar_token": "0" * 32}):
        User.objects.filter(pk=alice.pk).update(**change)
        seen.add(shown(note))
    for change in (
        {"token": "1" * 32},
        {"tone": "rose"},
        {"alt": "A cup"},
        {"snap": 19},
        {"state": "failed"},
    ):
        note.photos.update(**change)
        seen.add(shown(note))
    assert len(seen) == 9


def test_a_card_says_the_label_that_others_see_now(alice: User, mona: User) -> None:
    note = make_note(alice, "One")
    assert "card__label" not in shown(note)
    said = make_label(alice, "Night <library>")
    assert "<bdi>Night &lt;library&gt;</bdi>" in shown(note)
    make_label(alice, "Day library")  # within the hour: the same row with other words
    assert ("Night" in shown(note), "<bdi>Day library</bdi>" in shown(note)) == (False, True)
    said.refresh_from_db()
    hide_label(label=said.label, by=mona, reason="Insults")
    assert "Day library" not in shown(note)
    restore_label(label=said.label)
    assert "Day library" in shown(note)
    withdraw_label(person=alice)
    assert "card__label" not in shown(note)


def test_a_page_of_cards_asks_no_more_for_labels(alice: User) -> None:
    asked = []
    for number in (1, 6):
        for _ in range(number):
            person = make_person()
            make_label(person, f"Label of {person.handle}")
            make_note(person)
        with CaptureQueriesContext(connection) as queries:
            page = Client().get("/?sort=latest").text
        assert page.count("card__label") == Note.objects.count()
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_viewers_and_languages_have_their_own(alice: User) -> None:
    note = make_note(alice, "One")
    with override("zh-hans"):
        seen = {shown(note)}
    assert len(seen | {shown(note), shown(note, liked=True), shown(note, collected=True)}) == 4


COVERS = ["320", "cover320", "cover480", "cover960"]


@pytest.mark.parametrize(
    ("size", "roles", "offered"),
    [
        ((1200, 1600), COVERS, "cover320.avif 318w, cover480.avif 480w, cover960.avif 960w"),
        ((1200, 1600), ["320", "cover480", "cover960"], "cover480.avif 480w, cover960.avif 960w"),
        ((700, 700), COVERS, "cover320.avif 320w, cover480.avif 480w, cover960.avif 700w"),
        ((400, 400), COVERS, "cover320.avif 320w, cover480.avif 400w"),
        ((100, 130), COVERS, "cover320.avif 96w"),
    ],
    ids=["large", "prepared before 320 was", "narrow", "narrower", "tiny"],
)
def test_a_cover_is_offered_in_each_width_that_it_has_and_truly(
    alice: User, size: tuple[int, int], roles: list[str], offered: str
) -> None:
    note = make_note(alice, "One", photos=1)
    width, height = size
    note.photos.update(width=width, height=height, roles=roles)
    found = re.search(r'srcset="([^"]*)"', shown(note))
    assert found
    assert found[1].replace(note.cover.base, "") == offered


def test_the_first_row_is_asked_for_first_and_the_rest_when_it_comes_near(alice: User) -> None:
    for number in range(12):
        make_note(alice, f"Note {number}", photos=1)
    for path in ("/?sort=latest", "/@alice/"):
        photos = re.findall(r"<img\s+src=\"[^\"]*cover480[^>]*>", Client().get(path).text)
        assert ["high" if 'fetchpriority="high"' in photo else "lazy" for photo in photos] == (
            ["high"] * FIRST_SEEN + ["lazy"] * (12 - FIRST_SEEN)
        ), path
        assert all('loading="lazy"' in photo for photo in photos[FIRST_SEEN:])
        assert not any('loading="lazy"' in photo for photo in photos[:FIRST_SEEN])
