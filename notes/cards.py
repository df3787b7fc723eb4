"""Render cards and photos of notes once per content, and cache the HTML by that content.

A cached entry is never out of date: changed content is another key.
"""

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from notes.models import Note, Photo
from notes.models.note import ON_CARDS
from profiles.models import User

CACHE_SIZE = 8192  # entries of about 2 kB each
FIRST_SEEN = 4  # cards whose photos load eagerly: two rows on a phone, one on a laptop


def _values(relation: str, *others: str) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads the fields of ON_CARDS of the note itself (""), or of this relation of it."""
    paths = [path.rpartition("__") for path in ON_CARDS]
    return attrgetter(*others, *(name for through, _, name in paths if through == relation))


_of_note = _values("", "pk", "author_id", "author_label", "liked", "collected", "shows_pin", "offers_pin")
_of_author = _values("author")
_of_cover = _values("cover")


class Author(NamedTuple):
    name: str
    address: str
    avatar_base: str
    tone: str


class Slide(NamedTuple):
    """Everything the note page shows about one photo."""

    pk: int
    is_ready: bool
    base: str
    thumb: str  # the smallest role
    widths: tuple[tuple[str, int], ...]
    width: int
    height: int
    tone: str
    alt: str


class CardKey:
    """The content of a card: a note from `for_cards()`, compared by all values that it fetches and annotates.

    A new fact on a card is a new entry of ON_CARDS and a line of the template. The note is let go once it is rendered.
    """

    __slots__ = ("note", "values")

    def __init__(self, note: Note) -> None:
        self.note: Note | None = note
        cover = _of_cover(note.cover) if note.cover else ()
        lists_as_tuples = (tuple(value) if isinstance(value, list) else value for value in cover)
        self.values = (*_of_note(note), *_of_author(note.author), *lists_as_tuples)

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CardKey) and self.values == other.values


def card(note: Note, heading: str, eager: bool, place: int = 0) -> SafeString:
    """Render the card of a note from `for_cards()`, with its viewer's reactions.

    `eager` where the list is at the top of the page; `place` is the card's position, from 0.
    """
    return _rendered(CardKey(note), heading, eager and place < FIRST_SEEN, get_language())


@lru_cache(CACHE_SIZE)
def _rendered(key: CardKey, heading: str, eager: bool, language: str | None) -> SafeString:
    note, key.note = key.note, None
    return render_to_string("components/card.html", {"note": note, "heading": heading, "eager": eager})


def forget() -> None:
    """Drop all rendered cards, for measuring and tests."""
    _rendered.cache_clear()


def stage(photos: list[Photo], is_own: bool) -> SafeString:
    """Render the photo carousel of a note; seen large, photos of others can be reported."""
    return _rendered_stage(tuple(_slide(photo) for photo in photos), is_own, get_language())


def _slide(photo: Photo) -> Slide:
    return Slide(
        photo.pk,
        photo.is_ready,
        photo.base,
        photo.roles[0] if photo.roles else "",
        tuple(photo.widths.items()),
        photo.width,
        photo.height,
        photo.tone,
        photo.alt,
    )


@lru_cache(CACHE_SIZE // 8)
def _rendered_stage(photos: tuple[Slide, ...], is_own: bool, language: str | None) -> SafeString:
    return render_to_string("notes/note_page/carousel.html", {"photos": photos, "is_own": is_own})


def identity(person: User, size: int) -> SafeString:
    """Render a person's avatar, name and current label, each linked to their profile."""
    return _rendered_identity(author_of(person), person.said.wording, size, get_language())


@lru_cache(CACHE_SIZE)
def _rendered_identity(author: Author, wording: str, size: int, language: str | None) -> SafeString:
    return render_to_string("components/identity.html", {"author": author, "wording": wording, "size": size})


class Follow(NamedTuple):
    """Everything the button that follows a person shows, under the names of a User (components/reactions.html)."""

    name: str
    get_absolute_url: str
    followed: bool
    asked: bool
    follows_viewer: bool
    answers_first: bool


def follow_button(person: User, from_note: int | str = "") -> SafeString:
    """Render the button that follows a person; `from_note` is the note on whose page it stands."""
    bond = (person.followed, person.asked, person.follows_viewer, person.answers_first)
    return _rendered_follow(
        Follow(person.name, person.get_absolute_url(), *map(bool, bond)), from_note, get_language()
    )


@lru_cache(CACHE_SIZE)
def _rendered_follow(person: Follow, from_note: int | str, language: str | None) -> SafeString:
    return render_to_string("components/reactions.html#follow", {"person": person, "from_note": from_note})


def author_of(person: User) -> Author:
    """Return what cards and comments show about a person."""
    return Author(person.name, person.get_absolute_url(), person.avatar_base, person.tone)
