"""Which words a form began with, so that saving it never replaces words that its writer has not seen.

Made of the words and not counted: a form sent twice meets its own words, and is at peace with them.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from notes.models import Note
from redbook.text import normal_form

WORDS = ("title", "body", "place", "visibility", "disclosure", "partner")


def revision(words: Mapping[str, Any], campus_id: int | None, alts: Iterable[str]) -> str:
    """Of the words of a note, `tags` among them, and the descriptions of its photos, in any order."""
    tags = sorted({normal_form(tag) for tag in words["tags"]})
    told = [*(str(words[name]) for name in WORDS), campus_id, tags, sorted(filter(None, alts))]
    return sha256(repr(told).encode()).hexdigest()[:24]


def revision_of(note: Note | None) -> str:
    """Of a note as it is stored; without one, of a note in which nothing was said yet."""
    tags = [tag.name for tag in note.tags.all()] if note else []
    alts = [photo.alt for photo in note.photos.all()] if note else []
    note = note or Note()
    return revision({name: getattr(note, name) for name in WORDS} | {"tags": tags}, note.campus_id, alts)
