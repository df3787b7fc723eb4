"""Cards and comments, which stand many times on a page: rendered once for all they say, and kept by that.

Two that say the same are the same, so nothing kept is ever out of date: what has changed is another one.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from notes.models import Comment, Note
from redbook.templatetags.redbook import day

KEPT = 8192  # of about 2 kB each


class Author(NamedTuple):
    name: str
    address: str
    avatar_base: str
    tone: str


class Cover(NamedTuple):
    is_ready: bool
    base: str
    snap: int
    tone: str
    alt: str


class Face(NamedTuple):
    """All that a card says."""

    pk: int
    title: str
    title_width: int
    word_width: int  # of a title that is the cover
    text_tone: str
    snap: int
    badge: str
    disclosed: str
    is_live: bool  # else nobody can like or save it
    like_count: int
    liked: bool
    collect_count: int
    collected: bool
    author: Author
    cover: Cover | None


class Words(NamedTuple):
    """All that a comment says. Of one that is gone, `author` is None."""

    pk: int
    thread: int
    html: SafeString
    body: str  # where the viewer may delete it
    created_at: datetime
    day: str
    author: Author | None
    is_by_author: bool
    is_own: bool
    may_answer: bool
    may_delete: bool


def card(note: Note, heading: str, eager: bool) -> SafeString:
    """The card of a note from `for_cards()`, for the viewer whose reactions are on it."""
    return _rendered(_face(note), heading, eager, get_language())


@lru_cache(KEPT)
def _rendered(face: Face, heading: str, eager: bool, language: str | None) -> SafeString:
    return render_to_string("components/card.html", {"note": face, "heading": heading, "eager": eager})


def _face(note: Note) -> Face:
    photo = note.cover
    return Face(
        note.pk,
        str(note),
        note.title_width,
        0 if photo else note.word_width,
        note.text_tone,
        note.snap,
        note.badge,
        note.disclosed,
        note.is_live,
        note.like_count,
        note.liked,
        note.collect_count,
        note.collected,
        _author(note.author),
        Cover(photo.is_ready, photo.base, photo.snap, photo.tone, photo.alt) if photo else None,
    )


def comment(said: Comment, note: Note, viewer: Any) -> SafeString:
    """A comment with its `html`, as the viewer is shown it under the note."""
    return _rendered_comment(_words(said, note, viewer), note.get_absolute_url(), get_language())


@lru_cache(KEPT)
def _rendered_comment(words: Words, address: str, language: str | None) -> SafeString:
    return render_to_string("notes/comment.html", {"comment": words, "address": address})


def _words(said: Any, note: Note, viewer: Any) -> Words:
    is_own = said.author_id == viewer.pk
    may_delete = is_own or note.author_id == viewer.pk
    return Words(
        said.pk,
        said.parent_id or said.pk,
        said.html,
        said.body if may_delete else "",
        said.created_at,
        day(said.created_at),
        None if said.deleted_at else _author(said.author),
        said.author_id == note.author_id,
        is_own,
        viewer.is_authenticated,
        may_delete,
    )


def _author(person: Any) -> Author:
    return Author(person.name, person.get_absolute_url(), person.avatar_base, person.tone)
