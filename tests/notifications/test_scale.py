"""A million notifications of one person cost the page and the dot what ten do: how many rows each reads is bounded."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from notes.models import Like
from notifications import backends, queries
from notifications.models import Inbox, NotificationGroup
from profiles.models import User
from tests.builders import make_note, make_person

pytestmark = pytest.mark.django_db

# Half of them likes of one note on one day, the others each alone. Everybody is active and unblocked.
_MANY = """
INSERT INTO profiles_user (handle, name, email, password, date_joined, last_login, bio, stage, language, is_superuser,
    avatar_token, avatar_folder, avatar_waiting, avatar_refused, suspended_reason, is_staff)
SELECT 'crowd_' || n, 'C', 'crowd_' || n || '@campus.test', '', now(), NULL, '', '', '', false, '', '', '', '', '',
    false
FROM generate_series(1, %(half)s) AS n;
INSERT INTO notes_like (person_id, note_id, created_at)
SELECT id, %(note)s, now() FROM profiles_user WHERE handle LIKE 'crowd_%%';
INSERT INTO profiles_follow (follower_id, followed_id, created_at)
SELECT id, %(person)s, now() FROM profiles_user WHERE handle LIKE 'crowd_%%';
ANALYZE notifications_notification, notifications_notificationgroup, profiles_user, profiles_follow, notes_like;
"""
READ_MAX = 4000  # for 24 groups of which each counts a hundred people at most
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


@pytest.mark.parametrize("number", [2000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_what_is_read_is_bounded(alice: User, number: int) -> None:
    note = make_note(alice)
    Like.objects.create(person=make_person(), note=make_note(alice))
    half = {"half": number // 2, "note": note.pk, "person": alice.pk}
    with connection.cursor() as cursor:
        cursor.execute(_MANY, half)
    assert NotificationGroup.objects.filter(person=alice).count() >= number // 2

    first = queries.page(alice)
    assert rows_read(lambda: queries.page(alice)) < READ_MAX
    assert rows_read(lambda: queries.page(alice, first.after)) < READ_MAX
    assert rows_read(lambda: backends.Backend().get_user(alice.pk)) < 50
    Inbox.objects.create(person=alice, read_up_to=first.newest)
    assert rows_read(lambda: backends.Backend().get_user(alice.pk)) < 50
