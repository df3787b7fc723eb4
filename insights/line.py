"""The geometry of the weekly line chart: the rate of readers who engaged, under the ribbons of the labels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.text import half_widths
from insights.numbers import percent
from insights.reports import Chapter, Rate, Week

_GRID = 1000  # units of a curve's own system, stretched over the plot
_PLOT = 11.0  # em
_LEVEL = 1.375  # em: a row of ribbons above the plot
_LEVELS = 4
_ABOVE = 0.75  # em between the lowest ribbons and the plot
_PHONE = 22.0  # em: the width of the chart on a phone, on which names of labels may not overlap
_HALF_WIDTH = 0.42  # em of a half-width character in the size of a chart's text
_RIBBON = 1.25  # em
_WIDE = 0.3  # of the chart: a gap with room for words
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_STEPS_MOST = 4


@dataclass(frozen=True, slots=True)
class Tick:
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive weeks whose rate is withheld; `is_wide` if a text fits."""

    x: str
    width: str
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The beginning of a chapter. Its name stands right of it ("start"), left of it ("end") or, without room, not at
    all ("").
    """

    x: str
    level: int
    side: str
    wording: str

    @property
    def y(self) -> str:
        return _em(self.level * _LEVEL)


@dataclass(frozen=True, slots=True)
class Line:
    """The line of weekly rates: `curves` through consecutive weeks, each with the `bands` of their intervals; weeks
    with none beside them are `lone`.
    """

    height: str
    top: str
    plot: str
    ticks: list[Tick]
    curves: list[str]
    bands: list[str]
    lone: list[Point]
    last: Point
    gaps: list[Gap]
    ribbons: list[Ribbon]


def line(weeks: Sequence[Week], chapters: Sequence[Chapter]) -> Line | None:
    """Return the chart, or None if no week has a rate to show. `weeks` come oldest first, `chapters` newest first."""
    rated = [(place, week.rate) for place, week in enumerate(weeks) if week.rate]
    if not rated:
        return None
    ribbons = _ribbons(weeks, chapters)
    plot = _Plot(
        top=_LEVEL * (1 + max((ribbon.level for ribbon in ribbons), default=0)) + _ABOVE,
        weeks=len(weeks),
        ceiling=_ceiling([rate for _place, rate in rated]),
    )
    runs = list(_runs(rated))
    together = [run for run in runs if len(run) > 1]
    missing = [(place, None) for place, week in enumerate(weeks) if week.rate is None]
    return Line(
        height=_em(plot.top + _PLOT + 0.25),
        top=_em(plot.top),
        plot=_em(_PLOT),
        ticks=plot.ticks(rated[-1][1].value),
        curves=[plot.path((place, rate.value) for place, rate in run) for run in together],
        bands=[plot.band(run) for run in together],
        lone=[plot.point(*run[0]) for run in runs if len(run) == 1],
        last=plot.point(*rated[-1]),
        gaps=[_gap(run[0][0], len(run), len(weeks)) for run in _runs(missing)],
        ribbons=ribbons,
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """The scales of the line chart. `ceiling` is the rate at the top, which is `top` em from that of the chart."""

    top: float
    weeks: int
    ceiling: float

    def y(self, value: float) -> str:
        return _em(self.top + (1 - value / self.ceiling) * _PLOT)

    def point(self, place: int, rate: Rate) -> Point:
        return Point(_percent((place + 0.5) / self.weeks * 100), self.y(rate.value), percent(rate.value))

    def ticks(self, last: float) -> list[Tick]:
        """Return ticks, without one at the bottom or beside the number of the last week."""
        room = self.ceiling / _PLOT * 1.5
        values = _steps(self.ceiling)
        return [
            Tick(self.y(value), percent(value) if value and not -0.5 * room < value - last < room else "")
            for value in values
        ]

    def path(self, spots: Iterable[tuple[int, float]]) -> str:
        return "M" + "L".join(
            f"{(place + 0.5) / self.weeks * _GRID:.1f} {(1 - value / self.ceiling) * _GRID:.1f}"
            for place, value in spots
        )

    def band(self, run: Sequence[tuple[int, Rate]]) -> str:
        upper = [(place, rate.high) for place, rate in run]
        lower = [(place, rate.low) for place, rate in reversed(run)]
        return f"{self.path(upper + lower)}z"


def _ceiling(rates: Sequence[Rate]) -> float:
    """Return the top of the scale, so that the line is clearly visible and the intervals as far as possible."""
    twice = 2 * max(rate.value for rate in rates)
    return min(max(min(max(rate.high for rate in rates), twice), _STEPS[0]), 1.0)


def _steps(ceiling: float) -> list[float]:
    step = next((step for step in _STEPS if ceiling / step <= _STEPS_MOST), _STEPS[-1])
    return [step * number for number in range(int(ceiling / step + 1e-9) + 1)]


def _runs[Row: tuple](rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield rows in groups of consecutive positions, which are each row's first item."""
    run: list[Row] = []
    for row in rows:
        if run and row[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _gap(first: int, length: int, weeks: int) -> Gap:
    return Gap(_percent(first / weeks * 100), _percent(length / weeks * 100), length / weeks >= _WIDE)


def _ribbons(weeks: Sequence[Week], chapters: Sequence[Chapter]) -> list[Ribbon]:
    """Return the chapters within the weeks, oldest first, on as many levels as their names need."""
    first, days = weeks[0].first, 7 * len(weeks)
    taken: list[list[tuple[float, float]]] = [[] for _level in range(_LEVELS)]
    found = []
    for chapter in reversed(chapters):
        if chapter.retired and chapter.retired <= first:
            continue
        x = min(max((chapter.declared - first).days / days, 0), 1)
        width = (half_widths(chapter.wording) * _HALF_WIDTH + _RIBBON) / _PHONE
        is_left = x + width > 1 and x > 1 - x
        room = (x - width, x) if is_left else (x, x + width)
        free = [level for level, others in enumerate(taken) if all(_apart(room, other) for other in others)]
        if free:
            taken[free[0]].append(room)
        side = ("end" if is_left else "start") if free else ""
        found.append(Ribbon(_percent(x * 100), free[0] if free else 0, side, chapter.wording))
    return found


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _em(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "em"
