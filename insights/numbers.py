"""How the Mirror's pages format numbers: in words where possible, else in as few digits as are meaningful."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from math import floor

from django.utils.dates import MONTHS_3
from django.utils.translation import get_language, gettext, ngettext, pgettext

from core.templatetags.redbook import compact
from core.zones import site_day
from insights.reports import Cell, Rate
from notes.focus import in_ten

PEOPLE_FOR_PERCENT = 20  # a rate of fewer people is written as a count of them
_NOTHING, _FULL = 1e-9, 1 - 1e-9
_HALF = 0.5 + 1e-9  # as much more as binary fractions may have taken from a half
_DIGITS_ZH = "零一两三四五六七八九十"


def percent(share: float) -> str:
    """Format a share: 38%; one decimal below a tenth: 3.4%."""
    tenths = floor(share * 1000 + _HALF)
    if tenths >= 100:
        return f"{floor(share * 100 + _HALF)}%"
    if not tenths and share > _NOTHING:
        return "<0.1%"
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def times(lift: float) -> str:
    """Format a multiple of the average: 1.4×, in Chinese 1.4 倍."""
    return f"{rounded(lift, 1)}\N{NO-BREAK SPACE}倍" if _in_chinese() else f"{rounded(lift, 1)}×"


def exact(number: float) -> str:
    """Format a count with all digits and thousands separators; fractions with one decimal."""
    return f"{number:,}" if isinstance(number, int) else rounded(number, 1).removesuffix(".0")


def rounded(value: float, decimals: int) -> str:
    """Round to so many decimals, halves up, and format with thousands separators.

    57.5 becomes 58 and 1.25 becomes 1.3, also where arithmetic has made it 57.49999999999999.
    """
    scale = 10**decimals
    return f"{floor(value * scale + _HALF) / scale:,.{decimals}f}"


def rate(found: Rate | None) -> str:
    """Format a rate: 12% of 340 people; below 20 people 3 of 12. Empty for None."""
    few, many, _few, _many = _forms(get_language())
    return _of(found, few, many)


def of_readings(found: Rate | None) -> str:
    """Format a rate of readings, of which one person has several: 12% of 340."""
    _few, _many, few, many = _forms(get_language())
    return _of(found, few, many)


def _of(found: Rate | None, few: str, many: str) -> str:
    if found is None:
        return ""
    if found.whole < PEOPLE_FOR_PERCENT:
        return few % {"part": exact(found.part), "whole": exact(found.whole)}
    return many % {"share": percent(found.value), "whole": exact(found.whole)}


@lru_cache(8)
def _forms(_language: str | None) -> tuple[str, str, str, str]:
    """Return the formats of a rate in a language: of few and of many people, of few and of many readings."""
    return (
        gettext("%(part)s of %(whole)s"),
        gettext("%(share)s of %(whole)s"),
        pgettext("readings", "%(part)s of %(whole)s"),
        pgettext("readings", "%(share)s of %(whole)s"),
    )


def share(found: Rate | None) -> str:
    """Format a rate without its whole: 12%; below 20 people 3 of 12, as `rate` does."""
    return percent(found.value) if found and found.whole >= PEOPLE_FOR_PERCENT else rate(found)


def share_of(part: int, whole: int) -> str:
    """Format a share of readers: 12% of readers; "" below 20 readers, whose number says it already."""
    if whole < PEOPLE_FOR_PERCENT:
        return ""
    return gettext("%(share)s of readers") % {"share": percent(part / whole)}


def between(found: Rate) -> str:
    """Format the 95% Wilson interval of a rate: 9.8–14%."""
    return f"{percent(found.low).removesuffix('%')}–{percent(found.high)}"


def focus_in_words(focus: float) -> str:
    """Return a sentence about the share of posts on the declared topics, as so many notes in ten."""
    tenths = in_ten(focus)
    if focus <= _NOTHING:
        return gettext("None of your recent notes is about what your label says.")
    if focus >= _FULL:
        return gettext("All of your recent notes are about what your label says.")
    if tenths == 0:
        return gettext("Hardly any of your recent notes is about what your label says.")
    if tenths == 10:
        return gettext("Nearly all of your recent notes are about what your label says.")
    return ngettext(
        "%(tenths)s in 10 of your recent notes is about what your label says.",
        "%(tenths)s in 10 of your recent notes are about what your label says.",
        tenths,
    ) % {"tenths": _DIGITS_ZH[tenths] if _in_chinese() else tenths}


def on(day: date | None) -> str:
    """Format a day, without this year: 14 Nov, 14 Nov 2024 / 11月14日."""
    return _on(day, site_day().year, get_language()) if day else ""


@lru_cache(2048)
def _on(day: date, this_year: int, _language: str | None) -> str:
    parts = {"day": day.day, "month": MONTHS_3[day.month].title(), "number": day.month, "year": day.year}
    if day.year == this_year:
        return gettext("%(day)d %(month)s") % parts
    return gettext("%(day)d %(month)s %(year)d") % parts


def listed(names: Iterable[str]) -> str:
    """Join names with the separator of the language."""
    return ("、" if _in_chinese() else ", ").join(names)


def counted(cells: Iterable[Cell]) -> str:
    """Return the cells that are not withheld, on one line: Explore 210 · A tag 96."""
    return " · ".join(f"{cell.name} {compact(cell.number)}" for cell in cells if cell.number is not None)


def ordinal(number: int) -> str:
    """Return the ordinal of a person's label: "your third"."""
    words = (
        gettext("your first"),
        gettext("your second"),
        gettext("your third"),
        gettext("your fourth"),
        gettext("your fifth"),
    )
    if 1 <= number <= len(words):
        return words[number - 1]
    return gettext("your number %(number)d") % {"number": number}


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")
