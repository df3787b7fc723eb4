from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from notes.models import Note, Photo
from notes.models.visibility import AUTHOR_INDEXED
from redbook.media import serve


@require_safe
def photo(request: HttpRequest, token: str, role: str, extension: str) -> HttpResponseBase:
    """A rendition: of a public note to anybody, without a look at the session; else to who may see the note."""
    public = Exists(Note.objects.public().filter(pk=OuterRef("note")))
    photos = Photo.objects.annotate(is_public=public, is_indexed=F(f"note__{AUTHOR_INDEXED}"))
    found = photos.filter(token=token, roles__contains=[role]).first()
    if not (found and found.is_public) and not _may_see(request, found):
        raise Http404
    return serve(found.path(f"{role}.{extension}"), is_public=found.is_public, is_indexed=found.is_indexed)


def _may_see(request: HttpRequest, photo: Photo | None) -> bool:
    """Who asks is looked up first, even for no photo: what is closed answers as what does not exist, Vary too."""
    viewer_id = request.user.pk
    if photo is None:
        return False
    if photo.note_id is None:
        return photo.owner_id == viewer_id
    return Note.objects.visible_to(request.user).filter(pk=photo.note_id).exists()
