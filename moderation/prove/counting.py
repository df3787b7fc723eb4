"""What the site derives from rows and orders lists by: when people and their likes begin to count, and what triggers
keep so that lists find notes by an index.

Of large tables a part of the notes and people is compared, by their numbers.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from moderation.prove.differences import Difference, Tally
from moderation.prove.rows import AUTHOR_IS_THERE, LISTED, column, rows

_PART = "{pk} BETWEEN %(first)s AND %(last)s"
# A job begins to count them within ten minutes: an hour is given.
_UNCOUNTED = f"""
SELECT author.id FROM profiles_user AS author
WHERE {_PART.format(pk="author.id")} AND NOT author.is_counted AND {AUTHOR_IS_THERE}
    AND author.date_joined < now() - interval '25 hours'
    AND EXISTS (SELECT FROM account_emailaddress AS address WHERE address.user_id = author.id AND address.verified)
ORDER BY author.id
"""
_READINGS = f"""
SELECT reader.note_id, reader.person_id FROM notes_notereader AS reader
JOIN profiles_user AS person ON person.id = reader.person_id
WHERE {_PART.format(pk="reader.note_id")} AND person.is_counted AND NOT reader.is_counted
ORDER BY reader.id
"""
# Who liked, saved, commented or followed from the note is an engaged reader from the day they first did, or opened it.
_ENGAGED = f"""
SELECT reader.note_id, reader.person_id, reader.engaged_day, due.day
FROM notes_notereader AS reader CROSS JOIN LATERAL (
    SELECT greatest(reader.first_seen_day, (min(at) AT TIME ZONE %(zone)s)::date) AS day FROM (
        SELECT created_at AS at FROM notes_like WHERE note_id = reader.note_id AND person_id = reader.person_id
        UNION ALL
        SELECT created_at FROM notes_collect WHERE note_id = reader.note_id AND person_id = reader.person_id
        UNION ALL
        SELECT created_at FROM notes_comment
        WHERE note_id = reader.note_id AND author_id = reader.person_id AND deleted_at IS NULL AND hidden_at IS NULL
        UNION ALL
        SELECT bond.created_at FROM profiles_follow AS bond
        JOIN notes_note AS note ON note.id = reader.note_id AND note.author_id = bond.followed_id
        WHERE bond.follower_id = reader.person_id AND bond.from_note = reader.note_id
    ) AS answer HAVING count(*) > 0
) AS due
WHERE {_PART.format(pk="reader.note_id")} AND coalesce(reader.engaged_day > due.day, true) ORDER BY reader.id
"""
_SUMS = f"""
SELECT note.id, coalesce(days.readers, 0), coalesce(days.engaged, 0),
    coalesce(truth.readers, 0), coalesce(truth.engaged, 0)
FROM notes_note AS note LEFT JOIN (
    SELECT note_id, sum(new_readers) AS readers, sum(new_engaged) AS engaged FROM notes_noteday
    WHERE {_PART.format(pk="note_id")} GROUP BY note_id
) AS days ON days.note_id = note.id LEFT JOIN (
    SELECT note_id, count(*) AS readers, count(engaged_day) AS engaged FROM notes_notereader
    WHERE is_counted AND {_PART.format(pk="note_id")} GROUP BY note_id
) AS truth ON truth.note_id = note.id
WHERE {_PART.format(pk="note.id")}
    AND (coalesce(days.readers, 0), coalesce(days.engaged, 0))
        <> (coalesce(truth.readers, 0), coalesce(truth.engaged, 0))
ORDER BY note.id
"""
_LIKES = f"""
SELECT note.id, note.like_count, coalesce(truth.number, 0) FROM notes_note AS note LEFT JOIN (
    SELECT note_id, count(*) AS number FROM notes_like WHERE {_PART.format(pk="note_id")} GROUP BY note_id
) AS truth ON truth.note_id = note.id
WHERE {_PART.format(pk="note.id")} AND note.like_count <> coalesce(truth.number, 0) ORDER BY note.id
"""
_TAGGINGS = f"""
SELECT note.id, tagging.tag_id, tagging.listed_at, CASE WHEN {LISTED} THEN note.published_at END
FROM notes_taggednote AS tagging JOIN notes_note AS note ON note.id = tagging.content_object_id
WHERE {_PART.format(pk="note.id")}
    AND tagging.listed_at IS DISTINCT FROM CASE WHEN {LISTED} THEN note.published_at END
