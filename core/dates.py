"""Write days as pages show them: "14 Nov", in another year "14 Nov 2024"; in Chinese "11月14日", "2024年11月14日"."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext


def calendar_day(moment: date | None) -> str:
    """Return the day in the current time zone, without the year while that is the current one; "" for None."""
    if moment is None:
        return ""
    then, parts = _parts(moment)
    if then.year == timezone.localdate().year:
        # Translators: 14 Nov. %(number)d is the number of the month, as in %(number)d月%(day)d日.
        return gettext("%(day)d %(month)s") % parts
    return gettext("%(day)d %(month)s %(year)d") % parts


def named_day(day: date) -> str:
    """Return "Today", "Yesterday" or the day, in the current time zone."""
    ago = (timezone.localdate() - day).days
    if ago in (0, 1):
        return gettext("Yesterday") if ago else gettext("Today")
    return calendar_day(day)


def calendar_time(moment: datetime) -> str:
    """Return the day with the time of day: "14 Nov, 22:21"."""
    parts = {"day": calendar_day(moment), "time": f"{_in_site_time(moment):%H:%M}"}
    return gettext("%(day)s, %(time)s") % parts


def calendar_month(moment: date | None) -> str:
    """Return the month, always with its year: "Nov 2024", "2024年11月"; "" for None."""
    if moment is None:
        return ""
    _, parts = _parts(moment)
    return gettext("%(month)s %(year)d") % parts


def _parts(moment: date) -> tuple[date, dict[str, object]]:
    then = _in_site_time(moment)
    month = MONTHS_3[then.month].title()
    return then, {"day": then.day, "month": month, "number": then.month, "year": then.year}


def _in_site_time(moment: date) -> date:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment
