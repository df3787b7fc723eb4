"""Writes down who opened a note for the first time, and how often visitors did; counts readers once they count."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from notes.models import Note, NoteReader
from notes.models.visibility import begin_to_count, due_to_count, hold_readers
from notes.networks import labels

_KNOWN = """
SELECT note, person FROM unnest(%s::bigint[], %s::bigint[]) AS opened (note, person)
WHERE EXISTS (SELECT FROM notes_notereader WHERE note_id = note AND person_id = person)
"""

# Who has answered the note already, from a card perhaps, is engaged from the day on which they open it.
_READERS = """
INSERT INTO notes_notereader (note_id, person_id, first_seen_day, source, engaged_day, network)
SELECT note, person, site_day(opened.at), source,
    CASE WHEN since IS NOT NULL THEN greatest(site_day(opened.at), site_day(since)) END, network
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::varchar[], %s::bigint[])
    AS opened (note, person, at, source, network)
CROSS JOIN LATERAL (
    SELECT min(at) AS since FROM engagements() AS engaged
    WHERE engaged.note_id = opened.note AND engaged.person_id = opened.person
) AS first
ORDER BY note, person, opened.at
ON CONFLICT (note_id, person_id) DO NOTHING
"""

_VISITS = """
INSERT INTO notes_noteday AS counted (note_id, day, source, visits)
SELECT note, site_day(at), source, count(*)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::varchar[]) AS opened (note, at, source)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
ON CONFLICT (note_id, day, source) DO UPDATE SET visits = counted.visits + excluded.visits
"""


class Opening(NamedTuple):
    """That a note was opened; `person` is None for a visitor. `network`: where a person came from, if that is known."""

    note: int
    person: int | None
    at: datetime
    source: str
    network: str = ""


def record_openings(*, openings: Sequence[Opening]) -> None:
    """Add the readers that are new, and visits, where `person` is None; first count the people of whom that is due."""
    count_due(people={opened.person for opened in openings if opened.person})
    _record(openings)


def count_due(*, people: Collection[int] | None = None) -> None:
    """Count what has been opened by those of these people, or of all, whose address is confirmed and whose account is
    older than a day by now. Idempotent.

    Their readers join the days on which they opened and answered the notes. One transaction a person: two people's
    readers of one note would be held in another order than by who deletes the note.
    """
    for person in due_to_count(people):
        _count(person)


@transaction.atomic
def _count(person: int) -> None:
    begin_to_count(person)
    uncounted = NoteReader.objects.filter(person=person, is_counted=False).order_by("note")
    held = list(uncounted.select_for_update(no_key=True).values_list("pk", flat=True))
    NoteReader.objects.filter(pk__in=held).update(is_counted=True)


@transaction.atomic
def _record(openings: Sequence[Opening]) -> None:
    """Skip what is of notes and people that are gone, and who looks after all or is suspended.

    Notes and people are held first, as by whoever likes, comments or follows: an answer at the same moment is there
    to be found here, or finds the reader there.
    """
    with connection.cursor() as cursor:
        known = _known(cursor, openings)
        fresh = [opened for opened in openings if opened[:2] not in known]
        notes = Note.objects.filter(pk__in={opened.note for opened in fresh}).lock()
        people = hold_readers({opened.person for opened in fresh if opened.person})
        fresh = [opened for opened in fresh if opened.note in notes]
        read = _with_labels([opened for opened in fresh if opened.person in people])
        visits = [(opened.note, opened.at, opened.source) for opened in fresh if opened.person is None]
        for statement, rows in ((_READERS, read), (_VISITS, visits)):
            if rows:
                cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _with_labels(read: Sequence[Opening]) -> list[tuple[Any, ...]]:
    """What is stored of these: in place of the network, its label (notes/networks.py)."""
    noted = {opened.note for opened in read if opened.network}
    published = dict(Note.objects.filter(pk__in=noted).values_list("pk", "published_at")) if noted else {}
    found = labels((opened.note, published.get(opened.note), opened.network) for opened in read)
    return [(*opened[:4], label) for opened, label in zip(read, found, strict=True)]


def forget_readers(*, notes: Collection[int]) -> None:
    """Before the notes are deleted with their likes, which would change readers one by one, days first: who ends a
    follow meanwhile changes the reader and then the day.
    """
    NoteReader.objects.filter(note__in=notes).delete()


def _known(cursor: Any, openings: Sequence[Opening]) -> set[tuple[int, int]]:
    """Those of the pairs of note and person that are readers already."""
    cursor.execute(_KNOWN, [[opened.note for opened in openings], [opened.person for opened in openings]])
    return set(cursor.fetchall())
