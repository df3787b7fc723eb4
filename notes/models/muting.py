"""Words and tags that a viewer has muted: matching notes leave their lists, but can still be opened.

They are stored on the viewer's own row, which every page has loaded: a viewer who mutes nothing pays nothing.
"""

import re
import unicodedata
from functools import lru_cache

from django.db.models import BooleanField, Func, Q, TextField, Value
from django.db.models.functions import Lower

from core.text import normal_form
from profiles.models import Viewer

# Letters and digits of the scripts that set words apart. A word of these is met as a whole word alone; one of any
# other script, Chinese first of all, also inside of running text.
_SPACED = "0-9a-zµß-ɏ\u0300-ԯḀ-῿"
_AROUND_TAG = "\u0001"  # a control character that cannot be typed


class Tags(Func):
    """The tags of the note with the given id, as one text. (As a condition on tags PostgreSQL would read them all.)"""

    output_field = TextField()
    template = (
        "coalesce((SELECT string_agg(chr(1) || tag.name || chr(1), '') FROM notes_taggednote AS place"
        " JOIN taggit_tag AS tag ON tag.id = place.tag_id WHERE place.content_object_id = %(expressions)s), '')"
    )


class FoldedText(Func):
    """The text of the columns, with case and width folded."""

    output_field = TextField()
    template = "lower(normalize(%(expressions)s, NFKC))"
    arg_joiner = r" || E'\n' || "


class DoesNotMatch(Func):
    """Whether a text does not match a pattern."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " !~ "


def without_muted(viewer: Viewer) -> Q | None:
    """Match the viewer's own notes, and notes without their muted words in title, body and tags. None if they mute
    nothing.
    """
    pattern = _muted_by(viewer)
    if not pattern:
        return None
    return Q(author=viewer) | Q(DoesNotMatch(FoldedText("title", "body", Tags("pk")), Lower(Value(pattern))))


def comment_free_of_muted(viewer: Viewer) -> Q:
    """Match the viewer's own comments, and comments without their muted words. None if they mute nothing."""
    pattern = _muted_by(viewer)
    if not pattern:
        return Q()
    return Q(author=viewer) | Q(DoesNotMatch(FoldedText("body"), Lower(Value(pattern))))


def mutes_tag(viewer: Viewer, name: str) -> bool:
    """Return whether notes with this tag, other than the viewer's own, stay out of their lists."""
    pattern = _muted_by(viewer)
    return bool(pattern and re.search(pattern.lower(), f"{_AROUND_TAG}{name}{_AROUND_TAG}"))


def mutes_tag_alone(viewer: Viewer, name: str) -> bool:
    """Return whether the tag itself is muted, rather than a word in it."""
    return viewer.is_authenticated and f"#{normal_form(name)}" in map(normal_form, viewer.muted_words)


def names_tag(word: str) -> bool:
    """Return whether the muted word is a tag, which begins with #."""
    return word.startswith("#")


def _muted_by(viewer: Viewer) -> str:
    """Return a regular expression that Python and PostgreSQL read alike; "" if nothing is muted."""
    return _pattern(tuple(viewer.muted_words)) if viewer.is_authenticated else ""


@lru_cache(256)
def _pattern(words: tuple[str, ...]) -> str:
    """Return a pattern with each kind of word boundary written once around all its words: PostgreSQL takes seconds for
    hundreds of them.
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for word in words:
        before, pattern, after = _tag(word[1:]) if names_tag(word) else _word(word)
        kinds.setdefault((before, after), []).append(pattern)
    return "|".join(f"{before}(?:{'|'.join(found)}){after}" for (before, after), found in kinds.items())


def _tag(name: str) -> tuple[str, str, str]:
    return _AROUND_TAG, re.escape(normal_form(name)), _AROUND_TAG


def _word(word: str) -> tuple[str, str, str]:
    """Return the word with boundaries where it begins or ends with a letter or digit of a script that separates
    words.
    """
    pattern = r"\s+".join(map(re.escape, unicodedata.normalize("NFKC", word).split()))
    first, last = (re.match(f"[{_SPACED}]", end.lower()) for end in (pattern[0], pattern[-1]))
    return f"(?<![{_SPACED}])" if first else "", pattern, f"(?![{_SPACED}])" if last else ""
