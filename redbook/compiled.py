"""Queries that a page asks in the same words each time: Django writes their SQL once, then only the values change.

Building a queryset and turning it to SQL takes Django longer than PostgreSQL takes to answer most of ours.
"""

from collections.abc import Callable
from copy import copy
from functools import wraps
from inspect import signature
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Expression, Func, QuerySet


class Blank(Expression):
    """Where a value belongs in a query that is written before the value is known."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Blank"]]:
        return "%s", [self]


class IsAmong(Func):
    """Whether a column is one of a list, for a blank: `filter(IsAmong("pk", pks))`."""

    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("


class Viewer:
    """Stands for everybody who is as much signed in and staff as the viewer it is made from."""

    pk = Blank("viewer")

    def __init__(self, viewer: Any) -> None:
        self.is_authenticated, self.is_staff = viewer.is_authenticated, viewer.is_staff


def compiled(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """A function that gives the rows of the query that `build` writes, for the values by name.

    `build` is given a blank for each value and a `Viewer` for the viewer, where it takes one, and is called once, or
    once for each kind of viewer. What it writes must be the same for every value: the SQL is kept.

        @compiled
        def _photos(*, note: Any) -> QuerySet[Photo]:
            return Photo.objects.filter(note=note)

        _photos(note=7)
    """
    blanks: dict[str, Any] = {name: Blank(name) for name in signature(build).parameters}
    kept: dict[tuple[bool, bool] | None, _Written] = {}

    @wraps(build)
    def asked(**values: Any) -> list[Any]:
        viewer = values.pop("viewer", None)
        kind = None
        if viewer is not None:
            kind, values["viewer"] = (viewer.is_authenticated, viewer.is_staff), viewer.pk
        if kind not in kept:
            kept[kind] = _Written(build(**blanks | ({"viewer": Viewer(viewer)} if kind else {})))
        return kept[kind].asked(values)

    return asked


class _Written:
    """A queryset whose SQL is written, with blanks among its parameters."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(rows.db)
        self.sql, self.params = self.compiler.as_sql()

    def asked(self, values: dict[str, Any]) -> list[Any]:
        """The rows, read as Django reads them: with a compiler that has its SQL, on this thread's connection."""
        params = [values[param.name] if isinstance(param, Blank) else param for param in self.params]
        compiler = copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        compiler.as_sql = lambda: (self.sql, params)
        rows = self.rows.all()
        rows.query.get_compiler = lambda using: compiler
        return list(rows)
