"""A compose form put aside with every word, unchecked, while its person crops one of its photos.

It waits as parked forms do (redbook/parking.py), not in the draft: a note that is out must not change by a word before
it is saved.
"""

from django.http import HttpRequest, QueryDict

from notes.tray import Tray
from redbook import parking

NAME = "kept"  # the part of the crop page's address that names the form


def put_aside(request: HttpRequest, tray: Tray, *, by_index: bool) -> str:
    """Keeps the form with the photos of its tray; the query by which the crop page finds it, or "" where it is too
    long.
    """
    data = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "crop", "alt", "cover"):
        data.pop(name, None)
    data.setlist("photo", [str(photo.pk) for photo in tray.photos])
    for pk, alt in tray.alts.items():
        data[f"alt-{pk}"] = alt
    if tray.cover:
        data["cover"] = str(tray.photos.index(tray.cover) if by_index else tray.cover.pk)
    name = parking.put_aside(request, parking.Words(data, []))
    return f"{NAME}={name}" if name else ""


def way_back(request: HttpRequest) -> str:
    """The address of the form that the crop page's address names; "" where none waits."""
    name = request.GET.get(NAME, "")
    found = parking.parked(request, name) if name else None
    return f"{found[1]}?{parking.SLOT}={name}" if found else ""


def shown_again(request: HttpRequest) -> QueryDict | None:
    """The fields with which the form of this page comes back, put aside or parked, as if nothing but its arrangement
    had been asked for.
    """
    found = getattr(request, "restored", None)
    if found is None:
        return None
    data: QueryDict = found.data.copy()
    for name in ("action", "crop", "move"):
        data.pop(name, None)
    data["show"] = "1"
    return data
