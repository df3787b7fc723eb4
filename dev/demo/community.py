"""The people of the demo community and what they say, as written in authors/ and people.toml."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent
CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Campus:
    name: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A declared positioning, and how many days ago. Retired when the next one was declared."""

    wording: str
    topics: list[str]
    days: float
    statement: str = ""
    audience: str = "everyone"


@dataclass(frozen=True, slots=True)
class Channel:
    """A curated channel: its names, and the tags under them."""

    en: str
    zh: str
    tags: list[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the owner's saved notes with one of these tags."""

    owner: str
    name: str
    tags: list[str]
    description: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    handle: str
    body: str
    replies: "tuple[Comment, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note published `days` ago, its words as typed into the form; `likes` and `collects` are how many it got.

    `photos` are names of pictures, the cover first; `tone` is that of a text cover. `readers` is how many people opened
    it, None for a number at random; `follows` how many of those who like it began to follow its author there.
    """

    title: str
    story: str
    days: float
    tags: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    tone: str = "warm"
    place: str = ""
    disclosure: str = "none"
    partner: str = ""
    visibility: str = "public"
    status: str = "published"
    likes: int = 0
    collects: int = 0
    readers: int | None = None
    follows: int = 0
    comments: tuple[Comment, ...] = ()

    @property
    def is_chinese(self) -> bool:
        return CHINESE.search(self.title) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A demo author: `reach` is the share of all people who follow them, `avatar` a picture's name or empty."""

    handle: str
    name: str
    campus: str
    bio: str
    avatar: str = ""
    stage: str = "college"
    reach: float = 0.05
    labels: tuple[Label, ...] = ()
    notes: tuple[Note, ...] = ()


@cache
def campuses() -> dict[str, Campus]:
    return {key: Campus(*words) for key, words in _read("people.toml")["campuses"].items()}


@cache
def schools() -> tuple[str, ...]:
    """Return the keys of those among them that are high schools."""
    return tuple(_read("people.toml")["schools"])


def creator() -> Person:
    """Return the person whose Mirror a newcomer opens."""
    return next(person for person in authors() if person.handle == signins()["creator"])


@cache
def signins() -> dict[str, str]:
    """Return the handle that each of the sign-ins shown to a newcomer belongs to, by what it is for."""
    return dict(_read("people.toml")["signins"])


@cache
def channels() -> tuple[Channel, ...]:
    """Return the curated channels in the order of the row."""
    return tuple(Channel(**words) for words in _read("channels.toml")["channels"])


@cache
def collections() -> tuple[Collection, ...]:
    """Return the named collections."""
    return tuple(Collection(**words) for words in _read("collections.toml")["collections"])


@cache
def authors() -> tuple[Person, ...]:
    """Return the people who write notes."""
    files = sorted((FOLDER / "authors").glob("*.toml"))
    return tuple(_person(_read(file.relative_to(FOLDER))) for file in files)


@cache
def people() -> tuple[Person, ...]:
    """Return people who post or comment, authors first."""
    return authors() + tuple(_person(words) for words in _read("people.toml")["people"])


def crowd(number: int, random: Random) -> list[tuple[str, str]]:
    """Return handles and names of this many silent people, half of them Chinese; no two alike."""
    names = _read("people.toml")["crowd"]
    chinese = [
        (f"{sound}_{called}", surname + given)
        for surname, sound in names["chinese_surnames"]
        for given, called in names["chinese_given"]
    ]
    english = [
        (f"{given}_{surname}".lower(), f"{given} {surname}")
        for given in names["english_given"]
        for surname in names["english_surnames"]
    ]
    found = random.sample(chinese, number - number // 2) + random.sample(english, number // 2)
    random.shuffle(found)
    return found


def crowd_labels() -> list[Label]:
    """Return what some of them declare."""
    return [Label(**label) for label in _read("people.toml")["crowd"]["labels"]]


def _read(path: str | Path) -> dict[str, Any]:
    return tomllib.loads((FOLDER / path).read_text(encoding="utf-8"))


def _person(words: dict[str, Any]) -> Person:
    labels = tuple(Label(**label) for label in words.pop("labels", ()))
    notes = tuple(_note(note) for note in words.pop("notes", ()))
    return Person(**words, labels=labels, notes=notes)


def _note(words: dict[str, Any]) -> Note:
    comments = tuple(_comment(*comment) for comment in words.pop("comments", ()))
    story = words.pop("story").strip()
    return Note(**words, story=story, comments=comments)


def _comment(handle: str, body: str, *replies: list[str]) -> Comment:
    return Comment(handle, body, tuple(Comment(author, answer) for author, answer in replies))
