"""Write conditions on lexemes for PostgreSQL: what is typed is always quoted, so that nothing in it is an operator."""

from collections.abc import Iterable


def lexeme(text: str, *, begins: bool = False) -> str:
    """Return the lexeme; with `begins`, any that begins with it, which is too slow to find documents by."""
    quoted = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*" if begins else f"'{quoted}'"


def any_of(conditions: Iterable[str]) -> str:
    return _joined(conditions, " | ")


def all_of(conditions: Iterable[str]) -> str:
    return _joined(conditions, " & ")


def most_of(conditions: list[str], number: int) -> str:
    """Return that at least `number` of the conditions hold."""
    if number <= 0 or number >= len(conditions):
        return all_of(conditions)
    if number == 1:
        return any_of(conditions)
    first, rest = conditions[0], conditions[1:]
    return any_of([all_of([first, most_of(rest, number - 1)]), most_of(rest, number)])


def _joined(conditions: Iterable[str], operator: str) -> str:
    distinct = list(dict.fromkeys(conditions))
    return distinct[0] if len(distinct) == 1 else f"({operator.join(distinct)})" if distinct else ""
