"""The data of the Mirror's pages as plain values: made by insights/queries.py, shown by templates/insights/."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """The period of a page, ending with yesterday."""

    DAYS = "28d", _("28 days")
    WEEKS = "16w", _("16 weeks")
    ALL = "all", _("All")


class Missing(models.TextChoices):
    """The reason why a number is not shown."""

    NOTES = "notes", _("Too few notes")
    READERS = "readers", _("Too few readers")
    ANSWERS = "answers", _("Too few answers to compare")
    NONE_ANSWERED = "none_answered", _("Nobody has answered yet")


class FindingKind(models.TextChoices):
    ANSWERED_MORE = "answered_more", _("Your readers answer this more than you post it")
    LITTLE_ANSWER = "little_answer", _("Declared, but it meets little answer")
    NOT_SAID = "not_said", _("You post this, and your label does not say it")


@dataclass(frozen=True)
class Span:
    """The days that a page covers. `first` is None before anything was measured.

    `since` is the later of the period's first day and the first day on which this kind of number was measured, by
    Measured.Kind.
    """

    period: Period
    first: date | None
    last: date
    since: dict[str, date]
    summed_at: date | None  # the day after the last one that the nightly job has summed


@dataclass(slots=True, unsafe_hash=True)
class Rate:
    """A rate: `part` of `whole` people, with its 95% Wilson interval. Both may be fractions, of notes with several
    topics.
    """

    part: float
    whole: float
    value: float
    low: float
    high: float


@dataclass(slots=True, unsafe_hash=True)
class Topic:
    """A row of Said / Posted / Responded. `notes` were published in the period; `read_notes`, of any age, had a new
    reader in it: a lift needs three of them.
    """

    slug: str
    name: str
    is_declared: bool
    notes: int
    posted: float | None  # P(t); None below 5 notes in the period
    readers: int  # distinct people
    lift: float | None  # None with `missing`
    rate: Rate | None  # of the notes with the topic
    missing: Missing | None
    finding: FindingKind | None
    read_notes: int = 0


@dataclass(frozen=True)
class Chapter:
    """A label with its days, and the figures of its notes over their whole life."""

    positioning: int
    wording: str
    declared: date
    retired: date | None
    topics: tuple[str, ...]
    notes: int
    readers: int
    rate: Rate | None
    won: int
    # Against the chapter before: None below 5 notes on either side, else whether the intervals part.
    differs: bool | None


@dataclass(slots=True, unsafe_hash=True)
class Week:
    """A week of seven full days. `readers` adds up the new readers of each note; `rate` is None below 10."""

    first: date
    readers: int
    engaged: int
    rate: Rate | None


@dataclass(frozen=True)
class Cell:
    """A row of a folded table: below 10 folded into "Other"; `number` None where that is below 10 too."""

    key: str
    name: str
    number: int | None


@dataclass(slots=True, unsafe_hash=True)
class NoteFigures:
    """A note in the period. `saved` and `commented` count readers. `reached` is the mean furthest photo, if measured.
    `found`, the sources of its readers, is set for best and underrated notes only.
    """

    note: int
    title: str
    published: date
    is_public: bool
    cover: str  # the address of its smallest rendition, or ""
    photos: int
    shown: int
    opened: int
    readers: int
    visits: int
    engaged: int
    saved: int
    commented: int
    won: int
    rate: Rate | None  # engaged of readers; None without readers
    reached: float | None = None
    found: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two predefined groups of notes: photo or text cover, short or long, few or many photos. None if either has
    fewer than 5 notes.
    """

    kind: str  # "cover", "length", "photos"
    first: Rate | None
    second: Rate | None
    differs: bool | None
    notes: tuple[int, int] = (0, 0)  # in the first group, in the second


@dataclass(frozen=True)
class Question:
    """A topic that at least 10 people asked about, with at most 5 of their public comments, the newest first."""

    slug: str
    name: str
    people: int
    comments: tuple[tuple[int, int, str], ...]  # comment, note, body


@dataclass(frozen=True)
class FirstDays:
    """A newcomer's progress to a full Mirror, including today's notes and readers. If nothing is missing, the numbers
    come with the next night.
    """

    has_label: bool
    notes: int
    notes_needed: int
    readers: int
    readers_needed: int


@dataclass(frozen=True)
class Mirror:
    """The overview. `first_days` is set where there is too little to show; then the rest may be empty."""

    span: Span
    wording: str  # of the label, or ""
    declared: date | None
    chapter_number: int  # 1 for the first label
    notes: int
    readers: int
    visits: int
    shown: int
    overall: Rate | None  # r0
    focus: float | None  # None below 5 notes, or without topics
    cover: tuple[int, int] | None  # declared topics with a note, declared topics
    without_note: tuple[tuple[str, str], ...]  # declared topics without a note, slug and name
    topics: tuple[Topic, ...]  # the most posted first
    come_for: Topic | None  # the topic that readers answer most, where its interval lies above the rest's
    chapters: tuple[Chapter, ...]  # the newest first
    weeks: tuple[Week, ...]  # the oldest first
    best: tuple[NoteFigures, ...]  # most readers
    underrated: tuple[NoteFigures, ...]  # answered much, read little
    comparisons: tuple[Comparison, ...]
    questions: tuple[Question, ...]
    first_days: FirstDays | None
    found_by: tuple[str, ...]  # searched words
    profile_visits: int = 0
    won: int = 0  # followers
    lost: int = 0


@dataclass(frozen=True)
class NotePage:
    """One note: its figures, and when and from where its readers came."""

    span: Span
    figures: NoteFigures
    sources: tuple[Cell, ...]  # readers
    hours: tuple[Cell, ...]  # openings, in the site's time zone
    reached: tuple[Cell, ...]  # readers by furthest photo
    days: tuple[tuple[date, int, int], ...]  # day, new readers, of them ever engaged
    found_by: tuple[str, ...]  # searched words


@dataclass(frozen=True)
class NoteList:
    """A page of a person's published notes, newest first; `after` is the cursor of the next page, "" on the last."""

    span: Span
    notes: tuple[NoteFigures, ...]
    after: str


@dataclass(frozen=True)
class LabelPage:
    """A person's labels, newest first, each over its whole life and compared with the one before."""

    span: Span
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Table:
    """A table for a file: translated column names, and rows of plain values (None if withheld)."""

    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]
