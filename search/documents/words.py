"""The words of notes as they are now, for the index."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from notes.models import Note, TaggedNote
from search.documents.cutting import Cut, Texts, cut, english, vector


def cuts_of(notes: Collection[int]) -> dict[int, Cut]:
    """Return the words of those of these notes that are published."""
    tags: defaultdict[int, list[str]] = defaultdict(list)
    taggings = TaggedNote.objects.filter(content_object__in=notes).order_by("tag__name")
    for note, name in taggings.values_list("content_object", "tag__name"):
        tags[note].append(name)
    published = Note.objects.filter(pk__in=notes, status=Note.Status.PUBLISHED)
    rows = published.values_list("pk", "title", "body", "place", "campus__name", "campus__city")
    return {
        note: cut(Texts(title, "\n".join(tags[note]), body, "\n".join(filter(None, places))))
        for note, title, body, *places in rows
    }


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
