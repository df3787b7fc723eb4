"""Rows of notes and of all that belongs to them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import Any

from django.db import models

from notes.actions import scores
from notes.models import Collect, CollectPlace, Comment, Like, Note, Photo, TaggedNote
from redbook.ids import random_name
from redbook.synthetic import words
from redbook.synthetic.chance import several
from redbook.synthetic.world import World

DAYS = 365
WRITERS = 0.2  # of all people
HALF_LIFE_DAYS = scores.HALF_LIFE / timedelta(days=1)
MEET_AFTER_DAYS = 2  # on average
REPLIES = 0.3  # of comments

# Notes come last and bring their counters: the triggers that count find no note yet. Foreign keys wait for the commit.
FIELDS: dict[type[models.Model], list[str]] = {
    Photo: [
        *("id", "owner", "note", "position", "state", "folder", "token", "width", "height", "snap", "tone"),
        *("roles", "alt", "created_at"),
    ],
    TaggedNote: ["content_object", "tag", "listed_at"],
    Comment: ["id", "note", "author", "parent", "key", "body", "created_at"],
    Like: ["person", "note", "created_at"],
    Collect: ["id", "person", "note", "created_at"],
    CollectPlace: ["collection", "collect"],
    Note: [
        *("id", "author", "key", "title", "title_width", "body", "campus", "place", "visibility", "status"),
        *("positioning", "cover", "text_tone", "created_at", "published_at", "score"),
        *("like_count", "collect_count", "comment_count"),
    ],
}


@dataclass(slots=True)
class Keys:
    """Primary keys that are taken for the rows to come."""

    note: Iterator[int]
    photo: Iterator[int]
    collect: Iterator[int]
    comment: Iterator[int]


class Round:
    """`rows` by table, with values of FIELDS."""

    def __init__(self, world: World, keys: Keys) -> None:
        self.world = world
        self.random = world.random
        self.people = world.people
        self.keys = keys
        self.rows: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in FIELDS}

    def add_note(self, visibility: str, photos: int, likes: int, collects: int, comments: int) -> None:
        people, random = self.people, self.random
        note = next(self.keys.note)
        author = int(len(people.keys) * WRITERS * random.random() ** 2)
        language = people.languages[author]
        age = DAYS * random.random() ** 1.6 + 0.01
        published = self.world.now - timedelta(days=age)
        cover = self._add_photos(note, author, photos, published)
        self._add_tags(note, language, published if visibility == Note.Visibility.PUBLIC else None)
        gain = (
            self._add_likes(note, author, likes, age)
            + self._add_collects(note, author, collects, age)
            + self._add_comments(note, author, comments, age)
        )
        score = scores.first_score(published) + log2(1 + gain / scores.HEAD_START)
        title, width = random.choice(self.world.titles[language])
        self.rows[Note].append(
            (
                *(note, people.keys[author], uuid.UUID(int=random.getrandbits(128)), title, width),
                *(words.story(random, language), people.campuses[author], words.place(random, language)),
                *(visibility, "published", self._positioning(author, published), cover),
                *(random.choice(("warm", "rose", "leaf", "sky", "dark", "pale")), published, published),
                *(score, likes, collects, comments),
            )
        )

    def _positioning(self, author: int, published: datetime) -> int | None:
        began = (key for at, key in reversed(self.people.positionings[author]) if at <= published)
        return next(began, None)

    def _add_photos(self, note: int, author: int, number: int, published: datetime) -> int | None:
        """The key of the cover."""
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

    def _add_likes(self, note: int, author: int, number: int, age: float) -> float:
        """What the likes add to the sum that the note's score is of; the others do the same."""
        gain = 0.0
        for person in several(number, len(self.people.keys), self.random, without=author):
            at, weight = self._meeting(age)
            gain += scores.LIKE * weight
            self.rows[Like].append((self.people.keys[person], note, at))
        return gain

    def _add_collects(self, note: int, author: int, number: int, age: float) -> float:
        gain = 0.0
        for person in several(number, len(self.people.keys), self.random, without=author):
            at, weight = self._meeting(age)
            gain += scores.COLLECT * weight
            key = next(self.keys.collect)
            self.rows[Collect].append((key, self.people.keys[person], note, at))
            self.rows[CollectPlace].append((self.people.collections[person], key))
        return gain

    def _add_comments(self, note: int, author: int, number: int, age: float) -> float:
        """Comments, and replies to an earlier one, by the author every second time."""
        gain = 0.0
        threads: list[int] = []
        for at, weight in sorted(self._meeting(age) for _ in range(number)):
            key = next(self.keys.comment)
            is_reply = bool(threads) and self.random.random() < REPLIES
            person = int(len(self.people.keys) * self.random.random() ** 2)
            if is_reply and self.random.random() < 0.5:
                person = author
            if person != author:
                gain += scores.COMMENT * weight
            parent = self.random.choice(threads) if is_reply else None
            body = words.remark(self.random, self.people.languages[person], is_reply)
            unique = uuid.UUID(int=self.random.getrandbits(128))
            self.rows[Comment].append((key, note, self.people.keys[person], parent, unique, body, at))
            if not is_reply:
                threads.append(key)
        return gain

    def _meeting(self, age: float) -> tuple[datetime, float]:
        """When somebody meets a note of so many days, mostly in its first ones, and how much it weighs."""
        after = self.random.expovariate(1 / MEET_AFTER_DAYS)
        if after >= age:
            after = self.random.uniform(0, age)
        return self.world.now - timedelta(days=age - after), 2 ** (after / HALF_LIFE_DAYS)
