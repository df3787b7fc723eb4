"""How many cases are open: counted to a limit, each by an index, so that no number of them makes a page slow."""

from functools import cache, lru_cache
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.db.prepared_queries import Blank
from moderation.appeals.queries import waiting_within
from moderation.cases.access import Access, access_of, within
from moderation.models import Case, Severity
from profiles.models import User

COUNTED = 99
KEPT_FOR = 10  # seconds, in each process


def counts(by: User, access: Access) -> dict[str, int]:
    """Return the number of open cases by severity, of those that this moderator has open ("mine") and of open appeals.
    What is more than COUNTED is COUNTED + 1. One query.
    """
    names, sql, values = _written(access, COUNTED + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, [by.pk if isinstance(value, Blank) else value for value in values])
        row = cursor.fetchone()
    return dict(zip(names, row or (), strict=True))


@cache
def _written(access: Access, most: int) -> tuple[list[str], str, list[Any]]:
    """Return what is counted, and the query with its values: a blank stands for the moderator’s key."""
    moderator = Blank("moderator")
    cases = within(Case.objects.open(), access, moderator)
    counted: dict[str, QuerySet[Any]] = {
        f"severity_{level}": cases.filter(severity=level) for level in Severity.values
    }
    counted |= {"mine": cases.filter(opened_by=moderator), "appeals": waiting_within(access, moderator)}
    parts: list[str] = []
    values: list[Any] = []
    for rows in counted.values():
        sql, params = rows.order_by().values("pk")[:most].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608  it is Django's own
        values += params
    return list(counted), f"SELECT {', '.join(parts)}", values


def said(number: int) -> str:
    """Return the number for a page: "99+" where it was counted no further."""
    return f"{COUNTED}+" if number > COUNTED else str(number)


def open_cases(by: User) -> str:
    """Return how many open cases and appeals there are for this moderator, for the navigation: "" for none, "99+" for
    more than 99. Cached for ten seconds.
    """
    number = _open(by.pk, int(monotonic() // KEPT_FOR))
    return said(number) if number else ""


@lru_cache(256)
def _open(moderator: int, now: int) -> int:
    by = User.objects.get(pk=moderator)
    numbers = counts(by, access_of(by))
    return sum(number for name, number in numbers.items() if name != "mine")
