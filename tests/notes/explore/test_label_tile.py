"""The label tile of Explore: which labels, how many people, which faces, and which viewers see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.explore.label_tiles import labels_now, tile_for
from notes.models import NoteReader
from people.actions.blocks import block, mute
from people.actions.labels import hide_label, withdraw_label
from profiles.models import User
from tests.builders import make_label, make_note, make_person, signed_in
from tests.markup import listed

VISITOR = AnonymousUser()


def holder(wording: str, handle: str = "", *, topics: tuple[str, ...] = ("tea",), **fields: Any) -> User:
    """A person with this label and a note on its topics."""
    person = make_person(handle, **fields)
    make_label(person, wording, topics=topics)
    make_note(person, tags=topics)
    return person


def wordings() -> list[str]:
    return [label.wording for label in labels_now()]


def faces(viewer: Any) -> list[str]:
    tile = tile_for(viewer, "")
    return [face.address for face in tile.faces] if tile else []


def test_labels_of_most_people_first_and_of_those_whose_notes_are_answered(db: None) -> None:
    for _ in range(2):
        holder("Two of us")
    answered = holder("Answered")
    today = timezone.localdate()
    assert wordings() == ["Two of us", "Answered"]
    for days, people, order in ((8, 5, ["Two of us", "Answered"]), (1, 2, ["Answered", "Two of us"])):
        for _ in range(people):
            NoteReader.objects.create(
                note=answered.notes.get(),
                person=make_person(),
                first_seen_day=today - timedelta(days=days),
                source="explore",
                engaged_day=today - timedelta(days=days),
            )
        assert wordings() == order, days


def test_notes_off_its_topics_and_readers_of_one_network_bring_a_label_little(db: None) -> None:
    for _ in range(3):
        holder("Three of us")
    lonely = holder("One of us")
    off = make_person()
    make_label(off, "Off topic", topics=["tea"])
    make_note(off, tags=["elsewhere"])
    for network in (7, 7, 7, 7):
        day = timezone.localdate()
        NoteReader.objects.create(
            note=lonely.notes.get(),
            person=make_person(),
            first_seen_day=day,
            source="explore",
            engaged_day=day,
            network=network,
        )
    assert wordings() == ["Three of us", "One of us"]


@pytest.mark.parametrize(
    "change",
    [
        {"is_indexed": False},
        {"approves_followers": True},
        {"stage": "high_school"},
        {"is_counted": False},
        {"suspended_at": timezone.now()},
        {"leaving_at": timezone.now()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_people_who_opted_out_of_being_found_are_left_out(db: None, change: dict[str, Any]) -> None:
    open_one, closed = holder("Night library", "open_one"), holder("Night library", "closed")
    holder("Of one", "alone")
    User.objects.filter(pk=closed.pk).update(**change)
    User.objects.filter(handle="alone").update(**change)
    assert [(label.wording, label.people) for label in labels_now()] == [("Night library", 1)]
    assert faces(VISITOR) == [open_one.get_absolute_url()]


def test_a_label_that_is_hidden_or_left_is_on_no_tile_from_then_on(alice: User, mona: User) -> None:
    make_note(alice, tags=["campus"])
    said = make_label(alice, "Night library")
    assert faces(VISITOR) == ["/@alice/"]
    withdraw_label(person=alice)
    assert tile_for(VISITOR, "") is None
    make_label(alice, "Night library")
    hide_label(label=said.label, by=mona, reason="Insults")
    assert (tile_for(VISITOR, ""), labels_now()) == (None, [])
    assert "Night library" not in Client().get("/").text


def test_what_is_remembered_for_a_minute_is_not_shown_once_it_is_hidden(
    alice: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_note(alice, tags=["campus"])
    said = make_label(alice, "Night library")
    remembered = tuple(labels_now())
    monkeypatch.setattr("notes.explore.label_tiles._labels", lambda minute: remembered)
    assert faces(VISITOR) == ["/@alice/"]
    hide_label(label=said.label, by=mona, reason="Insults")
    assert (tile_for(VISITOR, ""), labels_now()) == (None, [])


def test_newcomers_see_no_people_they_block_or_mute(alice: User, bob: User, charlie: User) -> None:
    for person in (alice, bob, charlie):
        make_label(person, "Night library", topics=["tea"])
        make_note(person, tags=["tea"])
    new = make_person("new_here")
    assert len(faces(new)) == 3
    block(blocker=alice, blocked=new)
    mute(muter=new, muted=bob)
    assert faces(new) == ["/@charlie/"]
    User.objects.filter(pk=new.pk).update(date_joined=timezone.now() - timedelta(days=15))
    new.refresh_from_db()
    assert tile_for(new, "") is None


def test_the_tile_stands_after_three_cards_once_a_page(alice: User) -> None:
    make_label(alice, "Night library", topics=["tea"])
    for _ in range(30):
        make_note(alice, tags=["tea"])
    page = Client().get("/?sort=latest")
    assert len(listed(page)) == 24
    before, _tile, after = page.text.partition('class="tile"')
    assert (before.count('class="card"'), after.count('class="tile"')) == (3, 0)
    assert 'href="/labels/night-library/"' in after
    assert "1 person" in after
    assert "tile" not in signed_in(None).get("/tags/tea/").text.partition("<main")[2]


def test_a_short_page_has_it_at_its_end(alice: User) -> None:
    make_label(alice, "Night library", topics=["tea"])
    make_note(alice, tags=["tea"])
    assert Client().get("/").text.count('class="tile"') == 1


def test_later_pages_have_other_labels_the_same_each_time(db: None) -> None:
    for wording in ("One", "One", "Two", "Three"):
        holder(wording)
    for after in ("t5_1", "t6_2", "x"):
        tile = tile_for(VISITOR, after)
        assert tile in (None, tile_for(VISITOR, after))
        assert tile is None or tile.wording != "One"


def test_it_costs_one_query_and_the_list_of_labels_once_a_minute(alice: User) -> None:
    make_label(alice, "Night library", topics=["tea"])
    asked = []
    for number in (1, 30):
        for _ in range(number):
            make_note(alice, tags=["tea"])
        with CaptureQueriesContext(connection) as queries:
            tile_for(VISITOR, "")
        asked.append(len(queries))
    assert asked == [2, 2]


def test_in_chinese(alice: User) -> None:
    make_label(alice, "夜猫子", topics=["tea"])
    make_note(alice, tags=["tea"])
    browser = Client()
    browser.cookies["language"] = "zh-hans"
    tile = re.search(r'class="tile".*?</article>', browser.get("/").text, re.DOTALL)[0]
    assert "本周大家在用的定位" in tile
    assert "1 人" in tile
