"""What people declare, as notes ask for it: their label in force and its topics."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Func, TextField

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


class Declared(NamedTuple):
    """A label as pages show it beside its person; `focus` as `Positioning.focus_shown`."""

    wording: str = ""
    topics: tuple[str, ...] = ()
    focus: int | None = None


class DeclaredLabel(Func):
    """What the label in force of the person in the column says now, for `declared`."""

    output_field = TextField()
    template = (
        "(SELECT json_build_array(said.wording, ARRAY("  # noqa: S608  put together from our own words alone
        f"SELECT tag.name FROM {_TOPICS} WHERE place.positioning_id = said.id AND {_SHOWN} ORDER BY place.position"
        f"), said.focus_shown)::text FROM {_IN_FORCE}"
        " WHERE said.person_id = %(expressions)s AND said.retired_at IS NULL)"
    )


def declared(said: str | None) -> Declared:
    """Return what `DeclaredLabel` found."""
    if said is None:
        return Declared()
    wording, topics, focus = json.loads(said)
    return Declared(wording, tuple(topics), focus)


class Promised(NamedTuple):
    """A topic of one's label, and whether a note of the last four weeks has it."""

    topic: str
    has_note: bool


def promised(person: Any) -> list[Promised]:
    """Return the topics of the person's label, the primary one first; none without a label that others see."""
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED, {"person": person.pk})
        return [Promised(*row) for row in cursor]


_PROMISED = f"""
SELECT tag.name, tag.id IN (
    SELECT tagging.tag_id
    FROM notes_note AS note JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id
    WHERE note.author_id = %(person)s AND note.published_at > now() - interval '28 days'
        AND note.status = 'published' AND note.hidden_at IS NULL AND note.visibility <> 'private'
)
FROM {_IN_FORCE}
JOIN ({_TOPICS}) ON place.positioning_id = said.id
WHERE said.person_id = %(person)s AND said.retired_at IS NULL AND {_SHOWN}
ORDER BY place.position
"""  # noqa: S608  put together from our own words alone


def hold_people(people: Collection[int]) -> None:
    """Hold these people until the transaction ends, in the order of everybody. To be done before tags of several notes
    or labels change one after the other: a trigger holds the person of each.
    """
    rows = get_user_model()._default_manager.filter(pk__in=people).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def declaring_topics(tags: Collection[int]) -> set[int]:
    """Return the people who declare one of these tags, or did."""
    with connection.cursor() as cursor:
        cursor.execute(_DECLARING, [list(tags)])
        return {person for (person,) in cursor}


_DECLARING = """
SELECT DISTINCT said.person_id
FROM profiles_positioningtopic AS place JOIN profiles_positioning AS said ON said.id = place.positioning_id
WHERE place.tag_id = ANY (%s)
"""
