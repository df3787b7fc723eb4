"""Read the relevance set: the notes of the demo community and of texts.toml, and the queries put to them."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from core.text import normal_form, tags_in
from dev.demo import community

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A note of either set; `tags` are those of its field, and `campus` is a name."""

    title: str
    story: str
    by: str
    campus: str
    days: float
    tags: list[str] = field(default_factory=list)
    place: str = ""
    visibility: str = "public"
    status: str = "published"

    @property
    def is_open(self) -> bool:
        """Return whether a visitor may find it."""
        return (self.visibility, self.status) == ("public", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A person of texts.toml; `campus` is a name."""

    handle: str
    name: str
    campus: str
    label: str = ""
    topics: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query and what it should find, by names; queries.toml says how they are written."""

    q: str
    language: str
    kind: str
    best: list[str]
    good: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)  # "not" in the file


@cache
def queries() -> tuple[Query, ...]:
    return tuple(_query(**words) for words in _read("queries.toml")["queries"])


def kinds() -> dict[str, str]:
    return dict(_read("queries.toml")["kinds"])


@cache
def campuses() -> dict[str, community.Campus]:
    """Return the campuses that texts.toml adds, by key."""
    return {key: community.Campus(*words) for key, words in _read("texts.toml")["campuses"].items()}


@cache
def writers() -> tuple[Writer, ...]:
    """Return the people that texts.toml adds."""
    known = _campus_names()
    return tuple(
        Writer(**words | {"campus": known[words["campus"]]}) for words in _read("texts.toml")["people"]
    )


@cache
def added() -> tuple[Text, ...]:
    """Return the notes that texts.toml adds."""
    campus = {writer.handle: writer.campus for writer in writers()}
    return tuple(Text(**words, campus=campus[words["by"]]) for words in _read("texts.toml")["notes"])


@cache
def texts() -> tuple[Text, ...]:
    """Return all notes, those of the demo community first."""
    known = _campus_names()
    demo = [
        Text(
            title=note.title,
            story=note.story,
            by=author.handle,
            campus=known[author.campus],
            days=note.days,
            tags=note.tags,
            place=note.place,
            visibility=note.visibility,
            status=note.status,
        )
        for author in community.authors()
        for note in author.notes
    ]
    return (*demo, *added())


def names() -> list[str]:
    """Return the name of everything that can be found, as queries.toml writes them, those of two things twice."""
    tags = {normal_form(tag) for text in texts() for tag in (*text.tags, *tags_in(text.story))}
    tags |= {normal_form(topic) for label in _labels() for topic in label.topics}
    tags |= {normal_form(topic) for writer in writers() for topic in writer.topics}
    labels = {label.wording for label in _labels()} | {writer.label for writer in writers() if writer.label}
    return [
        *(text.title for text in texts()),
        *(f"@{person.handle}" for person in chain(community.people(), writers())),
        *(f"#{tag}" for tag in tags),
        *(f"label:{wording}" for wording in labels),
        *(f"campus:{name}" for name in _campus_names().values()),
    ]


def _query(**words: Any) -> Query:
    never = words.pop("not", [])
    return Query(**words, never=never)


def _labels() -> list[community.Label]:
    """Return the labels that people of the demo have now."""
    return [*(person.labels[-1] for person in community.people() if person.labels), *community.crowd_labels()]


def _campus_names() -> dict[str, str]:
    return {key: campus.name for key, campus in (community.campuses() | campuses()).items()}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
