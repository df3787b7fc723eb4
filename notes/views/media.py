from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from notes.models import Note, Photo
from notes.models.visibility import AUTHOR_INDEXED
from redbook.media import serve


@require_safe
def photo(request: HttpRequest, token: str, role: str, extension: str) -> HttpResponseBase:
    """A rendition: of a public note to anybody, without a look at the session; else to who may see the note."""
    public = Exists(Note.objects.public().filter(pk=OuterRef("note")))
    photos = Photo.objects.annotate(is_public=public, is_indexed=F(f"note__{AUTHOR_INDEXED}"))
    found = get_object_or_404(photos, token=token)
    if role not in found.roles or not (found.is_public or _may_see(request, found)):
        raise Http404
    return serve(found.path(f"{role}.{extension}"), is_public=found.is_public, is_indexed=found.is_indexed)


def _may_see(request: HttpRequest, photo: Photo) -> bool:
    if photo.note_id is None:
        return photo.owner_id == request.user.pk
    return Note.objects.visible_to(request.user).filter(pk=photo.note_id).exists()
