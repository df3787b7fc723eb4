"""A million notifications of one person cost the page and the dot what ten do: how many rows each reads is bounded."""

import json
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
READ_MAX = 300  # rows of any table, outside of the functions that count a hundred people of a group at most


def rows_read(plan: dict[str, Any]) -> int:
    """Rows that the scans of a plan returned or threw away."""
    own = plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    return int("Relation Name" in plan and own) + sum(map(rows_read, plan.get("Plans", [])))


def all_read(call: Any) -> int:
    """Rows that the queries of a call read."""
    sent: list[tuple[str, Any]] = []

    def note_down(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note_down):
        call()
    read = 0
    with connection.cursor() as cursor:
        for sql, parameters in sent:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, parameters)
            (plan,) = cursor.fetchone()
            read += rows_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return read


@pytest.mark.parametrize("number", [2000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_what_is_read_is_bounded(alice: User, number: int) -> None:
    note = make_note(alice)
    Like.objects.create(person=make_person(), note=make_note(alice))
    half = {"half": number // 2, "note": note.pk, "person": alice.pk}
    with connection.cursor() as cursor:
        cursor.execute(_MANY, half)
    assert NotificationGroup.objects.filter(person=alice).count() >= number // 2

    first = queries.page(alice)
    assert all_read(lambda: queries.page(alice)) < READ_MAX
    assert all_read(lambda: queries.page(alice, first.after)) < READ_MAX
    assert all_read(lambda: backends.Backend().get_user(alice.pk)) < 50
    Inbox.objects.create(person=alice, read_up_to=first.newest)
    assert all_read(lambda: backends.Backend().get_user(alice.pk)) < 50
