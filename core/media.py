from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from core.storage import stream

CONTENT_TYPES = {"avif": "image/avif", "jpg": "image/jpeg", "zip": "application/zip"}
PUBLIC, PRIVATE = "public, max-age=86400, immutable", "private, no-store"


def serve(path: str, *, is_public: bool, is_indexed: bool, is_large: bool = False) -> HttpResponseBase:
    """Return a stored file with its content type; from nginx if MEDIA_ACCEL_PREFIX is set.

    Search engines are told to skip it unless it `is_indexed`. Raises Http404 for an unknown type and for a file that
    storage does not have.
    """
    content_type = CONTENT_TYPES.get(path.rpartition(".")[2])
    if content_type is None:
        raise Http404
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX:
        if not default_storage.exists(path):
            raise Http404
        response = HttpResponse(headers={"X-Accel-Redirect": settings.MEDIA_ACCEL_PREFIX + path})
    else:
        try:
            response = FileResponse(stream(path) if is_large else default_storage.open(path))
        except FileNotFoundError:
            raise Http404 from None
    response["Content-Type"] = content_type
    kept = PUBLIC if is_public else PRIVATE
    # nginx would keep Cache-Control where it finds no file, or may not read it: it makes one of the other header.
    response["X-Media-Cache-Control" if settings.MEDIA_ACCEL_PREFIX else "Cache-Control"] = kept
    if not is_indexed:
        response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
