"""What a person may see of their notifications, as functions in the database for the dot and for the page.

Each page asks for the dot together with the signed-in person, and to plan the rule costs PostgreSQL more than to answer
it: the plans of a function are kept for as long as a connection is, behind PgBouncer too. The SQL is that of
`NotificationQuerySet.visible_to`, as Django writes it; `manage.py prepare` writes it anew, in case the rule changed.
"""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func
from psycopg import sql

from core.db.prepared_queries import Blank
from notifications.models import Notification, NotificationQuerySet

COUNTED = 100  # people of a group who are counted: more than 99 others are "99+"

# The first look keeps what it costs to begin the second from people without anything unread. Each is for one row, in
# the order of the index: of EXISTS PostgreSQL may read all that a person was told.
_HAS_UNREAD = """
CREATE OR REPLACE FUNCTION has_unread_notifications(bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $rule$
BEGIN
    IF ({newer}) IS NULL THEN
        RETURN false;
    END IF;
    RETURN ({unread}) IS NOT NULL;
END $rule$;
"""
# Of a person's group, up to a notification: the newest that they may see, and how many those are, up to COUNTED + 1.
_SEEN_OF_GROUP = """
CREATE OR REPLACE FUNCTION seen_of_notification_group(bigint, bigint, bigint)
RETURNS TABLE (shown bigint, number bigint) LANGUAGE plpgsql STABLE ROWS 1 AS $rule$
BEGIN
    RETURN QUERY SELECT max(seen.id), count(*) FROM ({seen}) AS seen (id);
END $rule$;
"""


class HasUnread(Func):
    """Whether the person in the column has unread notifications."""

    function = "has_unread_notifications"
    output_field = BooleanField()


class _Anybody:
    """The viewer of a rule that is written for everybody."""

    pk = Blank("$1")
    is_authenticated, is_staff = True, False


def write_rule() -> None:
    """Write the functions. What they name is looked for when they are called."""
    with connection.cursor() as cursor:
        cursor.execute(functions_of_rule())


def functions_of_rule() -> str:
    """Return the statements that write the functions."""
    told, viewer = Notification.objects, _Anybody()
    seen = told.visible_to(viewer).filter(group=Blank("$2"), pk__lte=Blank("$3")).order_by("-pk")
    newer, unread = (
        _written(rows.order_by("-pk")[:1]) for rows in (told.newer_than_read(viewer), told.unread_by(viewer))
    )
    dot = _HAS_UNREAD.format(newer=newer, unread=unread)
    return dot + _SEEN_OF_GROUP.format(seen=_written(seen[: COUNTED + 1]))


def _written(rows: NotificationQuerySet) -> str:
    """Return the SQL of the rows' keys, with the function's arguments in the place of blanks."""
    text, values = rows.values("pk").query.get_compiler(connection=connection).as_sql()
    return str(text) % tuple(map(_literal, values))


def _literal(value: Any) -> str:
    return value.name if isinstance(value, Blank) else sql.Literal(value).as_string(None)
