"""What a person may see of their notifications, as functions in the database for the dot and for the page.

Each page asks for the dot together with the signed-in person, and to plan the rule costs PostgreSQL more than to answer
it: the plans of a function are kept for as long as a connection is, behind PgBouncer too. The SQL is that of
`NotificationQuerySet.visible_to`, as Django writes it; `manage.py prepare` writes it anew, in case the rule changed.

However much is hidden from a person, the dot looks at their UNREAD newest groups, the page at GROUPS after its cursor,
and both at the ROWS newest of a group. What is older than the UNREAD newest groups counts as read, so the dot is on
exactly while the list has something unread.

Numbers are given in the order in which people are told, but seen in the order of commits. Whoever tells a person shares
the lock of their lane until the commit (migrations/0006_in_order.py). The first page takes that lock alone before it
looks: what it does not find has a number above the newest it names, and stays unread.

Functions whose names end in _2 are this version's. The others are for the version before, which does not know the kinds
of decisions and reports and would fail on them: while both run, it is shown none. The next version drops them.
"""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func
from psycopg import sql

from core.db.prepared_queries import Blank
from notifications.models import OF_DECISIONS, OF_REPORTS, Notification, NotificationQuerySet

COUNTED = 100  # people of a group who are counted: more than 99 others are "99+"
ROWS = 200  # of a group, hidden and withdrawn ones among them
UNREAD, GROUPS = 100, 500

# The first look keeps what it costs to begin the second from people without anything unread. Each is in the order of
# the index, and ends with the first row: of EXISTS PostgreSQL may read all that a person was told. In the rule the name
# of the table means the newest rows.
_HAS_UNREAD = """
CREATE OR REPLACE FUNCTION has_unread_notifications{of}(bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $rule$
DECLARE
    seen bigint := coalesce((SELECT read_up_to FROM notifications_inbox WHERE person_id = $1), 0);
BEGIN
    IF (
        SELECT id FROM notifications_notificationgroup
        WHERE person_id = $1 AND newest > seen ORDER BY newest DESC LIMIT 1
    ) IS NULL THEN
        RETURN false;
    END IF;
    RETURN (
        SELECT held.id
        FROM (
            SELECT id FROM notifications_notificationgroup
            WHERE person_id = $1 AND newest > seen ORDER BY newest DESC LIMIT {unread}
        ) AS held
        CROSS JOIN LATERAL (
            WITH notifications_notification AS (
                SELECT * FROM notifications_notification
                WHERE group_id = held.id AND id > seen ORDER BY id DESC LIMIT {rows}
            )
            {visible} LIMIT 1
        ) AS unread
        LIMIT 1
    ) IS NOT NULL;
END $rule$;
"""
# Of a person's group, up to a notification: the newest that they may see, and how many those are, up to COUNTED + 1.
_SEEN_OF_GROUP = """
CREATE OR REPLACE FUNCTION seen_of_notification_group{of}(bigint, bigint, bigint)
RETURNS TABLE (shown bigint, number bigint) LANGUAGE plpgsql STABLE ROWS 1 AS $rule$
BEGIN
    RETURN QUERY WITH notifications_notification AS (
        SELECT * FROM notifications_notification WHERE group_id = $2 AND id <= $3 ORDER BY id DESC LIMIT {rows}
    )
    SELECT max(seen.id), count(*) FROM ({visible} LIMIT {counted}) AS seen (id);
END $rule$;
"""
# Groups of a person that show them anything, as of the notification `newest` (NULL for now), after the one that `last`
# was shown for (NULL from the top): the newest that they may see of each, and how many; then the newest number that
# was given, and up to which number notifications are read. Groups that grew since `newest` are found apart: they are
# few, as a group grows on its day only.
_PAGE = """
CREATE OR REPLACE FUNCTION page_of_notifications{of}(viewer bigint, size bigint, newest bigint, last bigint)
RETURNS TABLE (shown bigint, number bigint, top bigint, seen bigint) LANGUAGE plpgsql AS $rule$
#variable_conflict use_column
DECLARE
    ended bigint := newest;
    place bigint := {end};
    known bigint := coalesce((SELECT read_up_to FROM notifications_inbox WHERE person_id = viewer), 0);
    oldest bigint;
BEGIN
    IF ended IS NULL THEN
        PERFORM pg_advisory_xact_lock(20261127, (viewer % 1024)::integer);
        SELECT last_value INTO ended FROM notifications_notification_id_seq;
    END IF;
    IF last IS NOT NULL THEN
        SELECT coalesce(max(other.id), last) INTO place
        FROM notifications_notification AS one JOIN notifications_notification AS other ON other.group_id = one.group_id
        WHERE one.id = last AND one.person_id = viewer AND other.id <= ended;
    END IF;
    SELECT newest INTO oldest FROM notifications_notificationgroup
    WHERE person_id = viewer ORDER BY newest DESC OFFSET {unread} LIMIT 1;
    RETURN QUERY
    WITH still AS (
        SELECT held.newest AS at, held.newest, of.shown, of.number
        FROM (
            SELECT id, newest FROM notifications_notificationgroup
            WHERE person_id = viewer AND newest <= ended AND newest < place ORDER BY newest DESC LIMIT {groups}
        ) AS held
        CROSS JOIN LATERAL seen_of_notification_group{of}(viewer, held.id, ended) AS of
        WHERE of.number > 0 ORDER BY at DESC LIMIT size
    ), grown AS (
        SELECT before.at, held.newest, of.shown, of.number
        FROM (
            SELECT id, newest FROM notifications_notificationgroup
            WHERE person_id = viewer AND newest > ended AND key > '' ORDER BY newest DESC LIMIT {groups}
        ) AS held
        CROSS JOIN LATERAL (
            SELECT max(id) AS at FROM notifications_notification WHERE group_id = held.id AND id <= ended
        ) AS before
        CROSS JOIN LATERAL seen_of_notification_group{of}(viewer, held.id, ended) AS of
        WHERE before.at < place AND of.number > 0 ORDER BY at DESC LIMIT size
    )
    SELECT groups.shown, groups.number, ended,
        CASE WHEN groups.newest > coalesce(oldest, 0) THEN known ELSE ended END
    FROM (SELECT * FROM still UNION ALL SELECT * FROM grown) AS groups
    ORDER BY groups.at DESC LIMIT size;
END $rule$;
"""


class HasUnread(Func):
    """Whether the person in the column has unread notifications."""

    function = "has_unread_notifications_2"
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
    rows = Notification.objects.visible_to(_Anybody()).order_by("-pk")
    known = rows.exclude(kind__in=[*OF_DECISIONS, *OF_REPORTS])
    bounds = {"rows": ROWS, "unread": UNREAD, "groups": GROUPS, "counted": COUNTED + 1, "end": 2**63 - 1}
    return "".join(
        function.format(visible=_written(visible), of=of, **bounds)
        for of, visible in (("", known), ("_2", rows))
        for function in (_HAS_UNREAD, _SEEN_OF_GROUP, _PAGE)
    )


def _written(rows: NotificationQuerySet) -> str:
    """Return the SQL of the rows' keys, with the function's arguments in the place of blanks."""
    text, values = rows.values("pk").query.get_compiler(connection=connection).as_sql()
    return str(text) % tuple(map(_literal, values))


def _literal(value: Any) -> str:
    return value.name if isinstance(value, Blank) else sql.Literal(value).as_string(None)
