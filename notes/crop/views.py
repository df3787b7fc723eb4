from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

import imaging
from core.http import see_other, signed_in
from core.limits import TooMany, spend
from core.media import serve
from notes.compose.set_aside import way_back
from notes.crop.actions import crop_photo, latest_crop, master_size
from notes.crop.forms import CropForm
from notes.models import PendingEdit, Photo
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Crop and turn a photo. Buttons preview the result, and `save` stores it."""
    photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=pk)
    size = _size(photo)
    if request.method != "POST":
        return _page(request, photo, size, latest_crop(photo, size))
    if "whole" in request.POST:
        return _page(request, photo, size, imaging.full_area(size))
    form = CropForm(request.POST, size=size)
    if not form.is_valid():
        return _page(request, photo, size, form.area or latest_crop(photo, size), form=form, status=422)
    if "save" not in request.POST:
        return _page(request, photo, size, form.turned(_quarters(request)), form=form)
    assert form.area
    try:
        spend("photos", request.user)
        crop_photo(photo=photo, size=size, area=form.area)
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_page(request, photo, size, form.area, form=form, status=429))
    except Photo.DoesNotExist:  # deleted meanwhile
        raise Http404 from None
    return see_other(_way_back(request, photo))


@require_safe
def whole(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Serve the full master of a photo, to its owner alone, with no-store."""
    photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=pk)
    roles = [role for role in photo.widths if int(role) <= imaging.WHOLE_WIDTH]
    is_cropped = photo.framings.filter(is_shown=True).exists()
    role = imaging.WHOLE if is_cropped else next(reversed(roles), "")
    return serve(photo.path(f"{role}.jpg"), is_public=False, is_indexed=False)


def _size(photo: Photo) -> tuple[int, int]:
    try:
        return master_size(photo)
    except (FileNotFoundError, imaging.Refused):
        raise Http404 from None


def _quarters(request: SignedInRequest) -> int:
    """Return the number of clockwise quarter turns of the pressed button."""
    return {"left": -1, "right": 1}.get(request.POST.get("quarter", ""), 0)


def _way_back(request: SignedInRequest, photo: Photo) -> str:
    """Return the address of the form the person came from, else of the note's own form."""
    if address := way_back(request):
        return address
    edited = PendingEdit.objects.filter(new_photos=photo).values_list("note", flat=True)
    note = photo.note_id or edited.first()
    return reverse("note_edit", args=[note]) if note else reverse("note_new")


def _page(
    request: SignedInRequest,
    photo: Photo,
    size: tuple[int, int],
    area: imaging.CropArea,
    *,
    form: CropForm | None = None,
    status: int = 200,
) -> HttpResponse:
    across, down = imaging.room(size, area.turn)
    context: dict[str, Any] = {
        "photo": photo,
        "size": size,
        "room": (across, down),
        "area": area,
        "spare": (across - area.width, down - area.height),
        "ratios": CropForm.base_fields["ratio"].choices,  # type: ignore[attr-defined]
        "ratio": (form.data.get("ratio") if form else "") or "free",
        "form": form,
        "exact": "show" in request.POST or status == 422,
        "way_back": _way_back(request, photo),
    }
    return render(request, "notes/crop/crop.html", context, status=status)
