"""The Mirror's formats of numbers and days in English, by docs/insights.md. Imports nothing of the product."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FEW = "too few to show"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SOURCES = {
    "explore": "Explore",
    "following": "Following",
    "tag": "A tag",
    "label": "A label",
    "campus": "A campus",
    "profile": "A profile",
    "note": "Another note",
    "search": "Search",
    "saved": "Saved",
    "elsewhere": "Elsewhere",
    "other": "Other",
}
MISSING = {
    None: "",
    "notes": "Too few notes",
    "readers": "Too few readers",
    "answers": "Too few answers to compare",
    "none_answered": "Nobody has answered yet",
}
FINDINGS = {
    "answered_more": "Your readers answer this more than you post it",
    "little_answer": "Declared, but it meets little answer",
    "not_said": "You post this, and your label does not say it",
}
ORDINALS = [f"your {word}" for word in ("first", "second", "third", "fourth", "fifth")]


def decimal(value: float) -> Decimal:
    """The number, without the digits that come of adding binary fractions."""
    return Decimal(repr(round(float(value), 12)))


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def percent(share: float) -> str:
    hundredths = decimal(share) * 100
    if 0 < hundredths < Decimal("0.05"):
        return "<0.1%"
    if hundredths < Decimal("9.95"):
        return str(rounded(hundredths, 1)).removesuffix(".0") + "%"
    return f"{rounded(hundredths, 0)}%"


def times(lift: float) -> str:
    return f"{rounded(decimal(lift), 1)}×"


def exact(number: float) -> str:
    return f"{rounded(decimal(number), 1):,}".removesuffix(".0")


def compact(number: int) -> str:
    for unit, sign, start in ((10**6, "M", 999_950), (10**3, "k", 1000)):
        if number >= start:
            return str(rounded(Decimal(number) / unit, 1)).removesuffix(".0") + sign
    return str(number)


def of(rate: dict[str, float] | None) -> str:
    """12% of 340; below 20 readers 3 of 12."""
    if rate is None:
        return ""
    part = exact(rate["part"]) if rate["whole"] < 20 else percent(rate["value"])
    return f"{part} of {exact(rate['whole'])}"


def share(rate: dict[str, float]) -> str:
    return percent(rate["value"]) if rate["whole"] >= 20 else of(rate)


def between(rate: dict[str, float]) -> str:
    return percent(rate["low"]).removesuffix("%") + "–" + percent(rate["high"])


def in_ten(focus: float) -> str:
    tenths = int(rounded(decimal(focus) * 10, 0))
    about = "of your recent notes {} about what your label says."
    if focus < 1e-9:
        return "None " + about.format("is")
    if focus > 1 - 1e-9:
        return "All " + about.format("are")
    if tenths in {0, 10}:
        return ("Hardly any " + about.format("is")) if tenths == 0 else ("Nearly all " + about.format("are"))
    return f"{tenths} in 10 " + about.format("is" if tenths == 1 else "are")


def on(day: date) -> str:
    this_year = date.today().year
    return f"{day.day} {MONTHS[day.month - 1]}" + ("" if day.year == this_year else f" {day.year}")


def number_of(number: int, one: str, many: str) -> str:
    return f"{exact(number)} {one if number == 1 else many}"


def counted(sources: Iterable[tuple[str, int | None]]) -> str:
    return " · ".join(f"{name} {compact(number)}" for name, number in sources if number is not None)


def by_source(sources: dict[Any, int | None]) -> list[tuple[str, int | None]]:
    """The most readers first, of equals by their key; Other last."""
    order = sorted(sources.items(), key=lambda each: (each[0] == "other", -(each[1] or 0), each[0]))
    return [(SOURCES[key], number) for key, number in order]


def by_hour(hours: dict[Any, int | None]) -> list[tuple[str, int | None]]:
    order = sorted(hours.items(), key=lambda each: (each[0] == "other", each[0] if each[0] != "other" else 0))
    return [("Other" if key == "other" else f"{key:02}:00", number) for key, number in order]


def by_photo(reached: dict[str, int]) -> list[tuple[str, int | None]]:
    return [("Not measured" if key == "unmeasured" else key, number) for key, number in reached.items()]
