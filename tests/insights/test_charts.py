"""Geometry of the Mirror's charts: lengths, lines, gaps, ribbons."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from core.text import half_widths
from insights import charts
from insights.line import line
from insights.reports import Cell, Chapter
from tests.insights.mirrors import CHAPTERS, LAST, TOPICS, rate, topic, weeks


def number(length: str) -> float:
    """A length without its unit."""
    return float(length.rstrip("%em"))


def test_bars_are_as_long_as_their_numbers() -> None:
    drawn = charts.mirrored(TOPICS)
    posted = [number(bar.posted) / bar.topic.posted for bar in drawn.rows if bar.topic.posted]
    lifts = [number(bar.responded) / bar.topic.lift for bar in drawn.rows if bar.topic.lift]
    assert max(posted) - min(posted) < 0.5
    assert max(lifts) - min(lifts) < 0.1
    assert abs(number(drawn.average) - lifts[0]) < 0.1, "the line of 1× is where a bar of 1× ends"
    assert max(number(bar.posted) for bar in drawn.rows) == 62


def test_what_is_withheld_has_no_length() -> None:
    drawn = charts.mirrored(TOPICS)
    assert [bar.responded for bar in drawn.rows if bar.topic.lift is None] == ["", ""]
    rows = charts.rows([Cell("explore", "Explore", 40), Cell("other", "Other", None)])
    assert [row.width for row in rows] == ["62%", ""]


def test_of_many_topics_those_with_something_to_say_are_drawn() -> None:
    many = [topic(f"Topic {place}", 0.05, 1.0) for place in range(40)]
    drawn = charts.mirrored([*many, *TOPICS])
    assert len(drawn.rows) == charts.ROWS
    assert {bar.topic for bar in drawn.rows} >= {each for each in TOPICS if each.is_declared or each.finding}
    assert drawn.left_out == 47 - charts.ROWS
    assert charts.mirrored([]).rows == []
    assert len(charts.mirrored([topic("One", 1.0, 1.0)]).rows) == 1


def test_intervals_share_one_scale() -> None:
    wide, narrow, withheld = charts.intervals([rate(3, 30), rate(300, 3000), None])
    assert re.findall(r'cx="(.*?)"', wide) == re.findall(r'cx="(.*?)"', narrow)
    widths = [number(re.search(r' width="(.*?)"', drawn).group(1)) for drawn in (wide, narrow)]
    assert widths[0] > widths[1] > 0
    assert "c-none" in withheld
    assert "circle" not in withheld


def test_days_become_weeks_where_there_are_many() -> None:
    days = [(LAST - timedelta(days=399 - place), 3, 1) for place in range(400)]
    drawn = charts.columns(days)
    assert len(drawn) == 58
    assert sum(column.readers for column in drawn) == 1200
    assert sum(column.engaged for column in drawn) == 400
    assert charts.columns([]) == []
    assert {column.height for column in charts.columns([(LAST, 0, 0)])} == {"0%"}


def test_the_line_has_no_point_in_a_week_of_few_readers() -> None:
    drawn = line(weeks(16, missing=(4, 5, 6, 7, 8, 15)), CHAPTERS)
    assert drawn
    assert [curve.count("L") + 1 for curve in drawn.curves] == [4, 6]
    assert [(gap.x, gap.width, gap.is_wide) for gap in drawn.gaps] == [
        ("25%", "31.25%", True),
        ("93.75%", "6.25%", False),
    ]
    assert len(drawn.bands) == 2
    assert all(band.endswith("z") for band in drawn.bands)


def test_a_week_alone_is_a_point() -> None:
    drawn = line(weeks(4, missing=(0, 2, 3)), ())
    assert drawn
    assert (drawn.curves, len(drawn.lone)) == ([], 1)
    assert drawn.last == drawn.lone[0]
    assert line(weeks(4, missing=(0, 1, 2, 3)), CHAPTERS) is None
    assert line((), CHAPTERS) is None


def test_a_rate_of_nothing_or_everything_is_drawn() -> None:
    for part in (0, 50):
        one = replace(weeks(4, missing=())[0], rate=rate(part, 50))
        drawn = line([one], ())
        assert drawn
        assert 0 <= number(drawn.last.y) <= number(drawn.height)
        assert all(number(tick.y) <= number(drawn.height) for tick in drawn.ticks)


chapters = st.lists(
    st.tuples(st.text(alphabet="aW图书", min_size=1, max_size=16), st.integers(-300, 300)), max_size=9
)


@given(chapters)
def test_names_of_labels_never_overlap(said: list[tuple[str, int]]) -> None:
    """On a phone, where the chart is 22 em wide."""
    shown = weeks(16, missing=())
    made = [
        Chapter(place, wording, shown[0].first + timedelta(days=days), None, (), 5, 50, None, 0, None)
        for place, (wording, days) in enumerate(said)
    ]
    drawn = line(shown, made)
    assert drawn
    assert len(drawn.ribbons) == len(made)
    rooms = []
    for ribbon in drawn.ribbons:
        if ribbon.side:
            x, width = number(ribbon.x) / 100 * 22, half_widths(ribbon.wording) * 0.42 + 1.25
            rooms.append((ribbon.level, x - width if ribbon.side == "end" else x, width))
    for (level, start, width), (other_level, other, other_width) in combinations(rooms, 2):
        if level == other_level:
            assert start + width <= other + 0.01 or other + other_width <= start + 0.01
