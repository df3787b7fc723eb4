"""Rows of notes and of all that belongs to them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.db import models
from django.utils import timezone

from core.ids import random_name
from dev.synthetic import words
from dev.synthetic.chance import several
from dev.synthetic.world import World
from notes.models import Collect, Comment, Like, Note, NoteReader, Photo, Source, TaggedNote

DAYS = 365
WRITERS = 0.2  # of all people
MEET_AFTER_DAYS = 2  # on average
REPLIES = 0.3  # of comments
SOURCES = {
    Source.EXPLORE: 44,
    Source.FOLLOWING: 18,
    Source.PROFILE: 12,
    Source.NOTE: 9,
    Source.TAG: 7,
    Source.CAMPUS: 4,
    Source.ELSEWHERE: 4,
    Source.LABEL: 2,
}

# Notes come last and bring their counters: the triggers that count find no note yet. Foreign keys wait for the commit.
# Readers come after what they answered with, engaged already: it finds no reader yet. Triggers make the days of notes.
FIELDS: dict[type[models.Model], list[str]] = {
    Photo: [
        *("id", "owner", "note", "position", "state", "folder", "token", "width", "height", "snap", "tone"),
        *("roles", "alt", "created_at"),
    ],
    TaggedNote: ["content_object", "tag", "listed_at"],
    Comment: ["id", "note", "author", "parent", "key", "body", "created_at"],
    Like: ["person", "note", "created_at"],
    Collect: ["id", "person", "note", "created_at"],
    NoteReader: ["note", "person", "first_seen_day", "source", "engaged_day"],
    Note: [
        *("id", "author", "key", "title", "title_width", "body", "campus", "place", "visibility", "status"),
        *("positioning", "cover", "text_tone", "created_at", "published_at"),
        *("like_count", "collect_count", "comment_count"),
    ],
}


@dataclass(slots=True)
class Keys:
    """Primary keys reserved for the rows to come."""

    note: Iterator[int]
    photo: Iterator[int]
    collect: Iterator[int]
    comment: Iterator[int]


def age(random: Random) -> float:
    """Return a random age of a note, in days; new ones are more frequent."""
    return DAYS * random.random() ** 1.6 + 0.01


class Round:
    """Rows of one round, by table, with values of FIELDS."""

    def __init__(self, world: World, keys: Keys) -> None:
        self.world = world
        self.random = world.random
        self.people = world.people
        self.keys = keys
        self.rows: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in FIELDS}
        self.sources = list(SOURCES), list(accumulate(SOURCES.values()))

    def add_note(
        self, visibility: str, age: float, photos: int, likes: int, collects: int, comments: int, readers: int
    ) -> None:
        """Add a note of this age in days; `readers` are in addition to people who engage."""
        people, random = self.people, self.random
        note = next(self.keys.note)
        author = int(len(people.keys) * WRITERS * random.random() ** 2)
        language = people.languages[author]
        published = self.world.now - timedelta(days=age)
        cover = self._add_photos(note, author, photos, published)
        self._add_tags(note, language, published if visibility == Note.Visibility.PUBLIC else None)
        engaged: dict[int, datetime] = {}
        self._add_likes(note, author, likes, age, engaged)
        self._add_collects(note, author, collects, age, engaged)
        self._add_comments(note, author, comments, age, engaged)
        self._add_readers(note, author, readers, age, engaged)
        title, width = random.choice(self.world.titles[language])
        self.rows[Note].append(
            (
                *(note, people.keys[author], uuid.UUID(int=random.getrandbits(128)), title, width),
                *(self.world.story(random, language), people.campuses[author], words.place(random, language)),
                *(visibility, "published", self._positioning(author, published), cover),
                *(random.choice(("warm", "rose", "leaf", "sky", "dark", "pale")), published, published),
                *(likes, collects, comments),
            )
        )

    def _positioning(self, author: int, published: datetime) -> int | None:
        began = (key for at, key in reversed(self.people.positionings[author]) if at <= published)
        return next(began, None)

    def _add_photos(self, note: int, author: int, number: int, published: datetime) -> int | None:
        """Return the key of the cover."""
        keys = [next(self.keys.photo) for _ in range(number)]
        alt = words.alt(self.people.languages[author])
        for position, key in enumerate(keys):
            picture = self.random.choice(self.world.pictures)
            self.rows[Photo].append(
                (
                    *(key, self.people.keys[author], note, position, picture.state, picture.folder),
                    *(random_name(), picture.width, picture.height, picture.snap, picture.tone),
                    *(picture.roles, alt, published),
                )
            )
        return keys[0] if keys else None

    def _add_tags(self, note: int, language: str, listed: datetime | None) -> None:
        tags = self.world.tags[language]
        for tag in several(self.random.randint(1, 4), len(tags), self.random):
            self.rows[TaggedNote].append((note, tags[tag], listed))

    def _add_likes(
        self, note: int, author: int, number: int, age: float, engaged: dict[int, datetime]
    ) -> None:
        """Store in `engaged` when each person first engaged."""
        for person in several(number, len(self.people.keys), self.random, without={author}):
            at = engaged[person] = self._meeting(age)
            self.rows[Like].append((self.people.keys[person], note, at))

    def _add_collects(
        self, note: int, author: int, number: int, age: float, engaged: dict[int, datetime]
    ) -> None:
        for person in several(number, len(self.people.keys), self.random, without={author}):
            at = self._meeting(age)
            engaged[person] = min(at, engaged.get(person, at))
            key = next(self.keys.collect)
            self.rows[Collect].append((key, self.people.keys[person], note, at))

    def _add_comments(
        self, note: int, author: int, number: int, age: float, engaged: dict[int, datetime]
    ) -> None:
        """Add comments, and replies to them, every second one by the author."""
        threads: list[int] = []
        for at in sorted(self._meeting(age) for _ in range(number)):
            key = next(self.keys.comment)
            is_reply = bool(threads) and self.random.random() < REPLIES
            person = int(len(self.people.keys) * self.random.random() ** 2)
            if is_reply and self.random.random() < 0.5:
                person = author
            if person != author:
                engaged[person] = min(at, engaged.get(person, at))
            parent = self.random.choice(threads) if is_reply else None
            body = words.remark(self.random, self.people.languages[person], is_reply)
            unique = uuid.UUID(int=self.random.getrandbits(128))
            self.rows[Comment].append((key, note, self.people.keys[person], parent, unique, body, at))
            if not is_reply:
                threads.append(key)

    def _add_readers(
        self, note: int, author: int, number: int, age: float, engaged: dict[int, datetime]
    ) -> None:
        """Add readers who engaged, each on the day of opening, and others."""
        known = {author, *engaged}
        number = min(number, len(self.people.keys) - len(known))
        others = several(number, len(self.people.keys), self.random, without=known)
        opened = [(person, at, True) for person, at in engaged.items()]
        opened += [(person, self._meeting(age), False) for person in others]
        names, weights = self.sources
        sources = self.random.choices(names, cum_weights=weights, k=len(opened))
        for (person, at, answers), source in zip(opened, sources, strict=True):
            day = timezone.localdate(at)
            reader = (note, self.people.keys[person], day, source.value, day if answers else None)
            self.rows[NoteReader].append(reader)

    def _meeting(self, age: float) -> datetime:
        """Return when a reader opens a note of this age in days, mostly in its first ones."""
        after = self.random.expovariate(1 / MEET_AFTER_DAYS)
        if after >= age:
            after = self.random.uniform(0, age)
        return self.world.now - timedelta(days=age - after)
