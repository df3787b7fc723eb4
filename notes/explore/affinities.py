"""A person's taste, computed from their reactions up to a moment. Deterministic and never stored."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from notes.explore import ranking
from notes.explore.less import LESS, less_values

KEPT = 512  # tastes, by each process
ANSWERS, FOLLOWS = 200, 200  # the last ones of each kind count
LIKE, COLLECT, FOLLOW, LABEL = 1, 2, 1, 5

# People the person followed at the moment, and the topics of all labels then in force, without labels that a moderator
# hid.
_FOLLOWED = (
    "SELECT id, followed_id FROM profiles_follow WHERE follower_id = %(person)s AND created_at <= %(moment)s"
)
_DECLARED_TOPICS = """
SELECT place.tag_id, positioning.person_id
FROM profiles_positioning AS positioning
JOIN profiles_label AS label ON label.id = positioning.label_id AND label.hidden_at IS NULL
JOIN profiles_positioningtopic AS place ON place.positioning_id = positioning.id
WHERE positioning.declared_at <= %(moment)s
    AND (positioning.retired_at IS NULL OR positioning.retired_at > %(moment)s)
    AND (place.given_at IS NULL OR place.given_at <= %(moment)s)
    AND (place.taken_at IS NULL OR place.taken_at > %(moment)s)
"""
# What is frozen of a person at a moment: each topic with its weight, and the people they followed.
_TASTE = f"""
WITH answers AS (
    (SELECT 'like' AS kind, note_id, created_at, %(like)s::float8 AS weight FROM notes_like
    WHERE person_id = %(person)s AND created_at <= %(moment)s ORDER BY id DESC LIMIT %(answers)s)
    UNION ALL
    (SELECT 'collect', note_id, created_at, %(collect)s FROM notes_collect
    WHERE person_id = %(person)s AND created_at <= %(moment)s ORDER BY id DESC LIMIT %(answers)s)
), followed AS (
    {_FOLLOWED}
), {LESS}, speakers AS (
    SELECT %(person)s::bigint AS person, %(label)s::float8 AS weight
    UNION ALL
    (SELECT followed_id, %(follow)s FROM followed ORDER BY id DESC LIMIT %(follows)s)
), shares AS (
    SELECT tagged.tag_id AS topic,
        answers.weight
        * 2 ^ (-extract(epoch FROM %(moment)s - answers.created_at)::float8 / %(half_life)s)
        / sqrt(count(*) OVER (PARTITION BY answers.kind, answers.note_id)) AS weight
    FROM answers JOIN notes_taggednote AS tagged ON tagged.content_object_id = answers.note_id
    UNION ALL
    SELECT declared.tag_id, speakers.weight / sqrt(count(*) OVER (PARTITION BY speakers.person))
    FROM speakers JOIN ({_DECLARED_TOPICS}) AS declared ON declared.person_id = speakers.person
)
SELECT 'topic', topic, sum(weight) FROM shares GROUP BY topic
UNION ALL
SELECT 'follows', followed_id, 0 FROM followed
UNION ALL
SELECT 'less_author', author_id, sum(weight) FROM less JOIN notes_note AS note ON note.id = less.note_id
GROUP BY author_id
UNION ALL
SELECT 'less_topic', tag_id, sum(weight) FROM less
JOIN notes_taggednote AS tagged ON tagged.content_object_id = less.note_id GROUP BY tag_id
ORDER BY 1, 2
"""  # noqa: S608  put together from our own words alone


@lru_cache(KEPT)
def taste_of(person: int, campus: int | None, moment: datetime) -> ranking.Taste:
    """Return the taste of a person from this campus at the moment; empty for a visitor (person 0).

    Likes, saves, and the labels of oneself and of followed people give weight to topics. Each divides its weight among
    its topics so that the length of the vector is the weight. Likes, saves and "Less like this" halve every thirty
    days.
    """
    if not person:
        return ranking.NO_TASTE
    asked: dict[str, Any] = {
        **less_values(person, moment),
        "person": person,
        "moment": moment,
        "answers": ANSWERS,
        "follows": FOLLOWS,
        "like": LIKE,
        "collect": COLLECT,
        "follow": FOLLOW,
        "label": LABEL,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TASTE, asked)
        rows = cursor.fetchall()
    weights: dict[str, dict[int, float]] = {}
    for kind, pk, weight in rows:
        weights.setdefault(kind, {})[pk] = weight
    taste = ranking.taste(weights.get("topic", {}), frozenset(weights.get("follows", {})), campus)
    less = weights.get("less_topic", {}), weights.get("less_author", {})
    return taste._replace(less_topics=less[0], less_authors=less[1]) if less[1] else taste
