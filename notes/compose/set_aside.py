"""Set a compose form aside, unvalidated, while its author crops one of its photos.

It waits like a parked form (core/parked_forms.py), not in the draft: a published note must not change before it is
saved.
"""

from django.http import HttpRequest, QueryDict

from core import parked_forms
from notes.compose.photo_list import Tray

NAME = "kept"  # query parameter of the crop page that names the form


def put_aside(request: HttpRequest, tray: Tray, *, by_index: bool) -> str:
    """Set the form aside with its tray of photos. Return the query by which the crop page finds it, or "" if it is too
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
    name = parked_forms.put_aside(request, parked_forms.Words(data, []))
    return f"{NAME}={name}" if name else ""


def way_back(request: HttpRequest) -> str:
    """Return the address of the form that the crop page's address names, or ""."""
    name = request.GET.get(NAME, "")
    found = parked_forms.parked(request, name) if name else None
    return f"{found[1]}?{parked_forms.SLOT}={name}" if found else ""


def restored_data(request: HttpRequest) -> QueryDict | None:
    """Return the data of a form that was set aside or parked, to be shown again without its action; None if there is
    none.
    """
    found = getattr(request, "restored", None)
    if found is None:
        return None
    data: QueryDict = found.data.copy()
    for name in ("action", "crop", "move"):
        data.pop(name, None)
    data["show"] = "1"
    return data
