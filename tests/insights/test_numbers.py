"""Formatting of the Mirror's numbers."""

from datetime import date

import pytest
from django.utils import timezone, translation

from insights import numbers
from tests.insights.mirrors import rate


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0%"),
        (0.0004, "<0.1%"),
        (0.0005, "0.1%"),
        (0.034, "3.4%"),
        (0.05, "5%"),
        (0.0994, "9.9%"),
        (0.0996, "10%"),
        (0.124, "12%"),
        (0.126, "13%"),
        (0.125, "13%"),
        (23 / 40, "58%"),
        (0.285, "29%"),
        (0.0125, "1.3%"),
        (0.0995, "10%"),
        (1e-17, "0%"),
        (1, "100%"),
    ],
)
def test_percent(share: float, written: str) -> None:
    assert numbers.percent(share) == written


def test_a_rate_of_few_people_is_a_count() -> None:
    assert numbers.rate(rate(3, 12)) == "3 of 12"
    assert numbers.rate(rate(4, 19)) == "4 of 19"
    assert numbers.rate(rate(4, 20)) == "20% of 20"
    assert numbers.rate(rate(470, 3906)) == "12% of 3,906"
    assert numbers.rate(None) == ""
    assert [numbers.of_readings(rate(3, 12)), numbers.of_readings(None)] == ["3 of 12", ""]
    assert [numbers.share(rate(5, 12)), numbers.share(rate(9, 33)), numbers.share(None)] == [
        "5 of 12",
        "27%",
        "",
    ]
    assert [numbers.share_of(5, 12), numbers.share_of(0, 0), numbers.share_of(9, 33)] == [
        "",
        "",
        "27% of readers",
    ]
    with translation.override("zh-hans"):
        assert numbers.rate(rate(3, 12)) == "12 人中 3 人"
        assert numbers.rate(rate(470, 3906)) == "3,906 人中 12%"
        assert numbers.of_readings(rate(470, 3906)) == "3,906 次中 12%"
        assert numbers.of_readings(rate(3, 12)) == "12 次中 3 次"


@pytest.mark.parametrize(
    ("focus", "english", "chinese"),
    [
        (0, "None of your", "还没有一篇"),
        (0.04, "Hardly any", "很少"),
        (0.05, "1 in 10 of your recent notes is about", "十篇里有一篇"),
        (0.2, "2 in 10 of your recent notes are about", "十篇里有两篇"),
        (0.70, "7 in 10 of your", "十篇里有七篇"),
        (0.949, "9 in 10", "十篇里有九篇"),
        (0.96, "Nearly all", "几乎都"),
        (1, "All of your", "篇篇"),
    ],
)
def test_focus_is_so_many_notes_in_ten(focus: float, english: str, chinese: str) -> None:
    assert english in numbers.focus_in_words(focus)
    with translation.override("zh-hans"):
        assert chinese in numbers.focus_in_words(focus)


def test_times_and_intervals() -> None:
    assert [numbers.times(lift) for lift in (1.4, 0.62, 1)] == ["1.4×", "0.6×", "1.0×"]
    assert [numbers.times(lift) for lift in (1.25, 0.85, 1.15)] == ["1.3×", "0.9×", "1.2×"]
    assert [numbers.exact(number) for number in (12.25, 0.45, 3.0, 1234567)] == [
        "12.3",
        "0.5",
        "3",
        "1,234,567",
    ]
    assert numbers.between(rate(300, 2400)) == "11–14%"
    with translation.override("zh-hans"):
        assert numbers.times(1.4) == "1.4\N{NO-BREAK SPACE}倍"


def test_days_and_which_label() -> None:
    this_year = timezone.localdate().year
    assert numbers.on(date(this_year, 11, 14)) == "14 Nov"
    assert numbers.on(date(2024, 11, 4)) == "4 Nov 2024"
    assert numbers.on(None) == ""
    assert [numbers.ordinal(1), numbers.ordinal(3), numbers.ordinal(12)] == [
        "your first",
        "your third",
        "your number 12",
    ]
    with translation.override("zh-hans"):
        assert numbers.on(date(this_year, 11, 14)) == "11月14日"
        assert numbers.listed(["茶", "自习"]) == "茶、自习"
