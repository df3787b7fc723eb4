"""The figures of notes, as the nightly job summed them up (insights/models.py)."""
# ruff: noqa: S608 (the parts of the queries are ours)

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from insights.formulas import normal, rate
from insights.reports import Cell, NoteFigures, Period
from notes.models import Source
from notes.models.visibility import SHARED_SQL
from profiles.models import User

CELL_MIN = 10  # people, or openings, that a cell of a table shows
BEST, UNDERRATED_MIN = 3, 20  # notes; readers of an underrated one
OTHER = "other"

_COLUMNS = """
    note.id, note.title, site_day(note.published_at) AS published,
    note.visibility = 'public' AND note.hidden_at IS NULL AND NOT author.approves_followers AS is_public,
    cover.token, cover.roles,
    (SELECT count(*) FROM notes_photo AS photo
        WHERE photo.note_id = note.id AND photo.state = 'ready') AS photos,
    coalesce(sums.shown, 0) AS shown, coalesce(sums.opened, 0) AS opened, coalesce(sums.visits, 0) AS visits,
    coalesce(sums.readers, 0) AS readers, coalesce(sums.engaged, 0) AS engaged,
    coalesce(sums.saved, 0) AS saved, coalesce(sums.commented, 0) AS commented, coalesce(sums.won, 0) AS won,
    coalesce(sums.sources, '{}') AS sources, coalesce(sums.reached, '{}') AS reached
"""
_TABLES = """
    JOIN profiles_user AS author ON author.id = note.author_id
    LEFT JOIN notes_photo AS cover ON cover.id = note.cover_id AND cover.state = 'ready'
    LEFT JOIN insights_notesum AS sums ON sums.note_id = note.id AND sums.period = %(period)s
"""
_OF_NOTES = f"""
SELECT {_COLUMNS}
FROM notes_note AS note {_TABLES}
WHERE note.id = ANY (%(notes)s) AND note.status = 'published'
ORDER BY note.published_at DESC, note.id DESC
"""
# Read most; and answered beyond doubt more than the average though read less than half of the notes are.
_FURTHEST = f"""
WITH mine AS (
    SELECT note.id, readers, engaged, engaged::float8 / readers AS share
    FROM notes_note AS note JOIN insights_notesum AS sums ON sums.note_id = note.id
    WHERE note.author_id = %(person)s AND sums.period = %(period)s AND sums.readers > 0
        AND {SHARED_SQL}
), few AS (
    SELECT id, (share + %(z)s ^ 2 / (2 * readers)
        - %(z)s * sqrt(share * (1 - share) / readers + %(z)s ^ 2 / (4 * readers::float8 ^ 2)))
        / (1 + %(z)s ^ 2 / readers) AS low
    FROM mine WHERE readers BETWEEN %(least)s AND %(median)s
), chosen AS (
    (SELECT id, 'best' AS kind, row_number() OVER (ORDER BY readers DESC, id DESC) AS place FROM mine
        ORDER BY place LIMIT %(most)s)
    UNION ALL
    (SELECT id, 'underrated', row_number() OVER (ORDER BY low DESC, id DESC) AS place FROM few
        WHERE low > %(average)s ORDER BY place LIMIT %(most)s)
)
SELECT chosen.kind, {_COLUMNS}
FROM chosen JOIN notes_note AS note ON note.id = chosen.id {_TABLES}
ORDER BY chosen.kind, chosen.place
"""


def rows(statement: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a query as dictionaries by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def figures_of(notes: Sequence[int], period: Period) -> list[NoteFigures]:
    """Return the figures of those of these notes that are published, newest first."""
    found = rows(_OF_NOTES, {"notes": list(notes), "period": period}) if notes else []
    return [_figures(row) for row in found]


def furthest(
    person: User, period: Period, *, average: float | None, median: int
) -> dict[str, tuple[NoteFigures, ...]]:
    """Return the most-read notes as "best"; and as "underrated" notes with at most half as many readers as others
    that were clearly answered more than average. Each with the sources of its readers.
    """
    if average is None:
        return {"best": (), "underrated": ()}
    given = {"person": person.pk, "period": period, "average": average, "median": median}
    given |= {"least": UNDERRATED_MIN, "most": BEST, "z": normal(0.05)}
    found = rows(_FURTHEST, given)
    return {
        kind: tuple(_figures(row, with_sources=True) for row in found if row["kind"] == kind)
        for kind in ("best", "underrated")
    }


def sources(readers: str) -> tuple[Cell, ...]:
    """Return readers by source, most first; small numbers are folded into "Other"."""
    by_source = sorted(json.loads(readers).items(), key=lambda each: (-each[1], each[0]))
    return fold((key, str(Source(key).label), number) for key, number in by_source)


def fold(cells: Iterable[tuple[str, str, int]]) -> tuple[Cell, ...]:
    """Return the cells of a table, with numbers below 10 folded into "Other", which is withheld if it is below 10
    too.
    """
    all_cells = list(cells)
    kept = [Cell(*cell) for cell in all_cells if cell[2] >= CELL_MIN]
    rest = sum(number for _key, _name, number in all_cells if number < CELL_MIN)
    if rest:
        kept.append(Cell(OTHER, gettext("Other"), rest if rest >= CELL_MIN else None))
    return tuple(kept)


def reached(row: NoteFigures, by_photo: str) -> tuple[Cell, ...]:
    """Return readers by the furthest photo they saw, and how many are unknown."""
    found = {int(photo): number for photo, number in json.loads(by_photo).items()}
    cells = [
        Cell(str(photo), str(photo), found.get(photo, 0)) for photo in range(1, max(found, default=0) + 1)
    ]
    unknown = row.readers - sum(found.values())
    return (*cells, Cell("unmeasured", gettext("Not measured"), unknown)) if cells or unknown else ()


def raw_figures(note: int, period: Period) -> tuple[NoteFigures, dict[str, Any]]:
    """Return the figures of one published note, and the row they come from."""
    (row,) = rows(_OF_NOTES, {"notes": [note], "period": period})
    return _figures(row), row


def _figures(row: dict[str, Any], *, with_sources: bool = False) -> NoteFigures:
    far = {int(photo): number for photo, number in json.loads(row["reached"]).items()}
    widths = sorted(filter(str.isdigit, row["roles"] or ()), key=int)
    return NoteFigures(
        note=row["id"],
        cover=f"/media/{row['token']}-{widths[0]}.jpg" if widths else "",
        rate=rate(row["engaged"], row["readers"]),
        reached=sum(photo * number for photo, number in far.items()) / sum(far.values()) if far else None,
        found=sources(row["sources"]) if with_sources else (),
        **{
            key: row[key]
            for key in ("title", "published", "is_public", "photos", "shown", "opened", "visits")
        },
        **{key: row[key] for key in ("readers", "engaged", "saved", "commented", "won")},
    )
