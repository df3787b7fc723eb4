"""Walks through as much as one person may keep: for each viewer every number is that of the cards."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from notes.collections import lists
from notes.feeds.lists import by_author
from notes.models import Collect, Collection, CollectPlace, Note, Series
from notes.models.collection import COLLECTIONS_MAX, PLACES_MAX
from notes.models.series import NOTES_MAX, SERIES_MAX
from notes.pins.actions import pin_note
from notes.series import queries
from people.actions.blocks import block
from profiles.models import Follow, User, Viewer
from tests.builders import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(1800)]
STATES = ("public", "followers", "private", "hidden", "public")  # two fifths of the notes are for everyone


@dataclass
class Viewers:
    author: User
    follower: User
    blocked: User
    stranger: Viewer

    def each(self) -> Iterator[tuple[str, Viewer, set[str]]]:
        """Name, person, and the states of the author's notes that they may open in lists of others."""
        yield "author", self.author, {"public", "followers", "private"}
        yield "follower", self.follower, {"public", "followers"}
        yield "stranger", self.stranger, {"public"}
        yield "blocked", self.blocked, set()


@pytest.fixture
def viewers() -> Viewers:
    author, follower, blocked = make_person("alice"), make_person("bob"), make_person("dana")
    Follow.objects.create(follower=follower, followed=author)
    block(blocker=author, blocked=blocked)
    return Viewers(author, follower, blocked, AnonymousUser())


def published(author: User, number: int) -> dict[int, str]:
    """So many notes by the author, each with its state."""
    now, states = timezone.now(), cycle(STATES)
    rows = []
    for place, state in zip(range(number), states, strict=False):
        hidden = state == "hidden"
        rows.append(
            Note(
                author=author,
                title=f"Number {place}",
                status=Note.Status.PUBLISHED,
                published_at=now,
                visibility="public" if hidden else state,
                hidden_at=now if hidden else None,
            )
        )
    made = Note.objects.bulk_create(rows, batch_size=2000)
    return {note.pk: state for note, state in zip(made, cycle(STATES), strict=False)}


def walked(viewer: Viewer, collection: Collection) -> list[int]:
    found: list[int] = []
    after, is_first = "", True
    while after or is_first:
        page = lists.notes_in(viewer, collection, after)
        found += [note.pk for note in page.rows]
        after, is_first = page.after, False
    return found


def test_collections_of_ten_thousand_saves(viewers: Viewers) -> None:
    """The owner keeps ten thousand notes of Alice's in one collection, and some of them in each of 499 others."""
    owner, notes = make_person("olive"), published(viewers.author, PLACES_MAX)
    saves = Collect.objects.bulk_create([Collect(person=owner, note_id=pk) for pk in notes], batch_size=2000)
    made = Collection.objects.bulk_create(
        Collection(owner=owner, name=f"Shelf {number}", is_private=False) for number in range(COLLECTIONS_MAX)
    )
    places = [CollectPlace(collection=made[0], collect=save) for save in saves]
    places += [
        CollectPlace(collection=shelf, collect=save)
        for number, shelf in enumerate(made[1:])
        for save in saves[number : number + 10]
    ]
    CollectPlace.objects.bulk_create(places, batch_size=2000)
    for name, viewer, states in viewers.each():
        seen = {pk for pk, state in notes.items() if state in states}
        found = walked(viewer, made[0])
        assert len(found) == len(set(found)), name
        assert set(found) == seen, name
        tiles, after = {}, ""
        while True:
            page = lists.public_of(viewer, owner, after)
            tiles |= {tile.pk: tile for tile in page.rows}
            after = page.after
            if not after:
                break
        for number, shelf in enumerate(made[1:]):
            inside = list(notes)[number : number + 10]
            expected = sum(pk in seen for pk in inside)
            assert (tiles[shelf.pk].number if shelf.pk in tiles else 0) == expected, (name, number)
        for shelf in made[1:30]:
            cards = walked(viewer, shelf)
            assert len(cards) == (tiles[shelf.pk].number if shelf.pk in tiles else 0), name
        assert (made[0].pk in tiles) is bool(seen)
        if seen:
            assert tiles[made[0].pk].is_more, "1,000+"


def test_a_profile_with_pins(viewers: Viewers) -> None:
    notes = published(viewers.author, 500)
    public = [pk for pk, state in notes.items() if state == "public"]
    pinned = [public[0], public[60], public[-1]]
    for pk in pinned:
        pin_note(note=Note.objects.get(pk=pk))
    Note.objects.filter(pk=pinned[1]).update(visibility="followers")
    notes[pinned[1]] = "followers"
    for name, viewer, states in viewers.each():
        states = {*states, "hidden"} if name == "author" else states
        found: list[int] = []
        after, is_first = "", True
        while after or is_first:
            page = by_author(viewer, viewers.author, after)
            found += [note.pk for note in page.rows]
            assert is_first or not any(note.shows_pin for note in page.rows)
            after, is_first = page.after, False
        seen = {pk for pk, state in notes.items() if state in states}
        assert len(found) == len(set(found)), name
        assert set(found) == seen, name
        first = [pk for pk in reversed(pinned) if pk in seen]
        assert found[: len(first)] == first, name


def test_as_many_series_and_notes_in_one_as_there_may_be(viewers: Viewers) -> None:
    author, notes = viewers.author, published(viewers.author, NOTES_MAX + 5 * (SERIES_MAX - 1))
    made = Series.objects.bulk_create(
        Series(author=author, name=f"Part {number}") for number in range(SERIES_MAX)
    )
    inside = {made[0].pk: list(notes)[:NOTES_MAX]}
    for number, series in enumerate(made[1:]):
        start = NOTES_MAX + 5 * number
        inside[series.pk] = list(notes)[start : start + 5]
    for series, pks in inside.items():
        for place, pk in enumerate(pks):
            Note.objects.filter(pk=pk).update(series=series, series_place=place)
    for name, viewer, states in viewers.each():
        states = {*states, "hidden"} if name == "author" else states
        shown = {each.series.pk: each.count for each in queries.series_of(viewer, author)}
        for series, pks in inside.items():
            seen = [pk for pk in pks if notes[pk] in states]
            opened = queries.opened(viewer, author, series)
            cards = [note.pk for note in opened[1]] if opened else []
            assert cards == seen, (name, series)
            assert shown.get(series, 0) == len(seen), (name, series)
