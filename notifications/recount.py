"""Check what triggers keep about notifications: find each wrong row, and how to correct it."""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.db.models import F, Max

from notes.recount import Wrong
from notifications.models import Notification, NotificationGroup

# What was told and is not so. The reverse is no fault: what is done again on a muted note is not told.
_WITHOUT_CAUSE = """
SELECT told.id, told.kind FROM notifications_notification AS told
WHERE NOT is_withdrawn AND CASE kind
    WHEN 'like' THEN NOT EXISTS (
        SELECT FROM notes_like WHERE person_id = actor_id AND note_id = told.note_id
    )
    WHEN 'save' THEN NOT EXISTS (
        SELECT FROM notes_collect WHERE person_id = actor_id AND note_id = told.note_id
    )
    WHEN 'comment_like' THEN NOT EXISTS (
        SELECT FROM notes_commentlike WHERE person_id = actor_id AND comment_id = told.comment_id
    )
    WHEN 'mention' THEN NOT EXISTS (
        SELECT FROM notes_mention AS named
        WHERE named.person_id = told.person_id AND named.note_id = told.note_id
            AND named.comment_id IS NOT DISTINCT FROM told.comment_id AND removed_at IS NULL
    )
    WHEN 'follow' THEN NOT EXISTS (
        SELECT FROM profiles_follow WHERE follower_id = actor_id AND followed_id = person_id
    )
    WHEN 'approval' THEN NOT EXISTS (
        SELECT FROM profiles_follow WHERE follower_id = person_id AND followed_id = actor_id
    )
    WHEN 'request' THEN NOT EXISTS (
        SELECT FROM profiles_followrequest WHERE follower_id = actor_id AND followed_id = person_id
    )
    ELSE false
END
ORDER BY told.id
"""


def wrong_notifications() -> Iterator[Wrong]:
    """Return notifications of what was taken back, and groups that do not end with their newest notification."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_CAUSE)
        found = cursor.fetchall()
    for pk, kind in found:
        yield f"notification {pk}: is told, but there is no {kind}", partial(_withdraw, pk)
    groups = NotificationGroup.objects.annotate(truth=Max("notifications__pk")).filter(newest__lt=F("truth"))
    for group in groups.order_by("pk"):
        words = f"notificationgroup {group.pk}: newest is {group.newest}, should be {group.truth}"
        yield words, partial(_end_with, group.pk, group.truth)


def _withdraw(pk: int) -> None:
    Notification.objects.filter(pk=pk).update(is_withdrawn=True)


def _end_with(group: int, newest: int) -> None:
    NotificationGroup.objects.filter(pk=group).update(newest=newest)
