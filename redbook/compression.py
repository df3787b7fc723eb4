"""Compress pages as they leave."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django_http_compression.middleware import HttpCompressionMiddleware

# What other sites could have a browser ask for, and measure, as the person who is signed in there.
_OTHER_SITES = {"cross-site", "same-site"}


class CompressionMiddleware(HttpCompressionMiddleware):
    """Compress text with zstd, brotli or gzip, as the browser prefers, with up to 99 bytes of random padding.

    A page that another site asks for in a browser with a session is sent as it is, so that its length tells that site
    nothing about the person's page (BREACH; docs/deploy.md, Compression).
    """

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and request.headers.get("Sec-Fetch-Site") in _OTHER_SITES:
            return
        super().maybe_compress(request, response)
