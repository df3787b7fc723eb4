"""What a person's Explore is ordered by, from rows: their taste at a moment, as docs/explore.md has it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from math import sqrt

from moderation.prove.formula import Taste
from moderation.prove.rows import hidden, rows

_MONTH = 30 * 24 * 3600
_LAST = 200

_ANSWERS = """
SELECT note_id, created_at FROM {table} WHERE person_id = %(person)s AND created_at <= %(moment)s
ORDER BY id DESC LIMIT 200
"""
_TAGS = "SELECT content_object_id, tag_id FROM notes_taggednote WHERE content_object_id = ANY (%(notes)s)"
_FOLLOWS = """
SELECT followed_id FROM profiles_follow WHERE follower_id = %(person)s AND created_at <= %(moment)s ORDER BY id DESC
"""
_LABELS = f"""
SELECT said.person_id, topic.tag_id
FROM profiles_positioning AS said JOIN profiles_positioningtopic AS topic ON topic.positioning_id = said.id
WHERE said.person_id = ANY (%(people)s) AND said.label_id NOT IN {hidden("label")}
    AND said.declared_at <= %(moment)s AND coalesce(said.retired_at, 'infinity') > %(moment)s
    AND coalesce(topic.given_at, '-infinity') <= %(moment)s AND coalesce(topic.taken_at, 'infinity') > %(moment)s
"""
_AUTHORS = "SELECT id, author_id FROM notes_note WHERE id = ANY (%(notes)s)"


def taste_of(person: int, campus: int | None, moment: datetime) -> Taste:
    """Return the taste of a person at a moment: likes 1, saves 2, halved every thirty days; labels of the 200 people
    followed last 1, their own 5; each in equal shares for its topics.
    """
    weights: dict[int, float] = defaultdict(float)
    for table, worth in (("notes_like", 1), ("notes_collect", 2)):
        aged = _aged(table, person, moment)
        for note, tags in _tags(aged).items():
            for tag in tags:
                weights[tag] += worth * aged[note] / sqrt(len(tags))
    follows = [pk for (pk,) in rows(_FOLLOWS, person=person, moment=moment)]
    topics: dict[int, list[int]] = defaultdict(list)
    for speaker, tag in rows(_LABELS, people=[person, *follows[:_LAST]], moment=moment):
        topics[speaker].append(tag)
    for speaker, tags in topics.items():
        for tag in tags:
            weights[tag] += (5 if speaker == person else 1) / sqrt(len(tags))
    length = sqrt(sum(weight * weight for weight in weights.values()))
    less_topics, less_authors = _less(person, moment)
    return Taste(
        {tag: weight / length for tag, weight in weights.items()},
        frozenset(follows),
        campus,
        less_topics,
        less_authors,
    )


def _aged(table: str, person: int, moment: datetime) -> dict[int, float]:
    """Return the weight of the last 200 rows by their age."""
    found = rows(_ANSWERS.format(table=table), person=person, moment=moment)
    return {note: 2 ** (-(moment - at).total_seconds() / _MONTH) for note, at in found}


def _tags(notes: Iterable[int]) -> dict[int, list[int]]:
    tags: dict[int, list[int]] = defaultdict(list)
    for note, tag in rows(_TAGS, notes=list(notes)):
        tags[note].append(tag)
    return tags


def _less(person: int, moment: datetime) -> tuple[dict[int, float], dict[int, float]]:
    """Return how often the person asked for less of each topic and author, older times counting less."""
    aged = _aged("notes_less", person, moment)
    topics: dict[int, float] = defaultdict(float)
    authors: dict[int, float] = defaultdict(float)
    for note, tags in _tags(aged).items():
        for tag in tags:
            topics[tag] += aged[note]
    for note, author in rows(_AUTHORS, notes=list(aged)):
        authors[author] += aged[note]
    return topics, authors
