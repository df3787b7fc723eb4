"""Set a compose form aside, unvalidated, while its author crops one of its photos.

It waits like a parked form (core/parked_forms.py), not in the draft: a published note must not change before it is
saved.
"""

from django.http import HttpRequest, QueryDict

from core import parked_forms
from notes.compose.photo_list import PhotoList
from notes.compose.submission import Submission

NAME = "kept"  # query parameter of the crop page that names the form


def set_aside(request: HttpRequest, submission: Submission, photo_list: PhotoList) -> str:
    """Set the form aside with its photos. Return the query by which the crop page finds it, or "" if it is too
    long.
    """
    data = submission.data.copy()
    for name in ("csrfmiddlewaretoken", "crop", "alt", "cover"):
        data.pop(name, None)
    data.setlist("photo", [str(photo.pk) for photo in photo_list.photos])
    for pk, alt in photo_list.alts.items():
        data[f"alt-{pk}"] = alt
    if photo_list.cover:
        index = photo_list.photos.index(photo_list.cover)
        data["cover"] = str(index if submission.is_new else photo_list.cover.pk)
    name = parked_forms.set_aside(request, parked_forms.SubmittedForm(data, []))
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
