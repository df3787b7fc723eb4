"""Date the demo's notifications by what they are about, oldest first, as if they had been written at the time.

Triggers wrote them at the moment of loading. What is older than yesterday has been read.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from notifications.models import Inbox, Notification

UNREAD = timedelta(days=1)

_DATE = """
CREATE TEMPORARY TABLE dated ON COMMIT DROP AS
SELECT told.id, coalesce(liked.created_at, saved.created_at, like_of_comment.created_at, follow.created_at,
    request.created_at, said.created_at, note.published_at, told.created_at) AS at
FROM notifications_notification AS told
LEFT JOIN notes_like AS liked
    ON told.kind = 'like' AND liked.note_id = told.note_id AND liked.person_id = told.actor_id
LEFT JOIN notes_collect AS saved
    ON told.kind = 'save' AND saved.note_id = told.note_id AND saved.person_id = told.actor_id
LEFT JOIN notes_commentlike AS like_of_comment
    ON told.kind = 'comment_like' AND like_of_comment.comment_id = told.comment_id
    AND like_of_comment.person_id = told.actor_id
LEFT JOIN profiles_follow AS follow
    ON told.kind = 'follow' AND follow.follower_id = told.actor_id AND follow.followed_id = told.person_id
LEFT JOIN profiles_followrequest AS request
    ON told.kind = 'request' AND request.follower_id = told.actor_id AND request.followed_id = told.person_id
LEFT JOIN notes_comment AS said ON told.kind IN ('comment', 'reply', 'mention') AND said.id = told.comment_id
LEFT JOIN notes_note AS note ON told.kind = 'mention' AND note.id = told.note_id
"""
# New numbers in the order of time, above all that are taken.
_NUMBER = """
UPDATE notifications_notification AS told SET id = numbered.id, created_at = numbered.at, group_id = NULL
FROM (
    SELECT id AS before, at, (SELECT max(id) FROM dated) + row_number() OVER (ORDER BY at, id) AS id FROM dated
) AS numbered
WHERE told.id = numbered.before
"""
_GROUP = """
WITH keyed AS (
    SELECT id, person_id, CASE
        WHEN kind IN ('like', 'save', 'comment_like', 'follow')
        THEN concat_ws(':', kind, coalesce(comment_id, note_id), site_day(created_at))
        ELSE id::text
    END AS key
    FROM notifications_notification
), made AS (
    INSERT INTO notifications_notificationgroup (person_id, key, newest)
    SELECT person_id, key, max(id) FROM keyed GROUP BY person_id, key
    RETURNING id, person_id, key
)
UPDATE notifications_notification AS told SET group_id = made.id
FROM keyed JOIN made USING (person_id, key) WHERE told.id = keyed.id
"""


def date_notifications(*, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(_DATE)
        cursor.execute(_NUMBER)
        cursor.execute("DELETE FROM notifications_notificationgroup")
        cursor.execute(_GROUP)
        cursor.execute("UPDATE notifications_notificationgroup SET key = '' WHERE key NOT LIKE '%%:%%'")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('notifications_notification', 'id'), max(id)) "
            "FROM notifications_notification"
        )
    read = Notification.objects.filter(created_at__lt=now - UNREAD).values("person").annotate(last=Max("pk"))
    Inbox.objects.bulk_create(Inbox(person_id=each["person"], read_up_to=each["last"]) for each in read)
