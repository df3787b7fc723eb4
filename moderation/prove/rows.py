"""Rows as this program reads them: what authors chose, and what was decided and is in force."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

IN_FORCE = "decided.undone_at IS NULL AND decided.ended_at IS NULL"
SUSPENDED = (
    "(SELECT decided.subject_id FROM moderation_decision AS decided"
    f" WHERE decided.step = 'suspend' AND decided.subject_id IS NOT NULL AND {IN_FORCE})"
)
FROM_NOTES = "notes_note AS note JOIN profiles_user AS author ON author.id = note.author_id"


def hidden(kind: str) -> str:
    """Return the SQL of the ids of this kind that decisions in force hide. A note is hidden too once they hid its last
    photo.
    """
    decided = (
        "SELECT held.number FROM moderation_decision AS decided"
        " JOIN moderation_case AS held ON held.id = decided.case_id"
        f" WHERE decided.step = 'hide' AND held.kind = '{kind}' AND {IN_FORCE}"
    )
    return f"({decided} UNION ALL {_EMPTIED})" if kind == "note" else f"({decided})"


_EMPTIED = f"""
    SELECT photo.hidden_in_id FROM notes_photo AS photo
    WHERE photo.hidden_in_id IS NOT NULL AND photo.id IN {hidden("photo")}
        AND NOT EXISTS (SELECT FROM notes_photo AS other WHERE other.note_id = photo.hidden_in_id)
"""
AUTHOR_IS_THERE = f"author.leaving_at IS NULL AND author.id NOT IN {SUSPENDED}"
LISTED = f"note.status = 'published' AND note.visibility = 'public' AND note.id NOT IN {hidden('note')}"
LIVE = f"note.status = 'published' AND note.id NOT IN {hidden('note')} AND {AUTHOR_IS_THERE}"
PUBLIC = f"{LISTED} AND {AUTHOR_IS_THERE} AND NOT author.approves_followers"
TAG_IS_SHOWN = (
    f"tag.id NOT IN {hidden('tag')} AND NOT EXISTS ("
    "SELECT FROM notes_tagstate AS merged WHERE merged.tag_id = tag.id AND merged.merged_into_id IS NOT NULL)"
)


def rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def column(sql: str, **values: Any) -> list[Any]:
    return [value for (value,) in rows(sql, **values)]


def streamed(sql: str, **values: Any) -> Iterator[tuple[Any, ...]]:
    """Yield rows without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor


def written_since(row: str) -> str:
    """Return the SQL of whether this version of a row is of a transaction from `horizon` on."""
    return f"age({row}.xmin) <= age((%(horizon)s %% 4294967296)::text::xid)"
