"""What people declare, for use by notes: their label in force and its topics."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet, TextField
from django.db.models.expressions import RawSQL

from core.db.prepared_queries import compiled
from notes.models.visibility import SHARED_SQL
from profiles.models import PositioningTopic, User, Viewer
from profiles.models.label import NEVER, Declared
from profiles.models.relations import is_wanted_by, listable_for, no_block_between

# A label that a moderator hid says nothing.
_IN_FORCE = (
    "profiles_positioning AS said"
    " JOIN profiles_label AS label ON label.id = said.label_id AND label.hidden_at IS NULL"
)
_TOPICS = (
    "profiles_positioningtopic AS place JOIN taggit_tag AS tag ON tag.id = place.tag_id"
    " LEFT JOIN notes_tagstate AS state ON state.tag_id = tag.id"
)
_SHOWN = "place.taken_at IS NULL AND state.is_hidden IS NOT TRUE"


class DeclaredLabel(Func):
    """The label in force of the person in the column, as JSON for `declared`."""

    output_field = TextField()
    template = (
        "(SELECT json_build_array(said.wording, ARRAY("  # noqa: S608  put together from our own words alone
        f"SELECT tag.name FROM {_TOPICS} WHERE place.positioning_id = said.id AND {_SHOWN} ORDER BY place.position"
        f"), said.focus_shown)::text FROM {_IN_FORCE}"
        " WHERE said.person_id = %(expressions)s AND said.retired_at IS NULL)"
    )


class LabelWording(Func):
    """The wording of the label in force of the person in the column; NULL without a visible label."""

    output_field = TextField()
    template = (
        f"(SELECT said.wording FROM {_IN_FORCE}"  # noqa: S608  put together from our own words alone
        " WHERE said.person_id = %(expressions)s AND said.retired_at IS NULL)"
    )


def declared(said: str | None) -> Declared:
    """Return the Declared for a value of `DeclaredLabel`."""
    if said is None:
        return Declared()
    wording, topics, focus = json.loads(said)
    return Declared(wording, tuple(topics), focus)


def shown_topics() -> QuerySet[PositioningTopic]:
    """Return the current topics of labels without those a moderator hid, with their tags, for `with_topics`."""
    places = PositioningTopic.objects.filter(taken_at__isnull=True).exclude(tag__state__is_hidden=True)
    return places.select_related("tag")


class IsOnTopic(Func):
    """Whether a note has a topic of its author's label in force: `IsOnTopic("pk", "author", label)`."""

    output_field = BooleanField()
    template = (
        "EXISTS (SELECT FROM notes_taggednote AS tagging"
        " JOIN profiles_positioningtopic AS topic ON topic.tag_id = tagging.tag_id AND topic.taken_at IS NULL"
        " JOIN profiles_positioning AS said ON said.id = topic.positioning_id AND said.retired_at IS NULL"
        " WHERE (tagging.content_object_id, said.person_id, said.label_id) = (%(expressions)s))"
    )


def declaring(viewer: Viewer, label: int) -> QuerySet[User]:
    """Return people who declare this label now and have a public note on its topics, as far as the viewer's lists may
    show them.
    """
    return User.objects.filter(listable_for(viewer)).filter(
        positionings__label=label,
        positionings__retired_at__isnull=True,
        positionings__newest_on_topic__gt=NEVER,
    )


def newest_on_topic() -> RawSQL:
    """Return when the newest public note on the topics of the label in force of `source.person` (a column of
    notes/explore/newest_by_source.py) was published.
    """
    said = "SELECT newest_on_topic FROM profiles_positioning WHERE person_id = source.person AND retired_at IS NULL"
    return RawSQL(f"({said})", ())  # noqa: S611  our own words alone


FACES = 3  # on a label's tile


@compiled
def faces_of_label(*, viewer: Viewer, label: int) -> QuerySet[User]:
    """Return up to FACES people with this label in force, by their newest note on its topics: public, indexed, counted,
    not in high school, and neither blocked nor muted for the viewer. None if a moderator hid the label.
    """
    people = User.objects.filter(
        no_block_between(viewer, "pk"),
        positionings__label=label,
        positionings__retired_at__isnull=True,
        positionings__label__hidden_at__isnull=True,
        is_active=True,
        is_counted=True,
        approves_followers=False,
        is_indexed=True,
    )
    people = people.exclude(stage=User.Stage.HIGH_SCHOOL).filter(is_wanted_by(viewer, "pk"))
    people = people.order_by("-positionings__newest_on_topic", "-positionings__id")
    return people.only("handle", "name", "avatar_token")[:FACES]


