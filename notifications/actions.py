"""What people decide about their notifications. The notifications themselves are written by triggers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.jobs import defer
from notes.models import Note
from notifications.models import OPTIONAL, Inbox, Kind, MutedNote, Notification
from profiles.models import Label, User

KEEP = timedelta(days=180)
AT_ONCE = 500

# Not beyond what there is: what comes later is unread.
_READ = """
INSERT INTO notifications_inbox AS held (person_id, read_up_to)
SELECT person, least(%(newest)s, coalesce(max(newest), 0))
FROM (SELECT %(person)s::bigint AS person) AS reader
LEFT JOIN notifications_notificationgroup ON person_id = person
GROUP BY person
ON CONFLICT (person_id) DO UPDATE SET read_up_to = greatest(held.read_up_to, excluded.read_up_to)
"""


def mark_read(*, person: User, newest: int) -> None:
    """Mark all notifications up to this number as read. Idempotent; what was read stays read."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"person": person.pk, "newest": newest})


def tell_of_hidden_label(*, label: int) -> None:
    """Tell the people who declare the label that it is hidden, AT_ONCE at a time. Idempotent; who was told that it was
    hidden before is told anew.
    """
    while _forget_former(label):
        pass
    after = 0
    while some := _tell_some(label, after):
        after = some


def tell_of_labels_hidden_lately() -> None:
    """Tell of labels that were hidden without a job: by the version before, while the database was renewed. Who was
    told already is not told again.
    """
    lately = Label.objects.filter(hidden_at__gt=timezone.now() - timedelta(hours=3))
    for label in lately.values_list("pk", flat=True):
        defer("tell_of_hidden_label", label_id=label)


_DECLARE = """
SELECT person_id FROM profiles_positioning JOIN profiles_label AS label ON label.id = label_id
WHERE label_id = %(label)s AND retired_at IS NULL AND hidden_at IS NOT NULL
    AND person_id IS DISTINCT FROM hidden_by_id AND person_id > %(after)s
ORDER BY person_id LIMIT %(most)s
"""
_FORGET = """
DELETE FROM notifications_notification WHERE id IN (
    SELECT told.id FROM notifications_notification AS told JOIN profiles_label AS label ON label.id = label_id
    WHERE label.id = %(label)s AND told.created_at < hidden_at ORDER BY told.id LIMIT %(most)s
)
"""
_TELL = """
SELECT tell('label_hidden', array_agg(person), NULL, NULL, NULL, array_agg(%(label)s::bigint))
FROM unnest(%(people)s::bigint[]) AS person
"""
_TELL_NUMBERS = """
SELECT tell(%(kind)s, %(people)s::bigint[], NULL, NULL, NULL, NULL, %(numbers)s::bigint[])
"""


def _forget_former(label: int) -> int:
    """Delete some of what people were told, holders or not, when the label was hidden before. Return how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"label": label, "most": AT_ONCE})
        return cursor.rowcount


@transaction.atomic
def _tell_some(label: int, after: int) -> int:
    """Tell the next people, by their keys. Return the last one, 0 for none."""
    given: dict[str, Any] = {"label": label, "after": after, "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_DECLARE, given)
        given["people"] = [person for (person,) in cursor.fetchall()]
        if given["people"]:
            cursor.execute(_TELL, given)
    return given["people"][-1] if given["people"] else 0


def tell(*, kind: Kind, people: Iterable[int], numbers: Iterable[int]) -> None:
    """Tell each of these people of the decision or report with the number beside them. Idempotent."""
    given: dict[str, Any] = {"kind": kind.value, "people": list(people), "numbers": list(numbers)}
    with connection.cursor() as cursor:
        cursor.execute(_TELL_NUMBERS, given)


def mute_note(*, person: User, note: Note) -> None:
    """Tell the person nothing new about the note. Idempotent. Raises IntegrityError if it is deleted at the same
    moment.
    """
    with transaction.atomic():
        MutedNote.objects.bulk_create([MutedNote(person=person, note=note)], ignore_conflicts=True)


def unmute_note(*, person: User, note: Note) -> None:
    """Idempotent. What happened meanwhile is not told."""
    MutedNote.objects.filter(person=person, note=note).delete()


def save_kinds(*, person: User, kinds: Iterable[str]) -> None:
    """Tell the person of these kinds, and of no other that can be turned off."""
    chosen = set(kinds)
    off = [kind for kind in OPTIONAL if kind not in chosen]
    Inbox.objects.update_or_create(person=person, defaults={"off": off})


def forget_old() -> None:
    """Delete notifications that are older than KEEP. Those that are locked meanwhile are left to the next run."""
    while _forget_some():
        pass


@transaction.atomic
def _forget_some() -> bool:
    old = Notification.objects.filter(created_at__lt=timezone.now() - KEEP).order_by("created_at")
    chosen = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    Notification.objects.filter(pk__in=chosen).delete()
    return bool(chosen)