ORDER BY tagging.id
"""
_SILENT = f"""
SELECT author.id FROM profiles_user AS author WHERE {_PART.format(pk="author.id")} AND NOT author.has_published
    AND EXISTS (SELECT FROM notes_note AS note WHERE note.author_id = author.id AND note.published_at IS NOT NULL)
ORDER BY author.id
"""
# What search knows of who may see a note: of published ones.
_FOUND = f"""
SELECT note.id, document.note_id IS NULL, document.visibility <> note.visibility
        OR document.hidden_at IS NOT NULL OR document.author_id <> note.author_id
FROM notes_note AS note LEFT JOIN search_document AS document ON document.note_id = note.id
WHERE {_PART.format(pk="note.id")} AND {LISTED} AND (
    document.note_id IS NULL OR document.visibility <> 'public'
    OR document.hidden_at IS NOT NULL OR document.author_id <> note.author_id
) ORDER BY note.id
"""
_NAMES = f"""
SELECT author.id FROM profiles_user AS author WHERE {_PART.format(pk="author.id")} AND {AUTHOR_IS_THERE}
    AND NOT EXISTS (SELECT FROM search_name AS name WHERE name.kind = 'p' AND name.target = author.id)
ORDER BY author.id
"""
_SIZES = f"""
SELECT (SELECT count(*) FROM notes_note WHERE {_PART.format(pk="id")})
    + (SELECT count(*) FROM profiles_user WHERE {_PART.format(pk="id")})
    + (SELECT count(*) FROM notes_notereader WHERE {_PART.format(pk="note_id")})
    + (SELECT count(*) FROM notes_taggednote WHERE {_PART.format(pk="content_object_id")})
"""


def prove_counting(tally: Tally, first: int, last: int) -> None:
    """Compare what is derived of the notes and people with numbers from first to last."""
    asked = {"first": first, "last": last, "zone": settings.TIME_ZONE}
    tally.rows += column(_SIZES, **asked)[0]
    for part in (_of_people, _of_readers, _of_notes):
        tally.found += part(asked)


def _of_people(asked: dict[str, Any]) -> Iterator[Difference]:
    for (person,) in rows(_UNCOUNTED, **asked):
        said = (
            "what they open and like does not count, although their address is confirmed and a day has passed"
        )
        yield Difference(f"person {person}", said)
    for (person,) in rows(_SILENT, **asked):
        yield Difference(f"person {person}", "has published, but lists pass over them as if they had not")
    for (person,) in rows(_NAMES, **asked):
        yield Difference(f"person {person}", "search does not know their name")


def _of_readers(asked: dict[str, Any]) -> Iterator[Difference]:
    for note, person in rows(_READINGS, **asked):
        yield Difference(f"note {note}", f"person {person} read it and counts, but this reading does not")
    for note, person, there, right in rows(_ENGAGED, **asked):
        since = f"from {there}" if there else "never"
        said = f"what person {person} answered should count from {right}, and counts {since}"
        yield Difference(f"note {note}", said)
    for note, readers, engaged, true_readers, true_engaged in rows(_SUMS, **asked):
        said = f"its days have {readers} readers and {engaged} engaged ones, its rows {true_readers} and {true_engaged}"
        yield Difference(f"note {note}", said)


def _of_notes(asked: dict[str, Any]) -> Iterator[Difference]:
    for note, there, right in rows(_LIKES, **asked):
        yield Difference(f"note {note}", f"it shows {there} likes, and has {right}")
    for note, tag, there, right in rows(_TAGGINGS, **asked):
        said = f"tag {tag} lists it by {there or 'no time'}, it should by {right or 'no time'}"
        yield Difference(f"note {note}", said)
    for note, is_missing, _differs in rows(_FOUND, **asked):
        said = (
            "search does not know it" if is_missing else "search takes it for one that not everyone may see"
        )
        yield Difference(f"note {note}", said)
