"""Keep the words that spelling is corrected to, and what is begun becomes: those of notes for everyone."""

import time
from collections.abc import Mapping

from django.db import connection

from notes.models import Note
from notes.models.visibility import LISTED
from search.documents.cutting import Cut
from search.models import Term
from search.models.term import FOR_EVERYONE, is_term, trigrams

TESTED_AT_ONCE = 500


def add_terms(*, cuts: Mapping[int, Cut]) -> None:
    """Add the terms of those of these notes that are for everyone."""
    is_open = {"author__is_active": True, "author__approves_followers": False}
    notes = Note.objects.filter(LISTED, pk__in=cuts, **is_open).values_list("pk", flat=True)
    words = {word for note in notes for word, _ in cuts[note] if is_term(word)}
    missing = words.difference(Term.objects.filter(pk__in=words).values_list("pk", flat=True))
    Term.objects.bulk_create(
        [Term(word=word, trigrams=trigrams(word)) for word in sorted(missing)], ignore_conflicts=True
    )


def forget_terms(*, after: str, seconds: float) -> str:
    """Delete terms that no listed note has any more, for so many seconds, in order from the one behind `after`.
    Return the last one tested, "" at the end. Idempotent.
    """
    until = time.monotonic() + seconds
    while words := list(
        Term.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:TESTED_AT_ONCE]
    ):
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [words])
        after = words[-1]
        if time.monotonic() >= until:
            return after
    return ""


_HAS_ONE = FOR_EVERYONE.format(within="")
_FORGET = f"DELETE FROM search_term WHERE word = ANY (%s) AND NOT {_HAS_ONE}"  # noqa: S608  our own words alone
