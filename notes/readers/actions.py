"""Record first readers and visits of notes, and start to count readers when they become eligible."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from notes.models import Note, NoteReader
from notes.readers.networks import labels
from profiles.models import User

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
    """A note was opened; `person` is None for a visitor. `network` is the network the person came from, if known."""

    note: int
    person: int | None
    at: datetime
    source: str
    network: str = ""


def record_openings(*, openings: Sequence[Opening]) -> None:
    """Add new readers, and visits (`person` is None). Starts to count the people who are due first."""
    count_due(people={opened.person for opened in openings if opened.person})
    _record(openings)


def count_due(*, people: Collection[int] | None = None) -> None:
    """Count the readers among these people, or all, whose address is confirmed and whose account is over a day old.
    Idempotent.

    Their readings are added to the days on which they opened and answered the notes. One transaction per person:
    readers of one note by two people would be locked in another order than a deletion of the note does.
    """
    due = User.objects.due_to_count()
    due = due if people is None else due.filter(pk__in=people)
    for person in list(due.order_by("pk").values_list("pk", flat=True)):
        _count(person)


@transaction.atomic
def _count(person: int) -> None:
    User.objects.filter(pk=person).update(is_counted=True)
    uncounted = NoteReader.objects.filter(person=person, is_counted=False).order_by("note")
    held = list(uncounted.select_for_update(no_key=True).values_list("pk", flat=True))
    NoteReader.objects.filter(pk__in=held).update(is_counted=True)


@transaction.atomic
def _record(openings: Sequence[Opening]) -> None:
    """Store openings of existing notes by existing people, except staff and suspended accounts.

    Notes and people are locked first, as by likes, comments and follows, so that a reaction at the same moment either
    is found here or finds the reader.
    """
    with connection.cursor() as cursor:
        known = _known(cursor, openings)
        fresh = [opened for opened in openings if opened[:2] not in known]
        notes = Note.objects.filter(pk__in={opened.note for opened in fresh}).lock()
        people = _lock_readers({opened.person for opened in fresh if opened.person})
        fresh = [opened for opened in fresh if opened.note in notes]
        read = _with_labels([opened for opened in fresh if opened.person in people])
        visits = [(opened.note, opened.at, opened.source) for opened in fresh if opened.person is None]
        for statement, rows in ((_READERS, read), (_VISITS, visits)):
            if rows:
                cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _with_labels(read: Sequence[Opening]) -> list[tuple[Any, ...]]:
    """Return the openings with the network replaced by its label (notes/readers/networks.py)."""
    noted = {opened.note for opened in read if opened.network}
    published = dict(Note.objects.filter(pk__in=noted).values_list("pk", "published_at")) if noted else {}
    found = labels((opened.note, published.get(opened.note), opened.network) for opened in read)
    return [(*opened[:4], label) for opened, label in zip(read, found, strict=True)]


def _lock_readers(people: set[int]) -> set[int]:
    """Lock these people until the transaction ends, and return those whose reading counts: active, not staff."""
    if not people:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM profiles_user WHERE id = ANY(%s) AND NOT is_staff AND is_active"
            " ORDER BY id FOR NO KEY UPDATE",
            [list(people)],
        )
        return {pk for (pk,) in cursor.fetchall()}


def forget_readers(*, notes: Collection[int]) -> None:
    """Delete the readers of notes before the notes are deleted, days first. Otherwise deleting their likes would update
    readers one by one, in an order that can deadlock with an unfollow.
    """
    NoteReader.objects.filter(note__in=notes).delete()


def _known(cursor: CursorWrapper, openings: Sequence[Opening]) -> set[tuple[int, int]]:
    """Return the pairs of note and person that are readers already."""
    cursor.execute(_KNOWN, [[opened.note for opened in openings], [opened.person for opened in openings]])
    return set(cursor.fetchall())
