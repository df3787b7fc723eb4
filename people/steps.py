"""The three welcome steps after signing up: a label; name, campus and photo; people to follow. Each can be skipped and
revisited; `next` in their addresses is where the newcomer was going.
"""

from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http import own_address

LABEL, PROFILE, PEOPLE = "settings_label", "welcome_profile", "welcome_people"
STEPS = (LABEL, PROFILE, PEOPLE)
DONE = "/?welcome=done"  # Explore, with a line that says what is next


class Step(NamedTuple):
    """A step as the list of steps shows it."""

    name: str
    address: str
    is_current: bool


def first_step(onward: str | None) -> str:
    """Return the address of the first step for a new account. A label chosen before signing up stays chosen."""
    to = urlsplit(onward or "")
    chosen = parse_qs(to.query).get("choose") if to.path == reverse(LABEL) else None
    return _address(LABEL, "" if chosen else onward or "", {"choose": chosen[0]} if chosen else {})


def following(request: HttpRequest, step: str) -> str:
    """Return the address of the next step, or where the newcomer was going; by default Explore."""
    onward = own_address(request, request.GET.get("next", ""))
    later = STEPS[STEPS.index(step) + 1 :]
    return _address(later[0], onward) if later else onward or DONE


def end(request: HttpRequest) -> str:
    """Return the address for a newcomer who skips all steps."""
    return following(request, STEPS[-1])


def steps(request: HttpRequest, current: str) -> list[Step]:
    onward = own_address(request, request.GET.get("next", ""))
    names = {LABEL: _("Label"), PROFILE: _("Profile"), PEOPLE: _("People")}
    return [Step(names[step], _address(step, onward), step == current) for step in STEPS]


def _address(step: str, onward: str, more: dict[str, str] | None = None) -> str:
    query = {"welcome": "1"} if step == LABEL else {}
    query |= (more or {}) | ({"next": onward} if onward else {})
    return f"{reverse(step)}?{urlencode(query)}" if query else reverse(step)
