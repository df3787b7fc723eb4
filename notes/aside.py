"""A compose form put aside with every word, unchecked, while its person crops one of its photos."""

from typing import NamedTuple

from django.http import HttpRequest, QueryDict

from notes.tray import Tray
from redbook.browsers import browser_of
from redbook.parking import Words, park, parked, words_of

# Buttons: what they ask for is done already, or is for the person to ask again.
_BUTTONS = ("action", "crop", "move")
_SLOT = "kept"


class Aside(NamedTuple):
    """The form's fields as they were sent, and the address that shows them again."""

    data: QueryDict
    address: str


def put_aside(request: HttpRequest, tray: Tray, *, by_index: bool) -> str:
    """Keeps the form with the photos of its tray; the query by which pages find it, or "" where it is too long."""
    data = words_of(request).data
    for name in ("alt", "cover"):
        data.pop(name, None)
    data.setlist("photo", [str(photo.pk) for photo in tray.photos])
    for pk, alt in tray.alts.items():
        data[f"alt-{pk}"] = alt
    if tray.cover:
        data["cover"] = str(tray.photos.index(tray.cover) if by_index else tray.cover.pk)
    name = park(request.path, Words(data, []), owner=request.user.pk, browser=browser_of(request))
    return f"{_SLOT}={name}" if name else ""


def kept_aside(request: HttpRequest) -> Aside | None:
    """The form that this address names."""
    name = request.GET.get(_SLOT, "")
    found = parked(request, name) if name else None
    return Aside(found[0].data, f"{found[1]}?{_SLOT}={name}") if found else None


def shown_again(request: HttpRequest) -> QueryDict | None:
    """The fields with which the form of this page comes back, as if nothing but its arrangement had been asked for."""
    found: Words | Aside | None = getattr(request, "restored", None) or kept_aside(request)
    if found is None:
        return None
    data = found.data.copy()
    for name in _BUTTONS:
        data.pop(name, None)
    data["show"] = "1"
    return data
