"""How many cases are open: counted to a limit, each by an index, so that no number of them makes a page slow."""

from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from moderation.appeals.queries import waiting
from moderation.cases.access import open_to
from moderation.models import Case, Severity
from profiles.models import User

COUNTED = 999
IN_NAVIGATION = 99
KEPT_FOR = 10  # seconds, in each process


def counts(by: User) -> dict[str, int]:
    """Return the number of open cases by severity, of those that this moderator has open ("mine") and of open appeals.
    What is more than COUNTED is COUNTED + 1. One query.
    """
    cases = open_to(Case.objects.open(), by)
    counted: dict[str, QuerySet[Any]] = {
        f"severity_{level}": cases.filter(severity=level) for level in Severity.values
    }
    counted |= {"mine": cases.filter(opened_by=by), "appeals": waiting(by)}
    parts: list[str] = []
    values: list[Any] = []
    for rows in counted.values():
        sql, params = _limited(rows)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608  it is Django's own
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        row = cursor.fetchone()
    return dict(zip(counted, row or (), strict=True))


def _limited(rows: QuerySet) -> tuple[str, tuple[object, ...]]:
    return rows.order_by().values("pk")[: COUNTED + 1].query.sql_with_params()


def said(number: int, most: int = COUNTED) -> str:
    """Return the number for a page: "999+" where it was counted no further."""
    return f"{most}+" if number > most else str(number)


def open_cases(by: User) -> str:
    """Return how many open cases there are for this moderator, for the navigation: "" for none, "99+" for more than
    99. Cached for ten seconds.
    """
    number = _open(by.pk, int(monotonic() // KEPT_FOR))
    return said(number, IN_NAVIGATION) if number else ""


@lru_cache(256)
def _open(moderator: int, now: int) -> int:
    cases = open_to(Case.objects.open(), User.objects.get(pk=moderator))
    return cases.order_by().values("pk")[: IN_NAVIGATION + 1].count()
