"""Time zones: the site's own, by which days are counted, and those that people choose, in which pages show times."""

import tomllib
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

_NAMES = tomllib.loads((Path(__file__).parent / "zone_names.toml").read_text())
_CITIES: dict[str, str] = _NAMES["cities"]
_FORMER: dict[str, str] = _NAMES["former"]
_CURRENT = {name: former for former, name in _FORMER.items()}

REGIONS = {
    "Asia": _("Asia"),
    "America": _("Americas"),
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "Australia": _("Australia"),
    "Pacific": _("Pacific Ocean"),
    "Atlantic": _("Atlantic Ocean"),
    "Indian": _("Indian Ocean"),
    "Arctic": _("Arctic"),
    "Antarctica": _("Antarctica"),
}


def site_zone() -> ZoneInfo:
    """Return the zone of the settings."""
    zone = timezone.get_default_timezone()
    assert isinstance(zone, ZoneInfo)
    return zone


def site_day(at: datetime | None = None) -> date:
    """Return the site's date at a time, or now: what the function site_day of the database says (core/db/days.py)."""
    return timezone.localdate(at, site_zone())


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of this name; the site's for "", and for a name that this machine does not know (any more)."""
    return (_zone(name) if name else None) or site_zone()


def current_name(name: str) -> str:
    """Return the name that settings offer for a zone that goes by an older one; any other name as it is."""
    return _FORMER.get(name, name)


def is_zone(name: str) -> bool:
    """Return whether people can choose this zone."""
    return name in _CITIES and name in _known()


def offset(zone: ZoneInfo, at: datetime | None = None) -> str:
    """Return how far the zone is from UTC at a time, or now: "UTC+8", "UTC−3:30"."""
    minutes = int((at or timezone.now()).astimezone(zone).utcoffset().total_seconds() // 60)  # type: ignore[union-attr]
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def city(zone: ZoneInfo) -> str:
    """Return the city that the zone is named after, in the current language."""
    name = current_name(zone.key)
    if (get_language() or "").startswith("zh") and name in _CITIES:
        return _CITIES[name]
    _region, _sep, place = name.partition("/")
    return ", ".join(reversed((place or name).replace("_", " ").split("/")))


def zone_option(zone: ZoneInfo) -> str:
    """Return the zone as settings offer it, with what its offset is today: "Shanghai (UTC+8)"."""
    return gettext("%(city)s (%(offset)s)") % {"city": city(zone), "offset": offset(zone)}


def zone_label(zone: ZoneInfo, at: datetime | None = None) -> str:
    """Return what to write beside a time: "Shanghai time (UTC+8)". Pass the time, which may be in summer or winter."""
    return gettext("%(city)s time (%(offset)s)") % {"city": city(zone), "offset": offset(zone, at)}


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones that people can choose by region, each with its city and what its offset is today."""
    by_region: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in filter(is_zone, _CITIES):
        by_region[name.partition("/")[0]].append((name, zone_option(zone_named(name))))
    return [
        (str(REGIONS[region]), sorted(found, key=lambda each: each[1]))
        for region, found in by_region.items()
        if found
    ]


def former_name(name: str) -> str:
    """Return the older name that some browsers give this zone, or ""."""
    return _CURRENT.get(name, "")


@lru_cache(1024)
def _zone(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if name in _known() else None


@cache
def _known() -> set[str]:
    return available_timezones()
