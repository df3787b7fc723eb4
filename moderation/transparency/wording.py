"""The figures of a month in words, as the page and the CSV file show them."""

from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from insights.numbers import exact
from insights.reports import Table
from insights.svg import bar
from moderation.models import Rule
from moderation.transparency.disclosure import REST, Shown

LONGEST = 75  # % of its cell that the longest bar takes


class Bar(NamedTuple):
    name: str
    number: str
    drawn: SafeString


def numbers(shown: Shown) -> list[tuple[str, str]]:
    """Return each figure but those by rule with its name; "" for one that is withheld."""
    return [(name, _words(value, is_time=is_time)) for name, value, is_time in _named(shown)]


def bars(rules: list[tuple[str, int]]) -> list[Bar]:
    """Return the decisions by rule, with bars as long as there are many."""
    most, names = max((number for _slug, number in rules), default=0), _names()
    return [
        Bar(names.get(slug, slug), exact(number), bar(f"{number * LONGEST / most:.2f}%", "c-you"))
        for slug, number in rules
    ]


def table(months: dict[date, Shown]) -> Table:
    """Return every figure of every month in a row of its own, times in days."""
    columns = (gettext("Month"), gettext("Figure"), gettext("Rule"), gettext("Number"))
    return Table(columns, _rows(months))


def waiting(days: float) -> str:
    """Write a time as hours below two days, else as days, rounded up."""
    hours = max(1, ceil(days * 24))
    if hours < 48:
        return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    return ngettext("%(number)d day", "%(number)d days", ceil(days)) % {"number": ceil(days)}


def _rows(months: dict[date, Shown]) -> Iterable[tuple[str | float | None, ...]]:
    names, by_rule = _names(), gettext("Decisions by rule")
    for month, shown in months.items():
        for name, value, _is_time in _named(shown):
            yield f"{month:%Y-%m}", name, "", value
        for slug, number in shown.rules:
            yield f"{month:%Y-%m}", by_rule, names.get(slug, slug), number


def _named(shown: Shown) -> list[tuple[str, float | None, bool]]:
    """Return name, value and whether it is a time in days."""
    return [
        (gettext("Reports received"), shown.reports, False),
        (pgettext("figure", "Decisions"), shown.decisions, False),
        (gettext("of these by a program"), shown.by_program, False),
        (gettext("Half decided within"), shown.days, True),
        (gettext("Appeals answered"), shown.appeals, False),
        (gettext("of these granted"), shown.overturned, False),
        (gettext("Half answered within"), shown.appeal_days, True),
        (gettext("Taken back without an appeal"), shown.taken_back, False),
    ]


def _words(value: float | None, *, is_time: bool) -> str:
    if value is None:
        return ""
    return waiting(value) if is_time else exact(value)


def _names() -> dict[str, str]:
    """Return how to name a rule by its slug."""
    rules = {rule.slug: rule.name for rule in Rule.objects.all()}
    return rules | {"": gettext("No rule named"), REST: gettext("All other rules")}