class UsedLabel(NamedTuple):
    """A label in use. `people` is how many public people who count declare it, up to PEOPLE_MAX."""

    pk: int
    wording: str
    slug: str
    people: int

    @property
    def is_over(self) -> bool:
        """Whether there are more people than were counted."""
        return self.people >= PEOPLE_MAX


def used_labels(recent: QuerySet[Any], *, since: date, most: int) -> tuple[UsedLabel, ...]:
    """Return the labels in force of the authors of `recent` (pairs of note id and author id), heaviest first, by their
    notes on the label's topics.

    A label weighs one for each author, and one for each person who first engaged with such a note after the day
    `since`; people who share a network weigh as one. Authors who approve followers, are not indexed or are in high
    school do not count.
    """
    rows, params = recent.query.sql_with_params()
    given = {f"given{place}": value for place, value in enumerate(params)}
    sql = _USED.format(recent=rows % tuple(f"%({name})s" for name in given))
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"since": since, "most": most, "people": PEOPLE_MAX})
        return tuple(UsedLabel(*row) for row in cursor)


def still_shown(labels: Collection[UsedLabel]) -> list[UsedLabel]:
    """Return the labels that no moderator has hidden, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM profiles_label WHERE id = ANY (%s) AND hidden_at IS NULL",
            [[label.pk for label in labels]],
        )
        shown = {pk for (pk,) in cursor}
    return [label for label in labels if label.pk in shown]


PEOPLE_MAX = 1000
_FOUND_BY_ALL = (
    "person.is_active AND person.is_counted AND person.is_indexed"
    " AND NOT person.approves_followers AND person.stage <> 'high_school'"
)
_USED = f"""
WITH recent (id, author) AS MATERIALIZED ({{recent}}), fitting AS (
    SELECT recent.id AS note, recent.author, said.label_id AS label
    FROM recent
    JOIN profiles_user AS person ON person.id = recent.author AND {_FOUND_BY_ALL}
    JOIN {_IN_FORCE} ON said.person_id = recent.author AND said.retired_at IS NULL
    WHERE EXISTS (
        SELECT FROM notes_taggednote AS tagging
        JOIN profiles_positioningtopic AS place ON place.tag_id = tagging.tag_id AND place.taken_at IS NULL
        WHERE tagging.content_object_id = recent.id AND place.positioning_id = said.id
    )
), answered AS (
    SELECT note_id, sum(new_engaged) AS number FROM notes_noteday
    WHERE note_id IN (SELECT note FROM fitting) AND day > %(since)s GROUP BY note_id
), shared AS (
    SELECT note_id, count(network) - count(DISTINCT network) AS number FROM notes_notereader
    WHERE note_id IN (SELECT note FROM fitting) AND is_counted AND network IS NOT NULL AND engaged_day > %(since)s
    GROUP BY note_id
), weighed AS (
    SELECT fitting.label, count(DISTINCT fitting.author)
        + sum(greatest(coalesce(answered.number, 0) - coalesce(shared.number, 0), 0)) AS weight
    FROM fitting LEFT JOIN answered ON answered.note_id = note LEFT JOIN shared ON shared.note_id = note
    GROUP BY fitting.label
    ORDER BY weight DESC, fitting.label LIMIT %(most)s
)
SELECT label.id, label.wording, label.slug, (
    SELECT count(*) FROM (
        SELECT FROM profiles_positioning AS said JOIN profiles_user AS person ON person.id = said.person_id
        WHERE said.label_id = label.id AND said.retired_at IS NULL AND {_FOUND_BY_ALL} LIMIT %(people)s
    ) AS holder
)
FROM weighed JOIN profiles_label AS label ON label.id = weighed.label
ORDER BY weighed.weight DESC, label.id
"""  # noqa: S608  put together from our own words alone


class Promised(NamedTuple):
    """A topic of a person's label, and whether a note of the last four weeks has it."""

    topic: str
    has_note: bool


def promised(person: User) -> list[Promised]:
    """Return the topics of the person's label, the primary one first; empty without a visible label."""
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED, {"person": person.pk})
        return [Promised(*row) for row in cursor]


_PROMISED = f"""
SELECT tag.name, tag.id IN (
    SELECT tagging.tag_id
    FROM notes_note AS note JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id
    WHERE note.author_id = %(person)s AND note.published_at > now() - interval '28 days'
        AND {SHARED_SQL}
)
FROM {_IN_FORCE}
JOIN ({_TOPICS}) ON place.positioning_id = said.id
WHERE said.person_id = %(person)s AND said.retired_at IS NULL AND {_SHOWN}
ORDER BY place.position
"""  # noqa: S608  put together from our own words alone
