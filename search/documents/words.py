"""The words of notes as they are now, for the index."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from notes.models import Note, TaggedNote
from search.documents.cutting import Cut, Texts, cut, english, vector


def cuts_of(notes: Collection[int]) -> dict[int, Cut]:
    """Return the words of those of these notes that are published, without tags and campuses that are hidden."""
    tags: defaultdict[int, list[str]] = defaultdict(list)
    shown = TaggedNote.objects.exclude(tag__state__is_hidden=True)
    taggings = shown.filter(content_object__in=notes).order_by("tag__name")
    for note, name in taggings.values_list("content_object", "tag__name"):
        tags[note].append(name)
    published = Note.objects.filter(pk__in=notes, status=Note.Status.PUBLISHED)
    rows = published.values_list(
        "pk", "title", "body", "place", "campus__is_hidden", "campus__name", "campus__city"
    )
    return {
        note: cut(Texts(title, "\n".join(tags[note]), body, "\n".join(_places(place, is_hidden, *campus))))
        for note, title, body, place, is_hidden, *campus in rows
    }


def _places(place: str, is_hidden: bool | None, *campus: str | None) -> list[str]:
    """Return the place and the name and city of the campus, as far as they are there and shown."""
    return [name for name in (place, *(() if is_hidden else campus)) if name]


def vectors(cuts: dict[int, Cut]) -> dict[int, str]:
    """Return the words of each note as PostgreSQL reads a tsvector, with the stems of English ones."""
    stems = _stems(set().union(*map(english, cuts.values())))
    return {note: vector(words, stems) for note, words in cuts.items()}


def _stems(words: Iterable[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [sorted(words)])
        return dict(cursor.fetchall())


_STEMS = """
SELECT word, stem FROM unnest(%s::text[]) AS word, unnest(ts_lexize('english_stem', word)) AS stem
"""
