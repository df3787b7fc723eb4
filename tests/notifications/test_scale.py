"""A million notifications of one person cost the page and the dot what ten do: how many rows each reads is bounded,
also where the newest are hidden from the person.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notes.models import Like
from notifications import backends, queries
from notifications.models import Inbox, Notification, NotificationGroup
from notifications.rule import GROUPS
from profiles.models import User
from tests.builders import make_note, make_person

pytestmark = pytest.mark.django_db

# As triggers write them, without these and without checks of what is right by construction: half of them likes of one
# note on one day, the others each alone.
_MANY = """
SET LOCAL session_replication_role = replica;
INSERT INTO profiles_user (handle, name, email, password, date_joined, last_login, bio, stage, language, is_superuser,
    avatar_token, avatar_folder, avatar_waiting, avatar_refused, suspended_reason, is_staff)
SELECT 'crowd_' || n, 'C', 'crowd_' || n || '@campus.test', '', now(), NULL, '', '', '', false, '', '', '', '', '',
    false
FROM generate_series(1, %(half)s) AS n;
WITH crowd AS MATERIALIZED (
    SELECT id, nextval('notifications_notification_id_seq') AS liked,
        nextval('notifications_notificationgroup_id_seq') AS held, nextval('notifications_notification_id_seq') AS asked
    FROM profiles_user WHERE handle LIKE 'crowd_%%'
), groups AS (
    INSERT INTO notifications_notificationgroup (id, person_id, key, newest) OVERRIDING SYSTEM VALUE
    SELECT held, %(person)s, '', asked FROM crowd
), day AS (
    INSERT INTO notifications_notificationgroup (person_id, key, newest)
    SELECT %(person)s, 'like:of a day', max(liked) FROM crowd RETURNING id
)
INSERT INTO notifications_notification (id, person_id, kind, actor_id, note_id, group_id, created_at, is_withdrawn)
    OVERRIDING SYSTEM VALUE
SELECT liked, %(person)s, 'like', crowd.id, %(note)s, day.id, now(), false FROM crowd, day
UNION ALL
SELECT asked, %(person)s, 'request', crowd.id, NULL, held, now(), false FROM crowd;
SET LOCAL session_replication_role = origin;
ANALYZE notifications_notification, notifications_notificationgroup, profiles_user;
"""
READ_MAX = 4000  # for 24 groups of which each counts a hundred people at most
DOT_MAX = 50
_READ = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


def rows_read(call: Callable[[], Any]) -> int:
    """Rows of all tables that the call reads, within functions too."""

    def so_far() -> int:
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            return int(cursor.fetchone()[0])

    before = so_far()
    call()
    return so_far() - before


def dot(person: User) -> bool:
    found = backends.Backend().get_user(person.pk)
    return bool(found and found.has_unread)


@pytest.mark.parametrize("number", [4000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_what_is_read_is_bounded(alice: User, number: int) -> None:
    note = make_note(alice)
    Like.objects.create(person=make_person(), note=make_note(alice))
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"half": number // 2, "note": note.pk, "person": alice.pk})
    assert Notification.objects.filter(person=alice).count() == number + 1
    assert NotificationGroup.objects.filter(person=alice).count() == number // 2 + 2

    first = queries.page(alice)
    assert rows_read(lambda: queries.page(alice)) < READ_MAX
    assert rows_read(lambda: queries.page(alice, first.after)) < READ_MAX
    assert rows_read(lambda: dot(alice)) < DOT_MAX
    # What is hidden from her is not looked through without end, whether it is read or not.
    crowd = User.objects.filter(handle__startswith="crowd_")
    crowd.update(suspended_at=timezone.now())
    assert not queries.page(alice).spans
    assert not dot(alice)
    for read in (0, first.newest):
        Inbox.objects.update_or_create(person=alice, defaults={"read_up_to": read})
        for look in (dot, queries.page, lambda person: queries.page(person, first.after)):
            assert rows_read(lambda look=look: look(alice)) < 20 * GROUPS
    crowd.update(suspended_at=None)
    assert rows_read(lambda: dot(alice)) < DOT_MAX
