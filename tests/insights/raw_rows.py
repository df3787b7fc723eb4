"""Read raw rows with a plain cursor: the first half of an independent recomputation of the Mirror.

Nothing here or in recomputed.py imports the code of insights; every definition is that of docs/insights.md.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tests.insights.year import Log, local_day


@dataclass
class Reader:
    who: tuple[str, int]
    day: date
    source: str
    ever: bool
    saved: bool
    commented: bool
    reached: int | None


@dataclass
class Comment:
    pk: int
    author: int
    day: date
    at: datetime
    words: str


@dataclass
class Note:
    pk: int
    author: int
    day: date
    published: datetime
    title: str
    length: int
    visibility: str
    is_hidden: bool
    has_cover: bool
    positioning: int | None
    photos: int = 0
    topics: dict[str, str] = field(default_factory=dict)  # name by slug, without hidden ones
    readers: list[Reader] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        """By others than its author."""
        return self.visibility in {"public", "followers"} and not self.is_hidden


@dataclass
class Chapter:
    pk: int
    wording: str
    declared: datetime
    retired: datetime | None
    topics: list[tuple[str, str]] = field(default_factory=list)  # slug, name; as they stand


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class Rows:
    """All of them, by author."""

    def __init__(self, log: Log, today: date) -> None:
        self.log = log
        self.last = today - timedelta(days=1)
        self.notes: dict[int, Note] = {}
        self.by_author: dict[int, list[Note]] = defaultdict(list)
        self.measured = dict(rows("SELECT kind, since FROM notes_measured"))
        self.hidden_tags = {pk for (pk,) in rows("SELECT tag_id FROM notes_tagstate WHERE is_hidden")}
        self._read_notes()
        self._read_readers()
        self._read_comments()
        self._read_chapters()
        self._add_counts()

    def _read_notes(self) -> None:
        for row in rows(
            "SELECT id, author_id, published_at, title, body, visibility, hidden_at, cover_id, positioning_id"
            " FROM notes_note WHERE status = 'published'"
        ):
            pk, author, at, title, body, visibility, hidden_at, cover, positioning = row
            facts = (title, len(body), visibility, hidden_at is not None, cover is not None, positioning)
            self.notes[pk] = Note(pk, author, local_day(at), at, *facts)
            self.by_author[author].append(self.notes[pk])
        for pk, number in rows("SELECT note_id, count(*) FROM notes_photo GROUP BY 1"):
            if pk in self.notes:
                self.notes[pk].photos = number
        for pk, tag, slug, name in rows(
            "SELECT content_object_id, tag.id, slug, name FROM notes_taggednote"
            " JOIN taggit_tag AS tag ON tag.id = tag_id"
        ):
            if pk in self.notes and tag not in self.hidden_tags:
                self.notes[pk].topics[slug] = name

    def _read_readers(self) -> None:
        """Read counted readers. A deleted person is one reader of each author's notes, by the number in their place."""
        for pk, number, person, departed, *facts in rows(
            "SELECT note_id, id, person_id, departed, first_seen_day, source, ever_engaged, ever_saved, ever_commented,"
            " reached FROM notes_notereader WHERE is_counted"
        ):
            if pk in self.notes:
                who = ("row", number) if departed is None else ("departed", departed)
                self.notes[pk].readers.append(Reader(("person", person) if person else who, *facts))

    def _read_comments(self) -> None:
        """Read existing comments by active people without a block between them and the note's author."""
        blocks = set(rows("SELECT blocker_id, blocked_id FROM profiles_block"))
        for pk, number, author, at, words in rows(
            "SELECT note_id, comment.id, author_id, created_at, body FROM notes_comment AS comment"
            " JOIN profiles_user AS person ON person.id = author_id"
            " WHERE deleted_at IS NULL AND hidden_at IS NULL AND suspended_at IS NULL AND leaving_at IS NULL"
        ):
            note = self.notes.get(pk)
            if note and author != note.author and not {(author, note.author), (note.author, author)} & blocks:
                note.comments.append(Comment(number, author, local_day(at), at, words))

    def _read_chapters(self) -> None:
        """The newest first, but for those whose label a moderator has hidden."""
        self.chapters: dict[int, list[Chapter]] = defaultdict(list)
        found: dict[int, Chapter] = {}
        for pk, person, wording, declared, retired in rows(
            "SELECT place.id, person_id, place.wording, declared_at, retired_at FROM profiles_positioning AS place"
            " JOIN profiles_label AS label ON label.id = label_id AND label.hidden_at IS NULL"
            " ORDER BY declared_at DESC, place.id DESC"
        ):
            found[pk] = Chapter(pk, wording, declared, retired)
            self.chapters[person].append(found[pk])
        for pk, tag, slug, name in rows(
            "SELECT positioning_id, tag.id, slug, name FROM profiles_positioningtopic"
            " JOIN taggit_tag AS tag ON tag.id = tag_id WHERE taken_at IS NULL ORDER BY position"
        ):
            if pk in found and tag not in self.hidden_tags:
                found[pk].topics.append((slug, name))

    def _add_counts(self) -> None:
        """The log's counts by note or person: lists of a day, a number and what it is of."""
        self.counts: dict[str, dict[int, list[tuple[date, int, Any]]]] = {}
        for kind in ("shown", "opened", "hours", "visits", "profile_visits", "won", "won_by", "lost"):
            found: dict[int, list[tuple[date, int, Any]]] = defaultdict(list)
            for (pk, day, *of), number in getattr(self.log, kind).items():
                found[pk].append((day, number, of[0] if of else None))
            self.counts[kind] = found

    def total(self, kind: str, pk: int, first: date, last: date) -> int:
        return sum(number for day, number, _of in self.counts[kind][pk] if first <= day <= last)
