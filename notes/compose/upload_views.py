"""Upload photos one by one, ahead of their note. Responses are fragments of the compose form."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

import imaging
from core.http import post_only, signed_in
from core.limits import TooMany, spend
from core.storage import StorageAway
from notes.compose.uploads import receive_upload, take_back
from notes.forms import STORAGE_AWAY, UploadForm, refusal_of
from notes.models import Photo
from notes.models.framing import PENDING_CROPS
from notes.photos import pipeline
from profiles.models import User
from profiles.requests import SignedInRequest


@post_only
@signed_in
def receive(request: SignedInRequest) -> HttpResponse:
    """Accept a photo, or answer why not. A repeated key gets the first response and spends no limit."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, str(next(iter(form.errors.values()))[0]), 422)
    file = form.cleaned_data["photos"]
    try:
        photo = _store(request.user, **form.cleaned_data)
    except TooMany as error:
        return error.tell(_refuse(request, str(error), 429))
    except imaging.Refused as refused:
        is_heavy = refused.reason == imaging.Refusal.TOO_HEAVY
        return _refuse(request, refusal_of(file.name, refused.reason), 413 if is_heavy else 422)
    except StorageAway:
        return _refuse(request, str(STORAGE_AWAY), 503)
    if photo is None:  # taken back before it arrived
        raise Http404
    return render(request, "notes/compose/photo.html", {"item": _item(photo), "draft": photo.note})


def _store(
    person: User, *, photos: UploadedFile, key: UUID, note: UUID | None, place: int | None
) -> Photo | None:
    spend("photos", person, once=f"upload/{key}")
    facts = pipeline.check(photos)
    return receive_upload(owner=person, key=key, file=photos, facts=facts, note_key=note, place=place or 0)


@require_safe
@signed_in
def picture(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a photo in the compose form, or a placeholder until it is processed."""
    photo = get_object_or_404(Photo, pk=pk, owner=request.user)
    prefetch_related_objects([photo], PENDING_CROPS)
    context = {"photo": photo, "number": photo.position + 1, "alt": photo.alt}
    return render(request, "notes/compose/photo_picture.html", context)


@post_only
@signed_in
def delete(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Take a photo back by its key, whether or not it has arrived. Idempotent."""
    take_back(owner=request.user, key=key)
    return HttpResponse(status=204)


def _item(photo: Photo) -> dict[str, Any]:
    """Render a photo of the compose form; its cover button gets a value if its position is known."""
    others = Photo.objects.filter(note=photo.note_id, digest=photo.digest).exclude(pk=photo.pk)
    same = others.order_by("position").first() if photo.note_id else None
    return {
        "photo": photo,
        "number": photo.position + 1,
        "alt": photo.alt,
        "cover": photo.pk,
        "same_as": same.position + 1 if same else None,
    }


def _refuse(request: SignedInRequest, why: str, status: int) -> HttpResponse:
    return render(request, "notes/compose/upload_refused.html", {"why": why}, status=status)
