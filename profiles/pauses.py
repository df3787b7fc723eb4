"""What moderators keep a person from for a time: publishing, commenting, following."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.dates import calendar_time
from core.limits import TooMany

POSTING, COMMENTING, FOLLOWING = "posting", "commenting", "following"
PAUSES = (POSTING, COMMENTING, FOLLOWING)


class Paused(TooMany):
    """A decision of moderators keeps the person from it until `until`. Its text, HTML with a link, says so."""

    def __init__(self, act: str, until: datetime) -> None:
        super().__init__(until, act)

    def __str__(self) -> str:
        return pause_words(self.reached, self.until)


def paused_until(person: Any, act: str) -> datetime | None:
    """Return until when the person may not do it; None if they may."""
    until: datetime | None = getattr(person, f"{act}_until", None)
    return until if until and until > timezone.now() else None


def pause(person: Any, act: str) -> str:
    """Return what keeps the person from it, as HTML with a link to the decisions about them; "" if nothing does."""
    until = paused_until(person, act)
    return pause_words(act, until) if until else ""


def check_pause(person: Any, act: str) -> None:
    """Raise Paused if moderators keep the person from it now."""
    if until := paused_until(person, act):
        raise Paused(act, until)


def pause_words(act: str, until: datetime) -> str:
    said = {
        POSTING: _("You can’t publish notes until %(time)s: moderators decided so."),
        COMMENTING: _("You can’t comment or mention people until %(time)s: moderators decided so."),
        FOLLOWING: _("You can’t follow anyone new until %(time)s: moderators decided so."),
    }[act] % {"time": calendar_time(until)}
    return format_html('{} <a class="link" href="/decisions/">{}</a>', said, _("Read why, and how to appeal"))
