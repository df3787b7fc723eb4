"""Find notes among those that a person saved, by the words of the note and by their own remark on the save."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.db.keyset import Page, keyset
from notes.feeds.lists import with_reactions
from notes.models import Collect, Collection, Note
from profiles.models import User
from search.query.latin import begun_word
from search.query.query import Extent
from search.query.reading import read
from search.query.tsquery import any_of, lexeme

SAVES_MAX = 10_000  # of a person, the newest, that are looked at
REMARKS_MAX = 500  # of these, the newest with a remark, whose remarks are


def found(person: User, words: str, collection: Collection | None = None, after: str = "") -> Page[Note]:
    """Return saved notes that have all the words, each in the note or in the remark, last saved first, as far as the
    person may still see them; of one collection, those that are in it.
    """
    condition = _condition(words)
    if not condition:
        return Page([], "")
    saves = Collect.objects.filter(person=person, note__in=Note.objects.live().meant_for(person))
    page = keyset(saves.filter(pk__in=_saves(person, condition, collection)), "pk", after)
    notes = Note.objects.for_cards().in_bulk([save.note_id for save in page.rows])
    rows = [notes[save.note_id] for save in page.rows if save.note_id in notes]
    return Page(with_reactions(person, rows), page.after)


def _condition(words: str) -> str:
    """Return that all the words are there; the last one may be the beginning of a word. "" where nothing is typed."""
    query, begun = read(words), begun_word(words)
    if begun:
        query = query.meaning({begun: [lexeme(begun, begins=True)]})
    return any_of(filter(None, query.demand(Extent.ALL)))


def _saves(person: User, condition: str, collection: Collection | None) -> RawSQL:
    saves: QuerySet[Any, Any] = Collect.objects.filter(person=person)
    saves = saves.filter(places__collection=collection) if collection else saves
    newest = saves.order_by("-pk").values_list("pk", "note", "remark")[:SAVES_MAX]
    sql, values = newest.query.sql_with_params()
    return RawSQL(_FOUND.format(saves=sql), (*values, condition))  # noqa: S611  what the ORM asks


# Remarks are short, so they are split when they are looked for: nothing has to be kept of them. The index is not asked:
# a person's saves are few among all notes, and the beginning of a word may be that of many.
_FOUND = f"""
WITH saved (id, note_id, remark) AS MATERIALIZED ({{saves}}), remarked (id, words) AS MATERIALIZED (
    SELECT id, array_to_tsvector(search_lexemes(remark))
    FROM saved WHERE remark <> '' ORDER BY id DESC LIMIT {REMARKS_MAX}
)
SELECT id FROM saved LEFT JOIN search_document USING (note_id) LEFT JOIN remarked USING (id)
WHERE CASE WHEN words IS NULL THEN lexemes ELSE coalesce(lexemes, '') || words END @@ %s::tsquery
"""  # noqa: S608  put together from our own numbers alone
