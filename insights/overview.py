"""The parts of the overview, from a person's sums: chapters, weeks, comparisons, questions, first days."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from core.db.prepared_queries import IsAmong, compiled
from core.zones import site_day
from insights import formulas
from insights.formulas import rate
from insights.note_figures import rows
from insights.reports import Chapter, Comparison, FirstDays, Period, Question, Span, Week
from insights.topic_figures import ASKERS_MIN
from notes.focus import NOTES_MIN
from notes.models import Comment, Note
from notes.models.visibility import SHARED_SQL
from profiles.models import User, Viewer

NAMED = 5  # comments of each question
WEEK_READERS_MIN = 10
COMPARED = ("cover", "length", "photos")
_WEEKS = {Period.DAYS: 4, Period.WEEKS: 16}

_CHAPTERS = """
SELECT chapter.id, chapter.wording, chapter.declared_at, chapter.retired_at,
    coalesce(sums.notes, 0) AS notes, coalesce(sums.readers, 0) AS readers,
    coalesce(sums.readings, 0) AS readings, coalesce(sums.engaged, 0) AS engaged, coalesce(sums.won, 0) AS won,
    (SELECT coalesce(json_agg(json_build_array(tag.id, tag.slug, tag.name) ORDER BY place.position), '[]')
        FROM profiles_positioningtopic AS place JOIN taggit_tag AS tag ON tag.id = place.tag_id
        WHERE place.positioning_id = chapter.id AND place.taken_at IS NULL AND NOT EXISTS (
            SELECT FROM notes_tagstate AS state WHERE state.tag_id = tag.id AND state.is_hidden
        )) AS topics
FROM profiles_positioning AS chapter
JOIN profiles_label AS label ON label.id = chapter.label_id AND label.hidden_at IS NULL
LEFT JOIN insights_chaptersum AS sums ON sums.positioning_id = chapter.id
WHERE chapter.person_id = %(person)s
ORDER BY chapter.declared_at DESC, chapter.id DESC
"""
_FIRST_DAYS = f"""
WITH mine AS (
    SELECT id FROM notes_note AS note WHERE author_id = %(person)s AND {SHARED_SQL}
)
SELECT (SELECT count(*) FROM mine) AS notes, count(*) AS readers FROM (
    SELECT DISTINCT coalesce(read.person_id, read.departed, -read.id)
    FROM mine JOIN notes_notereader AS read ON read.note_id = mine.id WHERE read.is_counted LIMIT %(most)s
) AS people
"""  # noqa: S608  put together from our own words alone


def chapter_rows(person: User) -> list[dict[str, Any]]:
    """Return the person's labels, newest first, without those a moderator hid; `topics` as Declared."""
    found = rows(_CHAPTERS, {"person": person.pk})
    for row in found:
        topics = json.loads(row["topics"]) if isinstance(row["topics"], str) else row["topics"]
        row["topics"] = {pk: (slug, name) for pk, slug, name in topics}
    return found


def chapters(found: Sequence[dict[str, Any]]) -> tuple[Chapter, ...]:
    """Return the chapters of these rows, each compared with the one before it."""
    made: list[Chapter] = []
    for row in reversed(found):
        own, before = rate(row["engaged"], row["readings"]), made[-1] if made else None
        differs = formulas.differs(before.rate, own, before.notes, row["notes"]) if before else None
        made.append(
            Chapter(
                positioning=row["id"],
                wording=row["wording"],
                declared=site_day(row["declared_at"]),
                retired=site_day(row["retired_at"]) if row["retired_at"] else None,
                topics=tuple(name for _slug, name in row["topics"].values()),
                notes=row["notes"],
                readers=row["readers"],
                rate=own,
                won=row["won"],
                differs=differs,
            )
        )
    return tuple(reversed(made))


def weeks(counted: Sequence[Sequence[int]], span: Span) -> tuple[Week, ...]:
    """Return the weeks of the period, oldest first, at most 53, starting with the first reader."""
    read = [place for place, (readers, _engaged) in enumerate(counted) if readers]
    number = _WEEKS.get(span.period, max(read, default=-1) + 1)
    return tuple(
        Week(
            first=span.last - timedelta(days=7 * place + 6),
            readers=readers,
            engaged=engaged,
            rate=rate(engaged, readers) if readers >= WEEK_READERS_MIN else None,
        )
        for place, (readers, engaged) in reversed(list(enumerate(counted[:number])))
    )


def comparisons(groups: dict[str, Sequence[int]]) -> tuple[Comparison, ...]:
    """Return the predefined comparisons of two groups of notes."""
    return tuple(_comparison(kind, *groups.get(kind, (0,) * 6)) for kind in COMPARED)


def _comparison(kind: str, *sums: int) -> Comparison:
    notes, other_notes = sums[0], sums[3]
    first, second = rate(sums[2], sums[1]), rate(sums[5], sums[4])
    differs = formulas.differs(first, second, notes, other_notes)
    if differs is None:
        first = second = None
    return Comparison(kind, first, second, differs, (notes, other_notes))


def questions(person: User, found: Sequence[dict[str, Any]]) -> tuple[Question, ...]:
    """Return the topics that at least ten people asked about, most askers first, with comments that the person may
    read now.
    """
    asked = sorted(
        (row for row in found if row["askers"] >= ASKERS_MIN), key=lambda row: (-row["askers"], row["name"])
    )
    if not asked:
        return ()
    wanted = {pk for row in asked for pk in row["asked"]}
    texts = {comment[0]: comment for comment in _texts(viewer=person, comments=list(wanted))}
    return tuple(
        Question(
            slug=row["slug"],
            name=row["name"],
            people=row["askers"],
            comments=tuple(texts[pk] for pk in row["asked"] if pk in texts)[:NAMED],
        )
        for row in asked
    )


@compiled
def _texts(*, viewer: Viewer, comments: Any) -> QuerySet[Any]:
    """Return key, note and text of those of the comments that are under public notes."""
    said = Comment.objects.counted().visible_to(viewer).filter(IsAmong("pk", comments))
    public = said.filter(
        note__status=Note.Status.PUBLISHED,
        note__visibility=Note.Visibility.PUBLIC,
        note__hidden_at__isnull=True,
    )
    return public.values_list("pk", "note", "body")


def first_days(person: User, *, has_label: bool) -> FirstDays:
    """Return a newcomer's progress. Readers are counted only up to the required number."""
    (found,) = rows(_FIRST_DAYS, {"person": person.pk, "most": formulas.READERS_MIN})
    return FirstDays(
        has_label=has_label,
        notes=found["notes"],
        notes_needed=NOTES_MIN,
        readers=found["readers"],
        readers_needed=formulas.READERS_MIN,
    )
