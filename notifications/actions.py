"""What people decide about their notifications. The notifications themselves are written by triggers."""

from django.db import connection

from profiles.models import User

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
