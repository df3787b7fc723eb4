"""Prepared queries for pages: Django compiles their SQL once, then only the parameters change."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Expression, Func, QuerySet
from psycopg.adapt import Transformer

from core.db.conditions import Asking

PARSED_ONCE = (
    4096  # characters of SQL that psycopg keeps parsed; longer one it parses each time it is executed
)


def filled(sql: str, values: dict[str, Any] | list[Any], connection: Any) -> str:
    """Return SQL with each value in place of its placeholder, quoted as psycopg quotes it: for SQL that is too long to
    be kept parsed, which takes a twentieth of the CPU of a page. To be executed without parameters.
    """
    connection.ensure_connection()
    quoted = Transformer(connection.connection).as_literal
    named = values.items() if isinstance(values, dict) else enumerate(values)
    texts = {name: "NULL" if value is None else quoted(value).decode() for name, value in named}
    return sql % (texts if isinstance(values, dict) else tuple(texts.values()))


class Blank(Expression):
    """A named placeholder in a query that is compiled before its value is known."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class IsAmong(Func):
    """The condition that a column is in the list given for a placeholder: `filter(IsAmong("pk", pks))`."""

    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("


class AnyViewer:
    """Stands for every viewer with the same sign-in and staff status who mutes no words."""

    pk = Blank("viewer")
    muted_words = ()
    languages = ()

    def __init__(self, viewer: Asking) -> None:
        self.is_authenticated, self.is_staff = viewer.is_authenticated, viewer.is_staff


def compiled(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Return a function that takes values by name and gives the rows of the query that `build` writes for them.

    `build` is called once, with blanks for the values; where it takes a `viewer`, once for each kind of viewer, with
    `AnyViewer`; each time for those who mute words, which are part of their queries. The query must be the same
    whatever the values are, and no value None. What changes the query is passed by position: it is built once for each.

        @compiled
        def _photos(*, note: Any) -> QuerySet[Photo]:
            return Photo.objects.filter(note=note)

        _photos(note=7)
    """
    named = signature(build).parameters.values()
    blanks: dict[str, Any] = {each.name: Blank(each.name) for each in named if each.kind == each.KEYWORD_ONLY}
    written: dict[Any, _Written] = {}

    @wraps(build)
    def rows(*shape: Any, **values: Any) -> list[Any]:
        if viewer := values.get("viewer"):
            if getattr(viewer, "muted_words", ()):
                return list(build(*shape, **values))
            values["viewer"] = viewer.pk
        kind = (viewer.is_authenticated, viewer.is_staff, *shape) if viewer else shape
        if kind not in written:
            written[kind] = _Written(
                build(*shape, **(blanks | {"viewer": AnyViewer(viewer)} if viewer else blanks))
            )
        return written[kind].rows(values)

    return rows


class _Written:
    """A queryset and its SQL, with blanks among the parameters."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(queryset.db)
        self.sql, self.parameters = self.compiler.as_sql()
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Return what Django makes of the answer, as of that to any queryset."""
        given = [values[each.name] if isinstance(each, Blank) else each for each in self.parameters]
        compiler = _shallow(self.compiler)
        compiler.connection = connections[self.queryset.db]  # this thread's
        if len(self.sql) > PARSED_ONCE:
            sql = filled(self.sql, given, compiler.connection)
            compiler.as_sql = lambda: (sql, None)
        else:
            compiler.as_sql = lambda: (self.sql, given)
        compiler.get_converters = lambda columns: self.converters
        query, queryset = _shallow(self.queryset.query), _shallow(self.queryset)
        query.get_compiler = lambda using: compiler
        queryset._query = query
        return list(queryset)


def _shallow(original: Any) -> Any:
    """Return a copy with the same attributes. `copy` takes five times as long, and would fetch a queryset's rows."""
    made = object.__new__(type(original))
    made.__dict__.update(original.__dict__)
    return made
