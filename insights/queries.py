"""Reads of insights: what the photo beacon needs, and what the Mirror's pages show (insights/reports.py)."""

import json
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from taggit.models import Tag

from core.db.keyset import keyset
from core.zones import site_day
from insights import note_figures, overview, topic_figures
from insights.formulas import READERS_MIN, rate
from insights.models import FoundBy
from insights.note_figures import rows
from insights.reports import LabelPage, Mirror, NoteList, NotePage, Period, Span
from insights.spans import span
from notes.focus import NOTES_MIN
from notes.models import Note, NoteReader, Photo
from profiles.models import User

# One row of the period, and the whole life's first.
_PERSON = """
SELECT summed.last, summed.weeks, sums.*,
    life.notes AS life_notes, life.readers AS life_readers, life.first AS begun,
    (SELECT json_object_agg(kind, since) FROM notes_measured) AS measured,
    ARRAY(
        SELECT words FROM insights_foundby WHERE creator_id = person.id AND note_id IS NULL ORDER BY words
    ) AS found_by
FROM profiles_user AS person
LEFT JOIN insights_summed AS summed ON summed.person_id = person.id
LEFT JOIN insights_personsum AS sums ON sums.person_id = person.id AND sums.period = %(period)s
LEFT JOIN insights_personsum AS life ON life.person_id = person.id AND life.period = 'all'
WHERE person.id = %(person)s
"""
_DAYS = """
SELECT day, sum(new_readers) AS readers, sum(ever_engaged) AS engaged
FROM notes_noteday WHERE note_id = %(note)s AND day BETWEEN %(first)s AND %(last)s
GROUP BY 1
"""
_HOURS = """
SELECT hour, sum(opened) AS opened
FROM insights_notehour WHERE note_id = %(note)s AND day BETWEEN %(first)s AND %(last)s
GROUP BY 1 HAVING sum(opened) > 0 ORDER BY 1
"""
_COUNTS = ("notes", "readers", "visits", "shown", "profile_visits", "won", "lost")
_NOTHING = dict.fromkeys(
    ("notes", "weight", "read_notes", "readers", "readings", "engaged", "vv", "ve", "ee", "median", "shown"),
    0,
) | dict.fromkeys(("visits", "profile_visits", "won", "lost"), 0)


def readable(viewer: User) -> QuerySet[Note]:
    """Return the live notes that the viewer may open and is counted as a reader of: by other people, and not as a
    moderator.
    """
    notes = Note.objects.live().visible_to(viewer).exclude(author=viewer)
    return notes.none() if viewer.is_staff else notes


def photo_count(note: Note) -> int:
    """Return how many photos the note's page shows to others."""
    return Photo.objects.filter(note=note, state=Photo.State.READY).count()


def reached(viewer: User, note: Note) -> int:
    """Return the furthest photo known to have been seen, or 0."""
    found = NoteReader.objects.filter(note=note, person=viewer).values_list("reached", flat=True).first()
    return found or 0


def mirror(person: User, period: Period) -> Mirror:
    """Return the person's overview. With too little to show, or before the first night, `first_days` is set from live
    numbers.
    """
    sums, days = _sums(person, period)
    labels = overview.chapter_rows(person)
    label = next((row for row in labels if row["retired_at"] is None), None)
    declared = label["topics"] if label else {}
    topic_rows = topic_figures.topic_rows(person, period)
    topics, come_for = topic_figures.topics(sums, topic_rows, declared)
    overall = rate(sums["engaged"], sums["readings"])
    average = overall.value if overall else None
    furthest = note_figures.furthest(person, period, average=average, median=sums["median"])
    lacks = sums["life_notes"] < NOTES_MIN or sums["life_readers"] < READERS_MIN
    return Mirror(
        span=days,
        wording=label["wording"] if label else "",
        declared=site_day(label["declared_at"]) if label else None,
        chapter_number=len(labels) if label else 0,
        overall=overall,
        topics=topics,
        come_for=come_for,
        chapters=overview.chapters(labels),
        weeks=overview.weeks(json.loads(sums["weeks"]), days),
        comparisons=overview.comparisons(json.loads(sums["groups"])),
        questions=overview.questions(person, topic_rows),
        first_days=overview.first_days(person, has_label=label is not None) if lacks else None,
        **{name: sums[name] for name in _COUNTS},
        **topic_figures.focus(sums, topic_rows, declared),
        best=furthest["best"],
        underrated=furthest["underrated"],
        found_by=tuple(sums["found_by"]),
    )


