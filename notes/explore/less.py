"""The SQL of the step that "Less like this" takes from a note where lists rank, as `ranking.less` computes it."""

from typing import Any

from notes.explore.ranking import LESS_AUTHOR, LESS_STEPS, LESS_TOPICS

ASKED = 200  # the last ones count
HALF_LIFE_SECONDS = 30 * 24 * 3600

# The notes that a person asked for less like up to a moment, each with its weight.
LESS = """
less AS (
    SELECT note_id, 2 ^ (-extract(epoch FROM %(less_until)s - created_at)::float8 / %(half_life)s) AS weight
    FROM notes_less WHERE person_id = %(less_person)s AND created_at <= %(less_until)s
    ORDER BY id DESC LIMIT %(less_most)s
)
"""
# How much each of their topics and authors counts, from 0 to 1.
LESS_SHARES = f"""
{LESS}, less_topic AS MATERIALIZED (
    SELECT tag_id AS topic, least(1, sum(weight) / {LESS_STEPS}) AS share
    FROM less JOIN notes_taggednote AS tagged ON tagged.content_object_id = less.note_id GROUP BY tag_id
), less_author AS MATERIALIZED (
    SELECT author_id AS author, least(1, sum(weight) / {LESS_STEPS}) AS share
    FROM less JOIN notes_note AS note ON note.id = less.note_id GROUP BY author_id
)
"""  # noqa: S608  put together from our own words alone


def less_step(note: str, author: str) -> str:
    """Return the SQL of the step for a note and its author, given as SQL. It asks `LESS_SHARES`, and of a person who
    never asked for less nothing else.
    """
    return f"""
    CASE WHEN EXISTS (SELECT FROM less_author) THEN
        {LESS_TOPICS} * coalesce((
            SELECT sum(share) FROM less_topic JOIN notes_taggednote AS tagged ON tagged.tag_id = less_topic.topic
            WHERE tagged.content_object_id = {note}
        ) / (SELECT count(*) FROM notes_taggednote WHERE content_object_id = {note}), 0)
        + {LESS_AUTHOR} * coalesce((SELECT share FROM less_author WHERE author = {author}), 0)
    ELSE 0 END
    """  # noqa: S608  put together from our own words alone


def less_values(person: int | None, moment: Any) -> dict[str, Any]:
    """Return the parameters of `LESS`."""
    return {
        "less_person": person or 0,
        "less_until": moment,
        "less_most": ASKED,
        "half_life": HALF_LIFE_SECONDS,
    }
