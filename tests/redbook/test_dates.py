"""Days as pages show them: short, and with the year only where it is not the current one."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from core.dates import calendar_day, calendar_month, calendar_time


@pytest.mark.parametrize(
    ("language", "day", "other_year", "time", "month"),
    [
        ("en", "11 Dec", "2 Jan 2027", "11 Dec, 22:21", "Dec 2026"),
        ("zh-hans", "12月11日", "2027年1月2日", "12月11日 22:21", "2026年12月"),
    ],
)
def test_days_are_short(
    monkeypatch: pytest.MonkeyPatch, language: str, day: str, other_year: str, time: str, month: str
) -> None:
    moment = datetime(2026, 12, 11, 14, 21, tzinfo=UTC)  # 22:21 in Shanghai
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 27, tzinfo=UTC))
    with override(language):
        assert (calendar_day(moment), calendar_day(date(2026, 12, 11))) == (day, day)
        assert calendar_day(date(2027, 1, 2)) == other_year
        assert calendar_time(moment) == time
        assert calendar_month(moment) == month
        assert (calendar_day(None), calendar_month(None)) == ("", "")
