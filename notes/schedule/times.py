"""Read the local time at which a note is to be published, in the zone that stood beside the field."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import calendar_time
from core.text import isolated
from core.zones import zone_label, zone_named

EARLIEST, LATEST = timedelta(hours=1), timedelta(days=14)
_TYPED = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::00)?(?:\.0+)?", re.ASCII)
_FIELD = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Moment:
    """A time in UTC, the zone it was typed in, and whether clocks there show it twice: then it is the first."""

    at: datetime
    zone: ZoneInfo
    is_doubled: bool = False

    def __str__(self) -> str:
        return written(self.at, self.zone)


def written(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as pages show it, with its zone: "28 Nov, 10:00, Shanghai time (UTC+8)"."""
    with timezone.override(zone):
        return _("%(time)s, %(zone)s") % {"time": calendar_time(at), "zone": zone_label(zone, at)}


def here(at: datetime) -> str:
    """Return the same in the zone of the person who reads it."""
    return written(at, current_zone())


def current_zone() -> ZoneInfo:
    """Return the zone in which pages show times now."""
    return zone_named(timezone.get_current_timezone_name())


def in_field(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as the field of a form has it."""
    return at.astimezone(zone).strftime(_FIELD)


def moment_of(typed: str, zone_name: str) -> Moment:
    """Return the moment at which clocks in this zone show what was typed. Raises ValidationError."""
    if zone_name not in available_timezones():
        said = _("“%(zone)s” is not a time zone we know. Load this page again, then choose the time.")
        raise ValidationError(said % {"zone": isolated(zone_name[:40])}, code="zone")
    found, zone = _TYPED.fullmatch(typed.strip()), ZoneInfo(zone_name)
    try:
        local = datetime(*map(int, found.groups())) if found else None  # type: ignore[arg-type]
        at = local.replace(tzinfo=zone).astimezone(UTC) if local else None
        shown = at.astimezone(zone).replace(tzinfo=None) if at else None
    except (ValueError, OverflowError):
        local = at = shown = None
    if local is None or at is None:
        raise ValidationError(_("Enter a day and a time, such as 2026-12-24 18:30."), code="unreadable")
    if shown != local:
        raise _never_shown(local, zone)
    later = local.replace(tzinfo=zone, fold=1)
    return Moment(at, zone, is_doubled=later.utcoffset() != local.replace(tzinfo=zone).utcoffset())


def check_range(moment: Moment) -> None:
    """Raise ValidationError unless the moment is between an hour and 14 days ahead."""
    now = timezone.now()
    if not now + EARLIEST <= moment.at <= now + LATEST:
        first = now + EARLIEST + timedelta(seconds=60)
        span = {"first": written(first, moment.zone), "last": written(now + LATEST, moment.zone)}
        said = _("Choose a time from one hour to 14 days from now: between %(first)s and %(last)s.")
        raise ValidationError(said % span, code="range")


def of_doubled(moment: Moment) -> str:
    """Return which of two equal times is taken; "" if clocks show the time once."""
    if not moment.is_doubled:
        return ""
    said = _("Clocks show %(time)s twice that day, because they go back. The first one counts.")
    return said % {"time": f"{moment.at.astimezone(moment.zone):%H:%M}"}


def _never_shown(local: datetime, zone: ZoneInfo) -> ValidationError:
    said = _(
        "%(time)s does not exist on that day in %(zone)s: clocks go forward past it. Choose another time."
    )
    parts = {"time": f"{local:%H:%M}", "zone": zone_label(zone, local.replace(tzinfo=zone))}
    return ValidationError(said % parts, code="never")
