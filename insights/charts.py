"""The geometry of the Mirror's charts, as SVG attributes. Colours are in static/css/charts.css."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from insights import svg
from insights.reports import Cell, Rate, Topic

ROWS = 12  # topics that are drawn; the table behind has all
_LONGEST = 62  # % of its half that the longest bar takes; the rest is for its number
_WITHHELD = "20%"
_COLUMNS = 120  # days that are drawn one by one; of more, weeks are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """A topic in the mirrored bar chart, with its lengths. A withheld one is "", drawn as an outline to `average`."""

    topic: Topic
    posted: str
    responded: str
    average: str

    @property
    def left(self) -> SafeString:
        return svg.bar(self.posted, "c-you") if self.posted else svg.bar(_WITHHELD, "c-none")

    @property
    def right(self) -> SafeString:
        return svg.bar(self.responded, "c-aud") if self.responded else svg.bar(self.average, "c-none")


@dataclass(frozen=True, slots=True)
class Bars:
    """The mirrored bars of topics. `average` is the position of the 1× line in the right half; `left_out` the number
    of topics that only the table has.
    """

    rows: list[Bar]
    average: str
    left_out: int


def foremost(topics: Sequence[Topic], most: int) -> list[Topic]:
    """Return this many topics, most posted first, always including declared ones and those with findings."""
    room = max(most - sum(topic.is_declared or topic.finding is not None for topic in topics), 0)
    shown = []
    for topic in topics:
        if topic.is_declared or topic.finding:
            shown.append(topic)
        elif room:
            room -= 1
            shown.append(topic)
    return shown


def mirrored(topics: Sequence[Topic]) -> Bars:
    """Return bars with posts to the left and answers to the right, most posted first, always including topics with
    findings.
    """
    shown = foremost(topics, ROWS)
    most_posted = max([topic.posted or 0 for topic in shown] + [0.05])
    most_lift = max([topic.lift or 0 for topic in shown] + [1.25])
    average = _percent(_LONGEST / most_lift)
    rows = [
        Bar(
            topic,
            "" if topic.posted is None else _percent(topic.posted / most_posted * _LONGEST),
            "" if topic.lift is None else _percent(topic.lift / most_lift * _LONGEST),
            average,
        )
        for topic in shown
    ]
    return Bars(rows, average, len(topics) - len(shown))


def intervals(rates: Sequence[Rate | None]) -> list[SafeString]:
    """Return each rate with its interval on one scale from 0; a withheld one as an outline."""
    scale = 96 / max([rate.high for rate in rates if rate] + [0.01])
    return [
        svg.interval(
            low=_percent(rate.low * scale + 2),
            width=_percent((rate.high - rate.low) * scale),
            value=_percent(rate.value * scale + 2),
        )
        if rate
        else svg.no_interval()
        for rate in rates
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a bar list: `width` is "" if its number is withheld."""

    cell: Cell
    width: str

    @property
    def drawn(self) -> SafeString:
        return svg.bar(self.width, "c-aud") if self.width else svg.bar(_WITHHELD, "c-none")


def rows(cells: Sequence[Cell]) -> list[Row]:
    most = max([cell.number or 0 for cell in cells] + [1])
    return [
        Row(cell, "" if cell.number is None else _percent(cell.number / most * _LONGEST)) for cell in cells
    ]


@dataclass(frozen=True, slots=True)
class Column:
    """A day or week: its new readers, and as the lower part those of them who ever engaged."""

    first: date
    readers: int
    engaged: int
    x: str
    width: str
    y: str
    height: str
    engaged_y: str
    engaged_height: str


def columns(days: Sequence[tuple[date, int, int]]) -> list[Column]:
    """Return columns by day, or by week for long periods."""
    if len(days) > _COLUMNS:
        days = [_together(days[start : start + 7]) for start in range(0, len(days), 7)]
    most = max([readers for _day, readers, _engaged in days] + [1])
    step = 100 / max(len(days), 1)
    return [
        Column(
            first=day,
            readers=readers,
            engaged=engaged,
            x=_percent(place * step + step * 0.1),
            width=_percent(step * 0.8),
            y=_percent(100 - readers / most * 100),
            height=_percent(readers / most * 100),
            engaged_y=_percent(100 - engaged / most * 100),
            engaged_height=_percent(engaged / most * 100),
        )
        for place, (day, readers, engaged) in enumerate(days)
    ]


def _together(days: Sequence[tuple[date, int, int]]) -> tuple[date, int, int]:
    return days[0][0], sum(day[1] for day in days), sum(day[2] for day in days)


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
