"""Render cards and photos of notes once per content, and cache the HTML by that content.

A cached entry is never out of date: changed content is another key.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from notes.models import Note, Photo

CACHE_SIZE = 8192  # entries of about 2 kB each
FIRST_SEEN = 4  # cards whose photos load eagerly: two rows on a phone, one on a laptop


class Author(NamedTuple):
    name: str
    address: str
    avatar_base: str
    tone: str


class Cover(NamedTuple):
    is_ready: bool
    base: str
    widths: tuple[tuple[str, int], ...]
    snap: int
    tone: str
    alt: str


class CardData(NamedTuple):
    """Everything a card shows."""

    pk: int
    title: str
    language: str
    title_width: int
    word_width: int  # of the title where it is the cover
    text_tone: str
    snap: int
    badge: str
    brand: str  # "Ad", "Gifted" or ""
    is_live: bool  # whether it can be liked and saved
    like_count: int
    liked: bool
    collect_count: int
    collected: bool
    author: Author
    label: str  # the author's visible label, or ""
    cover: Cover | None


class Slide(NamedTuple):
    """Everything the note page shows about one photo."""

    is_ready: bool
    base: str
    thumb: str  # the smallest role
    widths: tuple[tuple[str, int], ...]
    width: int
    height: int
    tone: str
    alt: str


def card(note: Note, heading: str, eager: bool, place: int = 0) -> SafeString:
    """Render the card of a note from `for_cards()`, with its viewer's reactions.

    `eager` where the list is at the top of the page; `place` is the card's position, from 0.
    """
    return _rendered(_card_data(note), heading, eager and place < FIRST_SEEN, get_language())


@lru_cache(CACHE_SIZE)
def _rendered(data: CardData, heading: str, eager: bool, language: str | None) -> SafeString:
    return render_to_string("components/card.html", {"note": data, "heading": heading, "eager": eager})


def _card_data(note: Note) -> CardData:
    photo = note.cover
    return CardData(
        note.pk,
        str(note),
        note.language,
        note.title_width,
        0 if photo else note.word_width,
        note.text_tone,
        note.snap,
        note.badge,
        note.brand,
        note.is_live,
        note.like_count,
        note.liked,
        note.collect_count,
        note.collected,
        author_of(note.author),
        note.author_label or "",
        _cover(photo) if photo else None,
    )


def _cover(photo: Photo) -> Cover:
    widths = photo.covers if photo.is_ready else ()
    return Cover(photo.is_ready, photo.base, widths, photo.snap, photo.tone, photo.alt)


def stage(photos: list[Photo]) -> SafeString:
    """Render the photo carousel of a note."""
    return _rendered_stage(tuple(_slide(photo) for photo in photos), get_language())


def _slide(photo: Photo) -> Slide:
    return Slide(
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
def _rendered_stage(photos: tuple[Slide, ...], language: str | None) -> SafeString:
    return render_to_string("notes/note_page/carousel.html", {"photos": photos})


def identity(person: Any, size: int) -> SafeString:
    """Render a person's avatar, name and current label, each linked to their profile."""
    return _rendered_identity(author_of(person), person.said.wording, size, get_language())


@lru_cache(CACHE_SIZE)
def _rendered_identity(author: Author, wording: str, size: int, language: str | None) -> SafeString:
    return render_to_string("components/identity.html", {"author": author, "wording": wording, "size": size})


def author_of(person: Any) -> Author:
    """Return what cards and comments show about a person."""
    return Author(person.name, person.get_absolute_url(), person.avatar_base, person.tone)
