"""The people of a made-up community: campuses, labels, accounts, follows."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.db import transaction
from taggit.models import Tag

from core.db.copy import copy, take_keys
from dev.synthetic import words
from dev.synthetic.chance import several, shares, uneven
from notes.compose.tagging import tags_named
from profiles.models import Campus, Follow, Label, Positioning, PositioningTopic, User

CAMPUSES = {"en": "Made-up College {}", "zh": "虚构大学{}"}
CAMPUSES_EACH = 15
CAMPUS_SKEW = 1.7  # the first of each language has a tenth of all people
LABELS = 250
SPAN = 500  # days since the first of them came


@dataclass(slots=True)
class People:
    """Columns of equal length, one entry a person: keys, the campus's key, the language."""

    keys: list[int]
    campuses: list[int]
    languages: list[str]
    # When each positioning began and its key, earliest first.
    positionings: list[list[tuple[datetime, int]]]


def load(now: datetime, random: Random, number: int, follows: int) -> People:
    """Commit everyone, with labels and follows. Raise ValueError for more follows than there are pairs."""
    if follows > number * (number - 1):
        raise ValueError(f"{number} people cannot have {follows} follows.")
    with transaction.atomic():
        return _Loader(now, random).load(number, follows)


class _Loader:
    def __init__(self, now: datetime, random: Random) -> None:
        self.now = now
        self.random = random

    def load(self, number: int, follows: int) -> People:
        keys = take_keys(User, number)
        languages = [self.random.choice(words.LANGUAGES) for _ in keys]
        people = People(keys, self._campuses(languages), languages, [[] for _ in keys])
        followers = list(shares(follows, uneven(number, self.random), number - 1))
        ends = self._ends(followers)
        # Before the people, who bring their counters: the counting trigger finds no row to update yet.
        copy(Follow, ["follower", "followed", "created_at"], self._follows(people, followers, ends))
        self._add_people(people, followers, ends)
        self._add_labels(people)
        return people

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _campuses(self, languages: list[str]) -> list[int]:
        known = {
            language: [Campus.objects.named(name.format(n + 1)).pk for n in range(CAMPUSES_EACH)]
            for language, name in CAMPUSES.items()
        }
        return [
            known[language][int(CAMPUSES_EACH * self.random.random() ** CAMPUS_SKEW)]
            for language in languages
        ]

    def _ends(self, followers: list[int]) -> array[int]:
        """Return who follows, person after person followed."""
        ends = array("L")
        for person, number in enumerate(followers):
            ends.extend(several(number, len(followers), self.random, without={person}))
        return ends

    def _add_people(self, people: People, followers: list[int], ends: array[int]) -> None:
        following = array("L", bytes(array("L").itemsize * len(people.keys)))
        for end in ends:
            following[end] += 1
        fields = ["id", "handle", "email", "name", "campus", "stage", "password"]
        rows = zip(people.keys, people.campuses, people.languages, followers, following, strict=True)
        copy(
            User,
            [*fields, "follower_count", "following_count", "date_joined", "is_counted"],
            (
                (
                    *(key, f"made_up_{key}", _address(key), words.name(self.random, language)),
                    *(campus, "college", "!made-up", followed, follows, self._ago(SPAN), True),
                )
                for key, campus, language, followed, follows in rows
            ),
        )
        copy(
            EmailAddress,
            ["user", "email", "primary", "verified"],
            ((key, _address(key), True, True) for key in people.keys),
        )

    def _add_labels(self, people: People) -> None:
        """Declare one label for most people, two or three in turn for some, none for a third."""
        labels = [Label.objects.worded(wording) for wording in words.labels(LABELS, self.random)]
        tags = {language: self._tags(language) for language in words.LANGUAGES}
        numbers = self.random.choices((0, 1, 2, 3), (30, 50, 15, 5), k=len(people.keys))
        keys = iter(take_keys(Positioning, sum(numbers)))
        declared: list[tuple[object, ...]] = []
        topics: list[tuple[int, int, int]] = []
        for person, number in enumerate(numbers):
            began = sorted(self._ago(self.random.uniform(8, SPAN)) for _ in range(number))
            for at, until in zip(began, [*began[1:], None], strict=False):
                key, label = next(keys), labels[int(len(labels) * self.random.random() ** 1.5)]
                declared.append((key, people.keys[person], label.pk, label.wording, at, until))
                chosen = self.random.sample(tags[people.languages[person]], self.random.randint(1, 4))
                topics += [(key, tag.pk, position) for position, tag in enumerate(chosen)]
                people.positionings[person].append((at, key))
        fields = ["id", "person", "label", "wording", "declared_at", "retired_at"]
        copy(Positioning, fields, declared)
        copy(PositioningTopic, ["positioning", "tag", "position"], topics)

    def _tags(self, language: str) -> list[Tag]:
        return tags_named(words.tags(language)[:24])

    def _follows(
        self, people: People, followers: list[int], ends: array[int]
    ) -> Iterator[tuple[int, int, datetime]]:
        place = iter(ends)
        for person, number in enumerate(followers):
            for _ in range(number):
                yield people.keys[next(place)], people.keys[person], self._ago(self.random.uniform(0, SPAN))


def _address(key: int) -> str:
    return f"made_up_{key}@redbook.test"
