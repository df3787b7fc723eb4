"""A compose form put aside with every word, unchecked, while its person crops one of its photos.

It waits in the session: a note that is out must not change by a word before it is saved.
"""

from typing import NamedTuple

from django.http import HttpRequest, QueryDict

from notes.tray import Tray
from redbook.ids import random_name

FORMS_MAX = 5
BYTES_MAX = 400_000  # a form with all fields at their limits, as %XX, and room; all that wait together
_SLOT, _NAME = "aside", "kept"


class Aside(NamedTuple):
    """The form's fields as they were sent, and the address that shows them again."""

    data: QueryDict
    address: str


def put_aside(request: HttpRequest, tray: Tray, *, by_index: bool) -> str:
    """Keeps the form with the photos of its tray; the query by which pages find it, or "" where it is too long."""
    data = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "crop", "alt", "cover"):
        data.pop(name, None)
    data.setlist("photo", [str(photo.pk) for photo in tray.photos])
    for pk, alt in tray.alts.items():
        data[f"alt-{pk}"] = alt
    if tray.cover:
        data["cover"] = str(tray.photos.index(tray.cover) if by_index else tray.cover.pk)
    data["show"] = "1"
    written = data.urlencode()
    if len(written) > BYTES_MAX:
        return ""
    name = random_name()
    kept = [*request.session.get(_SLOT, {}).items(), (name, [written, request.path])][-FORMS_MAX:]
    while sum(len(form) for _, (form, _) in kept) > BYTES_MAX:
        del kept[0]
    request.session[_SLOT] = dict(kept)
    return f"{_NAME}={name}"


def kept_aside(request: HttpRequest) -> Aside | None:
    """The form that this address names."""
    kept = request.session.get(_SLOT, {}).get(request.GET.get(_NAME, ""))
    return Aside(QueryDict(kept[0]), f"{kept[1]}?{_NAME}={request.GET[_NAME]}") if kept else None


def shown_again(request: HttpRequest) -> QueryDict | None:
    """The fields with which the form of this page comes back, put aside or parked (redbook/parking.py), as if nothing
    but its arrangement had been asked for.
    """
    found = getattr(request, "restored", None) or kept_aside(request)
    if found is None:
        return None
    data = found.data.copy()
    for name in ("action", "crop", "move"):
        data.pop(name, None)
    data["show"] = "1"
    return data
