"""Words and tags that a viewer has muted: what holds one leaves their lists, and can still be opened.

They stand on the viewer's own row, which every page has read already: who mutes nothing pays nothing.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, F, Func, Q

from redbook.text import normal_form

# Letters and digits of the scripts that set words apart. A word of these is met as a whole word alone; one of any
# other script, Chinese first of all, also inside of running text.
_SPACED = "0-9a-zµß-ɏ\u0300-ԯḀ-῿"


class Muted(NamedTuple):
    """What somebody has muted: tags by name, and a regular expression of the words, "" without any."""

    tags: list[str]
    words: str


class _FreeOf(Func):
    """That what is in the columns holds nothing muted. PostgreSQL lowers both sides, so that they always agree."""

    output_field = BooleanField()

    def __init__(self, *columns: str, muted: Muted) -> None:
        super().__init__(*map(F, columns))
        self.muted = muted

    def columns(self, compiler: Any) -> list[str]:
        return [compiler.compile(column)[0] for column in self.get_source_expressions()]


class SaysNothingOf(_FreeOf):
    """Of texts."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        said = r" || E'\n' || ".join(self.columns(compiler))
        return f"lower(normalize({said}, NFKC)) !~ lower(%s)", (self.muted.words,)


class CarriesNoneOf(_FreeOf):
    """Of the tags of the note whose id is given."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        (note,) = self.columns(compiler)
        sql = (
            "NOT EXISTS (SELECT FROM notes_taggednote AS place JOIN taggit_tag AS tag ON tag.id = place.tag_id"
            f" WHERE place.content_object_id = {note}"
            " AND (tag.name = ANY (%s) OR lower(tag.name) ~ nullif(lower(%s), '')))"
        )
        return sql, self.muted


def free_of_muted(viewer: Any) -> Q | None:
    """That a note is the viewer's own, or holds nothing that they have muted in title, story and tags. None where
    they mute nothing.
    """
    muted = _muted_by(viewer)
    if not muted:
        return None
    free = Q(CarriesNoneOf("pk", muted=muted))
    return Q(author=viewer) | (free & Q(SaysNothingOf("title", "body", muted=muted)) if muted.words else free)


def comment_free_of_muted(viewer: Any) -> Q:
    """The same of what a comment says."""
    muted = _muted_by(viewer)
    return Q(author=viewer) | Q(SaysNothingOf("body", muted=muted)) if muted and muted.words else Q()


def mutes_tag(viewer: Any, name: str) -> bool:
    """Whether every note with this tag, but for their own, stays out of the viewer's lists."""
    muted = _muted_by(viewer)
    if not muted:
        return False
    return name in muted.tags or bool(muted.words and re.search(muted.words.lower(), name))


def names_tag(word: str) -> bool:
    """Whether the muted word is a tag: it begins with #."""
    return word.startswith("#")


def _muted_by(viewer: Any) -> Muted | None:
    words = viewer.muted_words if viewer.is_authenticated else None
    return _pattern(tuple(words)) if words else None


@lru_cache(256)
def _pattern(words: tuple[str, ...]) -> Muted:
    plain = (unicodedata.normalize("NFKC", word).split() for word in words if not names_tag(word))
    tags = [normal_form(word[1:]) for word in words if names_tag(word)]
    return Muted(tags, "|".join(_whole(r"\s+".join(map(re.escape, parts))) for parts in plain))


def _whole(pattern: str) -> str:
    """The pattern, with bounds where it begins or ends with a letter or digit of those that are set apart."""
    first, last = (re.match(f"[{_SPACED}]", end.lower()) for end in (pattern[0], pattern[-1]))
    return f"{f'(?<![{_SPACED}])' if first else ''}{pattern}{f'(?![{_SPACED}])' if last else ''}"
