from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from core.media import CONTENT_TYPES, PUBLIC, serve
from notes.models import Note, Photo
from notes.photos.text_picture import can_letter, letter, title_image_name


@require_safe
def photo(request: HttpRequest, token: str, role: str, extension: str) -> HttpResponseBase:
    """Serve a rendition: of a public note to everyone, without reading the session; else to viewers of the note."""
    public = Exists(Note.objects.public().filter(pk=OuterRef("note")))
    photos = Photo.objects.annotate(is_public=public, is_indexed=F("note__author__is_indexed"))
    found = photos.filter(token=token, roles__contains=[role]).first()
    may_see = (found is not None and found.is_public) or _may_see(request, found)
    if found is None or not may_see:
        raise Http404
    return serve(found.path(f"{role}.{extension}"), is_public=found.is_public, is_indexed=found.is_indexed)


@require_safe
def lettered(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Serve the preview image of a public note without photos, without reading the session.

    404 for a note that was restricted, hidden or edited since.
    """
    notes = Note.objects.public().annotate(is_indexed=F("author__is_indexed"))
    found = notes.only("title", "text_tone", "edited_at", "closed_at").filter(pk=pk).first()
    if not found or name != title_image_name(found) or not can_letter(found.title):
        raise Http404
    response = HttpResponse(letter(found.title, found.text_tone), content_type=CONTENT_TYPES["jpg"])
    response["Cache-Control"] = PUBLIC
    if not found.is_indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


def _may_see(request: HttpRequest, photo: Photo | None) -> bool:
    """Return whether the viewer may see the photo. Reads the session even if there is no photo, so that restricted and
    missing ones get the same response, Vary included.
    """
    viewer = request.user
    viewer_id = viewer.pk
    if photo is None or photo.is_sealed:
        return False
    if viewer.is_staff and (photo.hidden_at or photo.is_reported):
        return True
    if photo.note_id is None:
        return photo.owner_id == viewer_id
    return Note.objects.visible_to(request.user).filter(pk=photo.note_id).exists()
