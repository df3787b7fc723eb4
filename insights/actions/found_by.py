"""Decide every week by which searched words a creator's notes were found (docs/insights.md)."""

from secrets import randbelow

from django.db import connection

from insights.floors import ARRIVED_MIN, ROOM_MIN, WAITS_ONE_IN
from insights.models import FoundBy
from profiles.models import User

READ = 1000  # readers among whom room is looked for, so that a million take no longer

# Words that brought at least so many people, to a note and, with the note NULL, to any; not those that show already. A
# creator's block, and who leaves, changes nothing in what is shown.
_REACHED = """
WITH brought AS (
    SELECT arrival.note_id, arrival.words
    FROM notes_note AS note
    JOIN notes_arrival AS arrival ON arrival.note_id = note.id
    JOIN profiles_user AS person ON person.id = arrival.person_id
    WHERE note.author_id = %(creator)s AND person.is_counted AND person.is_active AND NOT person.is_staff
    GROUP BY GROUPING SETS ((arrival.note_id, arrival.words), (arrival.words))
    HAVING count(DISTINCT arrival.person_id) >= %(least)s
)
SELECT note_id, words FROM brought
WHERE NOT EXISTS (
    SELECT FROM insights_foundby AS shown
    WHERE shown.creator_id = %(creator)s AND shown.words = brought.words
        AND shown.note_id IS NOT DISTINCT FROM brought.note_id
) AND %(room)s <= (
    SELECT count(DISTINCT person) FROM (
        SELECT coalesce(reader.person_id, reader.departed, -reader.id) AS person
        FROM notes_notereader AS reader JOIN notes_note AS note ON note.id = reader.note_id
        WHERE note.author_id = %(creator)s AND reader.is_counted
            AND (brought.note_id IS NULL OR reader.note_id = brought.note_id)
        LIMIT %(read)s
    ) AS reading
)
ORDER BY note_id, words
"""


def freeze_found_by(*, creator: User) -> None:
    """Add the words that are shown from now on. No other job may do so for this creator at the same time.

    Words that qualify are shown, or wait for another week, by lot.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _REACHED, {"creator": creator.pk, "least": ARRIVED_MIN, "room": ROOM_MIN, "read": READ}
        )
        reached = cursor.fetchall()
    shown = [(note, words) for note, words in reached if randbelow(WAITS_ONE_IN)]
    # What is shown of a note is shown of all notes too.
    rows = dict.fromkeys([*shown, *((None, words) for note, words in shown if note)])
    FoundBy.objects.bulk_create(
        [FoundBy(creator=creator, note_id=note, words=words) for note, words in rows], ignore_conflicts=True
    )
