"""The lists of the site as rows say them: which notes and people, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass

from moderation.prove.rows import (
    AUTHOR_IS_THERE,
    FROM_NOTES,
    LIVE,
    PUBLIC,
    SUSPENDED,
    TAG_IS_SHOWN,
    column,
    hidden,
)


@dataclass(frozen=True)
class Asked:
    """A list: its kind, the row it is of (0 for none), and for whom (0 is a visitor)."""

    kind: str
    pk: int = 0
    viewer: int = 0

    @property
    def name(self) -> str:
        of = f" {self.pk}" if self.pk else ""
        return f"{NAMES[self.kind]}{of}{f' for person {self.viewer}' if self.viewer else ''}"


NAMES = {
    "latest": "Latest",
    "tag": "the notes of tag",
    "campus": "the notes of campus",
    "channel": "the newest of channel",
    "label": "the notes of label",
    "holders": "the people of label",
    "profile": "the profile of person",
    "series": "series",
    "collection": "collection",
    "collections": "the collections of person",
    "followers": "the followers of person",
    "following": "Following",
}
OF_PEOPLE = {"holders", "followers"}  # the others are lists of notes, and "collections" of collections

# What a person does not want to see, or may not.
_FOR_VIEWER = """
    author.id NOT IN (SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s)
    AND author.id NOT IN (SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s)
    AND author.id NOT IN (SELECT blocker_id FROM profiles_block WHERE blocked_id = %(viewer)s)
"""
_NO_LESS = "note.id NOT IN (SELECT note_id FROM notes_less WHERE person_id = %(viewer)s)"
# The languages they chose, notes without a known one, and their own.
_IN_LANGUAGES = """
    (%(viewer)s = note.author_id OR note.language = '' OR (
        SELECT cardinality(viewer.languages) = 0 OR note.language = ANY (viewer.languages)
        FROM profiles_user AS viewer WHERE viewer.id = %(viewer)s
    ) IS NOT FALSE)
