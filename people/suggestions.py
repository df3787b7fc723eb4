"""Suggest people to follow, with reasons."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import isolated
from notes.models.declared import shown_topics
from notes.models.visibility import LISTED_SQL
from profiles.models import User

SUGGESTED = 24


@dataclass(frozen=True, slots=True)
class Suggestion:
    person: User
    reasons: list[str]


def suggestions(viewer: User, most: int = SUGGESTED) -> list[Suggestion]:
    """Return people the viewer does not follow, block, mute or dismiss, best first: by kinds of reasons, then friends
    in common, then shared topics. The number of followers counts nowhere.

    Chosen among the latest of each source, so that the cost does not grow with the site (`_SUGGESTED`). People who
    approve followers, are in high school or do not count yet (`User.is_counted`) are never suggested.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SUGGESTED, {"viewer": viewer.pk, "campus": viewer.campus_id, "most": most})
        found = {pk: _reasons(*why) for pk, *why in cursor}
    visible = (
        User.objects.visible_to(viewer).with_label(topics=shown_topics()).fetch_mode(settings.LAZY_FETCH_MODE)
    )
    people = visible.in_bulk(found)
    for person in people.values():
        person.followed = False
    return [Suggestion(people[pk], why) for pk, why in found.items() if pk in people]


def _reasons(is_at_campus: bool, topic: str | None, friend: str | None, friends: int) -> list[str]:
    reasons = [followed_by(friend, friends - 1)] if friend else []
    if topic:
        reasons.append(_("Writes about %(topic)s too") % {"topic": isolated(topic)})
    if is_at_campus:
        reasons.append(_("On your campus"))
    return reasons


def followed_by(name: str, others: int) -> str:
    """Return the text that a person the viewer follows, and this many others, follow the suggestion; counted up to a
    hundred.
    """
    name = isolated(name)
    if not others:
        return _("Followed by %(name)s, who you follow") % {"name": name}
    words = ngettext(
        "Followed by %(name)s and %(number)s other you follow",
        "Followed by %(name)s and %(number)s others you follow",
        others,
    )
    return words % {"name": name, "number": others if others < 99 else "99+"}


_SUGGESTED = f"""
WITH friend AS (
    SELECT person.id, person.name, row_number() OVER (ORDER BY recent.id DESC) AS place
    FROM (
        SELECT id, followed_id FROM profiles_follow WHERE follower_id = %(viewer)s ORDER BY id DESC LIMIT 40
    ) AS recent
    JOIN profiles_user AS person ON person.id = recent.followed_id
    WHERE person.is_active
        AND person.id NOT IN (SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s)
),
topic AS (
    SELECT tag.id, tag.name, place.position
    FROM profiles_positioning AS said
    JOIN profiles_positioningtopic AS place ON place.positioning_id = said.id AND place.taken_at IS NULL
    JOIN taggit_tag AS tag ON tag.id = place.tag_id
    WHERE said.person_id = %(viewer)s AND said.retired_at IS NULL
),
reason AS (
    SELECT theirs.followed_id AS person, friend.id AS friend, friend.place,
        NULL::integer AS topic, NULL::integer AS campus
    FROM friend, LATERAL (
        SELECT followed_id FROM profiles_follow WHERE follower_id = friend.id ORDER BY id DESC LIMIT 30
    ) AS theirs
    UNION ALL
    SELECT note.author_id, NULL, NULL, topic.position, NULL
    FROM topic, LATERAL (
        SELECT content_object_id FROM notes_taggednote WHERE tag_id = topic.id AND listed_at IS NOT NULL
        ORDER BY listed_at DESC, content_object_id DESC LIMIT 40
    ) AS recent
    JOIN notes_note AS note ON note.id = recent.content_object_id
    WHERE {LISTED_SQL}
    UNION ALL
    SELECT recent.author_id, NULL, NULL, NULL, 1
    FROM (
        SELECT author_id FROM notes_note AS note WHERE campus_id = %(campus)s AND {LISTED_SQL}
        ORDER BY published_at DESC, id DESC LIMIT 100
    ) AS recent
    JOIN profiles_user AS author ON author.id = recent.author_id
    WHERE author.campus_id = %(campus)s AND author.shows_campus
),
candidate AS (
    SELECT person,
        count(DISTINCT friend) AS friends,
        min(place) AS friend_place,
        count(DISTINCT topic) AS topics,
        min(topic) AS topic,
        max(campus) AS campus
    FROM reason
    WHERE person <> %(viewer)s AND person NOT IN (
        SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s
        UNION ALL SELECT followed_id FROM profiles_followrequest WHERE follower_id = %(viewer)s
        UNION ALL SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s
        UNION ALL SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s
        UNION ALL SELECT blocker_id FROM profiles_block WHERE blocked_id = %(viewer)s
        UNION ALL SELECT dismissed_id FROM profiles_dismissal WHERE person_id = %(viewer)s
    )
    GROUP BY person
),
best AS (
    SELECT candidate.*, (friends > 0)::integer + (topics > 0)::integer + coalesce(campus, 0) AS kinds
    FROM candidate JOIN profiles_user AS found ON found.id = candidate.person AND found.is_counted
    ORDER BY kinds DESC, friends DESC, topics DESC, person DESC LIMIT 120
)
SELECT best.person, best.campus IS NOT NULL, topic.name, friend.name, best.friends
FROM best
JOIN profiles_user AS person ON person.id = best.person
LEFT JOIN topic ON topic.position = best.topic
LEFT JOIN friend ON friend.place = best.friend_place
WHERE person.is_active AND NOT person.approves_followers AND person.stage <> 'high_school'
ORDER BY best.kinds DESC, best.friends DESC, best.topics DESC, best.person DESC
LIMIT %(most)s
"""  # noqa: S608  put together from our own words alone
