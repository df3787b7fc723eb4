"""Which notes a viewer may see: what the index knows of that, to find them by; and the one definition of visibility,
which decides, as SQL that the ORM writes once for each kind of viewer, of the rows of documents.
"""

from functools import cache
from typing import Any

from django.db.models.expressions import RawSQL

from core.db.prepared_queries import AnyViewer, Blank
from notes.models import Note
from notes.models.less import not_put_away
from profiles.models import Viewer
from search.asked import Asked
from search.query.tsquery import lexeme

# The document `found` as the note that it is of, with all that visibility is about. Documents are of published notes.
_NOTE = """(
    SELECT found.note_id AS id, found.author_id, 'published' AS status, found.visibility, found.hidden_at
) AS "notes_note\""""
_AUTHOR = """LATERAL (
    SELECT found.author_id AS id, found.is_active, found.approves_followers
) AS "profiles_user\""""


def facts(asked: Asked) -> list[str]:
    """Return what the index knows of notes that the filters leave.

    Whether the viewer may see a note is asked of each row that was found, and not of the index, which would look each
    of them up among nearly all documents: 2.5 of 2.6 ms for a word of 200 notes in a million.
    """
    known = [lexeme(f"/c:{asked.campus}")] if asked.campus is not None else []
    if asked.language:
        known.append(lexeme(f"/l:{asked.language}"))
    return [*known, lexeme("/f")] if asked.photos else known


def opened(asked: Asked) -> dict[str, Any]:
    """Return the notes that are found `only`, or None for all, those that are left out, and whose notes are."""
    seen = asked.seen
    notes = sorted(seen.opened) if seen else []
    return {
        "only": notes if seen and seen.is_seen else None,
        "without": [] if seen and seen.is_seen else notes,
        "not_by": seen.person if seen and not seen.is_seen else None,
    }


def seen_sql(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """Return the SQL that has one row if the viewer may see the note of the document `found`, and it is by nobody they
    mute and not one they asked for less like; and its parameters besides `viewer`.
    """
    return _seen(viewer.is_authenticated, viewer.is_staff)


def shown_sql(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """Return the same of a document `found` that has what counts of its author beside it."""
    sql, given = seen_sql(viewer)
    return sql.replace('INNER JOIN "profiles_user"', f"INNER JOIN {_AUTHOR}"), given


class _Kind:
    def __init__(self, is_authenticated: bool, is_staff: bool) -> None:
        self.pk, self.is_authenticated, self.is_staff = None, is_authenticated, is_staff


@cache
def _seen(is_authenticated: bool, is_staff: bool) -> tuple[str, dict[str, Any]]:
    viewer: Any = AnyViewer(_Kind(is_authenticated, is_staff))
    notes = Note.objects.meant_for(viewer).by_wanted(viewer).filter(not_put_away(viewer))
    sql, values = notes.order_by().values_list(RawSQL("1", ())).query.get_compiler("default").as_sql()
    names = ["viewer" if isinstance(value, Blank) else f"seen{at}" for at, value in enumerate(values)]
    given = {name: value for name, value in zip(names, values, strict=True) if name != "viewer"}
    of_notes = sql % tuple(f"%({name})s" for name in names)
    return of_notes.replace('FROM "notes_note"', f"FROM {_NOTE}"), given