"""
WANTED = f"{PUBLIC} AND {_FOR_VIEWER} AND {_NO_LESS} AND {_IN_LANGUAGES}"
NEWEST = "ORDER BY note.published_at DESC, note.id DESC"
_NOTES = f"SELECT note.id FROM {FROM_NOTES}"
_TAGGED = (
    "EXISTS (SELECT FROM notes_taggednote AS tagging WHERE tagging.content_object_id = note.id AND {which})"
)
_CHANNEL_TAGS = (
    "SELECT tag.id FROM notes_channel_tags AS chosen JOIN taggit_tag AS tag ON tag.id = chosen.tag_id"
    f" WHERE chosen.channel_id = %(pk)s AND {TAG_IS_SHOWN}"
)
_DECLARES = (
    "said.person_id = author.id AND said.label_id = %(pk)s AND said.retired_at IS NULL"  # the label in force
)
_HAS_TOPIC = """EXISTS (
    SELECT FROM profiles_positioning AS said
    JOIN profiles_positioningtopic AS topic ON topic.positioning_id = said.id AND topic.taken_at IS NULL
    JOIN notes_taggednote AS tagging ON tagging.tag_id = topic.tag_id
    WHERE tagging.content_object_id = note.id AND {declares}
)"""
_HERE = f"author.leaving_at IS NULL AND author.id NOT IN {SUSPENDED}"

EXPECTED: Mapping[str, str] = {
    "latest": f"{_NOTES} WHERE {WANTED} {NEWEST}",
    "tag": f"{_NOTES} WHERE {WANTED} AND {_TAGGED.format(which='tagging.tag_id = %(pk)s')} {NEWEST}",
    "campus": f"{_NOTES} WHERE {PUBLIC} AND {_FOR_VIEWER} AND {_NO_LESS} AND note.campus_id = %(pk)s {NEWEST}",
    "channel": f"{_NOTES} WHERE {WANTED}"
    f" AND {_TAGGED.format(which=f'tagging.tag_id IN ({_CHANNEL_TAGS})')} {NEWEST}",
    "label": f"{_NOTES} WHERE {PUBLIC} AND {_FOR_VIEWER} AND {_NO_LESS}"
    f" AND {_HAS_TOPIC.format(declares=_DECLARES)} {NEWEST}",
    "holders": f"""
        SELECT author.id FROM profiles_positioning AS said JOIN profiles_user AS author ON author.id = said.person_id
        LEFT JOIN LATERAL (
            SELECT max(note.published_at) AS at FROM notes_note AS note
            JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id
            JOIN profiles_positioningtopic AS topic
                ON topic.tag_id = tagging.tag_id AND topic.positioning_id = said.id AND topic.taken_at IS NULL
            WHERE note.author_id = author.id AND note.status = 'published' AND note.visibility = 'public'
                AND note.id NOT IN {hidden("note")}
        ) AS newest ON true
        WHERE {_DECLARES} AND {_HERE} ORDER BY newest.at DESC NULLS LAST, said.id DESC
    """,
    "profile": f"""{_NOTES} WHERE note.author_id = %(pk)s AND {PUBLIC} ORDER BY note.pin_slot IS NULL,
        CASE WHEN note.pin_slot IS NULL THEN note.published_at ELSE note.pinned_at END DESC, note.id DESC""",
    "series": f"{_NOTES} WHERE note.series_id = %(pk)s AND {PUBLIC} ORDER BY note.series_place, note.id",
    "collection": f"""
        SELECT note.id FROM notes_collectplace AS place JOIN notes_collect AS saved ON saved.id = place.collect_id
        JOIN notes_note AS note ON note.id = saved.note_id JOIN profiles_user AS author ON author.id = note.author_id
        WHERE place.collection_id = %(pk)s AND {PUBLIC} ORDER BY coalesce(place.position, place.id) DESC
    """,
    "collections": f"""
        SELECT kept.id FROM notes_collection AS kept WHERE kept.owner_id = %(pk)s AND NOT kept.is_default
            AND NOT kept.is_private AND kept.id NOT IN {hidden("collection")} AND EXISTS (
                SELECT FROM notes_collectplace AS place JOIN notes_collect AS saved ON saved.id = place.collect_id
                JOIN notes_note AS note ON note.id = saved.note_id
                JOIN profiles_user AS author ON author.id = note.author_id
                WHERE place.collection_id = kept.id AND {PUBLIC}
            )
        ORDER BY kept.changed_at DESC, kept.id DESC
    """,
    "followers": f"""
        SELECT author.id FROM profiles_follow AS bond JOIN profiles_user AS author ON author.id = bond.follower_id
        WHERE bond.followed_id = %(pk)s AND {_HERE} ORDER BY bond.id DESC
    """,
    "following": f"{_NOTES} WHERE {LIVE} AND note.visibility <> 'private' AND {_FOR_VIEWER} AND author.id IN ("
    f"SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s) {NEWEST}",
}

_OF_PUBLIC = f"SELECT {{what}} FROM {FROM_NOTES} {{more}} WHERE {PUBLIC}"
_TAGS_OF_PUBLIC = _OF_PUBLIC.format(
    what="tagging.tag_id", more="JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id"
)
_PERSON = f"SELECT author.id AS pk FROM profiles_user AS author WHERE {AUTHOR_IS_THERE}"
# Of which rows there is such a list that a visitor, or for Following a person, finds.
MEMBERS: Mapping[str, str] = {
    "tag": f"SELECT tag.id AS pk FROM taggit_tag AS tag WHERE {TAG_IS_SHOWN}"
    f" AND tag.id IN ({_TAGS_OF_PUBLIC})",
    "campus": "SELECT campus.id AS pk FROM profiles_campus AS campus WHERE campus.merged_into_id IS NULL"
    f" AND campus.id NOT IN {hidden('campus')}"
    f" AND campus.id IN ({_OF_PUBLIC.format(what='note.campus_id', more='')})",
    "channel": "SELECT id AS pk FROM notes_channel WHERE is_shown",
    "label": "SELECT DISTINCT label_id AS pk FROM profiles_positioning"
    f" WHERE retired_at IS NULL AND label_id NOT IN {hidden('label')}",
    "profile": f"{_OF_PUBLIC.format(what='DISTINCT note.author_id AS pk', more='')}",
    "series": "SELECT series.id AS pk FROM notes_series AS series"
    f" WHERE series.id NOT IN {hidden('series')}"
    f" AND series.id IN ({_OF_PUBLIC.format(what='note.series_id', more='')})",
    "collections": f"{_PERSON} AND NOT author.approves_followers"
    " AND author.id IN (SELECT owner_id FROM notes_collection WHERE NOT is_private AND NOT is_default)",
    "collection": "SELECT kept.id AS pk FROM notes_collection AS kept"
    " JOIN profiles_user AS author ON author.id = kept.owner_id"
    f" WHERE {AUTHOR_IS_THERE} AND NOT author.approves_followers AND NOT kept.is_private AND NOT kept.is_default"
    f" AND kept.id NOT IN {hidden('collection')}",
    "followers": f"{_PERSON} AND NOT author.approves_followers"
    " AND author.id IN (SELECT followed_id FROM profiles_follow)",
    "following": f"{_PERSON} AND NOT author.is_staff AND author.id IN (SELECT follower_id FROM profiles_follow)",
}
MEMBERS = {**MEMBERS, "holders": MEMBERS["label"]}
# A part of them, another one for another seed.
_SOME = "SELECT pk FROM ({members}) AS member ORDER BY hashint8extended(pk, %(seed)s) LIMIT %(most)s"


def members(kind: str, most: int | None, seed: int) -> list[int]:
    """Return the rows of which there is such a list: all, or `most` of them, which depend on the seed."""
    return column(_SOME.format(members=MEMBERS[kind]), seed=seed, most=most)


def expected(asked: Asked, most: int | None = None) -> list[int]:
    sql = f"{EXPECTED[asked.kind]} LIMIT %(most)s"
    return column(sql, pk=asked.pk, viewer=asked.viewer, most=most)
