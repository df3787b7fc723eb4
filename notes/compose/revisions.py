"""Identify the content a form began with, so that saving never replaces words its writer has not seen.

A hash of the content rather than a counter: a form sent twice meets its own content and does not conflict.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import QueryDict

from core.text import normal_form
from notes.models import Note
from notes.models.pending_edit import pending_edit_of

CHOSEN = {
    "campus",
    "visibility",
    "disclosure",
    "text_tone",
    "commenters",
    "origin",
}  # an empty form
TYPED = ("title", "body", "tags", "place", "partner", *sorted(CHOSEN))
_AT = "@"
APART = {"text_tone", "commenters"}  # chosen, and no part of a revision
WORDS = ("title", "body", "place", "visibility", "disclosure", "partner")


def revision(words: Mapping[str, Any], campus_id: int | None, alts: Iterable[str]) -> str:
    """Return the revision of a note's fields, including `tags`, and of its photo descriptions, in any order."""
    tags = sorted({normal_form(tag) for tag in words["tags"]})
    told = [*(str(words[name]) for name in WORDS), campus_id, tags, sorted(filter(None, alts))]
    told += filter(None, [words.get("origin")])
    return sha256(repr(told).encode()).hexdigest()[:24]


def typed_revision(typed: str) -> str:
    """Return the revision of a draft as typed, with descriptions in any order. The cover's colour and who can comment
    do not count.
    """
    said = json.loads(typed)
    words = {name: value for name, value in said.items() if name in TYPED and name not in APART}
    alts = sorted(value for name, value in said.items() if name not in TYPED)
    return sha256(json.dumps([words, alts], sort_keys=True).encode()).hexdigest()[:24]


def revision_of(note: Note | None) -> str:
    """Return the revision of a stored note, that of its pending edit if it has one; without a note, of an empty one.
    That of a scheduled note names its time.
    """
    if note and note.scheduled_for and note.status == Note.Status.DRAFT:
        return scheduled_revision(own_revision(note), note.scheduled_for)
    if note and note.typed:
        return typed_revision(note.typed)
    if note and (edit := pending_edit_of(note)):
        return edit.revision
    return own_revision(note)


def scheduled_revision(words: str, at: datetime | None) -> str:
    """Return the revision of words that are to be published at a time, or of the words alone."""
    return f"{words}{_AT}{at.timestamp():.0f}" if at else words


def was_scheduled(seen: str | None) -> bool:
    """Return whether a form began with a scheduled note."""
    return _AT in (seen or "")


def own_revision(note: Note | None) -> str:
    """Return the revision of a note as others see it, without a pending edit and without what a form holds."""
    tags = [tag.name for tag in note.tags.all()] if note else []
    alts = [photo.alt for photo in note.photos.all()] if note else []
    note = note or Note()
    words = {name: getattr(note, name) for name in (*WORDS, "origin")}
    return revision(words | {"tags": tags}, note.campus_id, alts)


def as_typed(data: QueryDict, alts: Mapping[int, str]) -> str:
    """Return the text fields of a compose form as JSON exactly as typed, for a draft's `typed` column; "" if it is
    empty. `alts` are the descriptions of its photos by id.
    """
    said: dict[str, str] = {name: str(data[name]) for name in TYPED if name in data} | {
        f"alt-{pk}": alt for pk, alt in alts.items() if alt
    }
    return (
        json.dumps(said, sort_keys=True) if any(said[name].strip() for name in said.keys() - CHOSEN) else ""
    )


def typed_in(note: Note) -> dict[str, str]:
    """Return what was typed into a draft, by field; empty if the note's own columns have it all."""
    return json.loads(note.typed) if note.typed else {}
