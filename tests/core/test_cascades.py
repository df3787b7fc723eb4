"""What the release before deletes takes with it rows of tables that it does not know."""

import pytest
from django.db import connection

from notes.models import Mention
from notifications.digest.models import Subscription
from notifications.models import Inbox, Notification
from profiles.models import Follow, User
from tests.builders import make_comment, make_note

pytestmark = pytest.mark.django_db
_WITHOUT = """
SELECT conrelid::regclass || '.' || conname FROM pg_constraint
WHERE contype = 'f' AND confdeltype NOT IN ('c', 'n') AND (
    conrelid::regclass::text ~ '^(notifications|digests|search)_' OR conrelid::regclass::text IN (
        'notes_mention', 'notes_arrival', 'notes_historyentry', 'notes_readinghistory', 'notes_series', 'notes_less',
        'notes_collectionfollow', 'insights_foundby', 'moderation_case', 'moderation_decision', 'moderation_appeal'
    )
) AND confrelid NOT IN (
    'moderation_case'::regclass, 'moderation_decision'::regclass, 'moderation_rule'::regclass
)
"""


def test_every_key_of_these_tables_cascades() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT)
        assert cursor.fetchall() == []


def test_a_person_and_a_note_are_deleted_by_a_statement(alice: User, bob: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note, "@alice")
    assert Mention.objects.filter(comment=comment, person=alice).exists()
    Inbox.objects.create(person=bob)
    Subscription.objects.create(person=bob)
    assert Notification.objects.filter(person=alice).exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notes_comment WHERE id = %s", [comment.pk])
        cursor.execute("DELETE FROM notes_note WHERE id = %s", [note.pk])
    connection.check_constraints()
    assert not Notification.objects.filter(note=note).exists()
    Follow.objects.all().delete()  # known to the release before, which deletes it itself
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM account_emailaddress WHERE user_id = %s", [bob.pk])
        cursor.execute("DELETE FROM profiles_user WHERE id = %s", [bob.pk])
    connection.check_constraints()
    assert not Subscription.objects.exists()