def note_list(person: User, period: Period, after: str = "", *, topic: str = "") -> NoteList:
    """Return a page of the person's published notes with their figures, of any visibility, newest first; with the
    slug of a `topic`, only notes on it. An unreadable cursor starts at the top.
    """
    _own, days = _sums(person, period)
    notes = _published(person)
    page = keyset(notes.filter(taggings__tag__slug=topic) if topic else notes, "published_at", after)
    figures = note_figures.figures_of([note.pk for note in page.rows], period)
    return NoteList(span=days, notes=tuple(figures), after=page.after)


def note_page(person: User, note: int, period: Period) -> NotePage:
    """Return the figures of the person's published note. Raise Http404 for drafts and notes of others."""
    if not _published(person).filter(pk=note).exists():
        raise Http404
    _own, days = _sums(person, period)
    figures, row = note_figures.raw_figures(note, period)
    first = (days.first or date.min) if period != Period.ALL else date.min  # a note for oneself may be older
    given = {"note": note, "first": first, "last": days.last}
    hours = [
        (str(each["hour"]), f"{each['hour']:02}:00", int(each["opened"])) for each in rows(_HOURS, given)
    ]
    return NotePage(
        span=days,
        figures=figures,
        sources=note_figures.sources(row["sources"]),
        hours=note_figures.fold(hours),
        reached=note_figures.reached(figures, row["reached"]),
        days=_daily(rows(_DAYS, given), max(figures.published, first), days.last),
        found_by=tuple(FoundBy.objects.filter(note=note).order_by("words").values_list("words", flat=True)),
    )


def label_page(person: User) -> LabelPage:
    """Return the person's chapters side by side, and how figures changed with each label."""
    _own, days = _sums(person, Period.ALL)
    return LabelPage(span=days, chapters=overview.chapters(overview.chapter_rows(person)))


def topic_name(person: User, slug: str) -> str:
    """Return the name of a topic of the person's notes; the slug itself if no note has it."""
    names = Tag.objects.filter(slug=slug, notes_taggednote_items__content_object__author=person)
    return names.values_list("name", flat=True).first() or slug


def _sums(person: User, period: Period) -> tuple[dict[str, Any], Span]:
    """Return the person's sums, empty before the first night, and the days they cover."""
    (row,) = rows(_PERSON, {"person": person.pk, "period": period})
    measured = json.loads(row["measured"]) if isinstance(row["measured"], str) else row["measured"]
    days = span(period, summed=row["last"], begun=row["begun"], measured=measured)
    known = {name: row[name] for name in _NOTHING if row[name] is not None}
    life = {name: row[name] or 0 for name in ("life_notes", "life_readers")}
    others = {"weeks": row["weeks"] or "[]", "groups": row["groups"] or "{}", "found_by": row["found_by"]}
    return _NOTHING | known | life | others, days


def _published(person: User) -> QuerySet[Note]:
    return Note.objects.filter(author=person.pk, status=Note.Status.PUBLISHED).only("pk", "published_at")


def _daily(found: list[dict[str, Any]], first: date, last: date) -> tuple[tuple[date, int, int], ...]:
    """Return each day with its new readers and how many of them ever engaged, including empty days."""
    met = {row["day"]: (int(row["readers"]), int(row["engaged"])) for row in found}
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple((day, *met.get(day, (0, 0))) for day in days)
