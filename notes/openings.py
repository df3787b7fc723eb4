"""What counts as opening a note: a whole page that somebody reads, told from a request for it."""

import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from notes import ledger
from notes.actions.readers import Opening
from notes.models import Note, Source
from notes.visitors import is_first_visit

# The words by which programs that read pages for others name themselves; Cubot makes telephones.
_PROGRAMS = re.compile(
    r"(?<!cu)bot(?![a-z])|\+https?://|crawl|spider|slurp|archiver|scrap|facebookexternalhit|mediapartners|whatsapp/"
    r"|preview|lighthouse|pingdom|curl/|wget|python-|go-http|java/|okhttp|httpx|axios|libwww|feed",
    re.IGNORECASE,
)
AGENT_MAX = 400
_PLACES = {
    "": Source.EXPLORE,
    "following": Source.FOLLOWING,
    "tags": Source.TAG,
    "labels": Source.LABEL,
    "campuses": Source.CAMPUS,
    "search": Source.SEARCH,
}


def remember(request: HttpRequest, note: Note) -> None:
    """Puts down that the whole page of this note answers the request, if it was read: for ledger.flush to write.

    By anybody but the author and moderators, each reader once and for all, each visitor once a day.
    """
    if request.method != "GET" or _is_fragment(request) or _is_ahead(request) or is_program(_agent(request)):
        return
    reader = request.user
    if not reader.is_authenticated:
        if not is_first_visit(_address(request), _agent(request), note.pk):
            return
    elif reader.pk == note.author_id or reader.is_staff:
        return
    ledger.put(Opening(note.pk, reader.pk, timezone.now(), _source(request, note.pk)))


def _is_fragment(request: HttpRequest) -> bool:
    return "HTTP_HX_REQUEST" in request.META


def _is_ahead(request: HttpRequest) -> bool:
    """Whether a browser fetches the page in case it is wanted."""
    said = request.META
    return any("pre" in said.get(name, "") for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"))


def _agent(request: HttpRequest) -> str:
    """What the browser says it is, as far as it is kept: caches are keyed by it."""
    agent: str = request.META.get("HTTP_USER_AGENT", "")
    return agent[:AGENT_MAX]


def _address(request: HttpRequest) -> str:
    """What is known of where the request is from, even if it is no address: a page is shown in any case."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR") if proxies else None
    address: str = forwarded.split(",")[-proxies:][0] if forwarded else request.META.get("REMOTE_ADDR", "")
    return address.strip()[:AGENT_MAX]


@lru_cache(4096)
def is_program(agent: str) -> bool:
    """Whether it says to be a program that reads for others. One that lies is taken for a person."""
    return _PROGRAMS.search(agent) is not None


def _source(request: HttpRequest, note: int) -> Source:
    """By the page of ours that the link stood on; browsers tell us that of no other site (Referrer-Policy)."""
    host, _, path = request.META.get("HTTP_REFERER", "").partition("://")[2].partition("/")
    return source_of(path.partition("?")[0], note) if host == request.get_host() else Source.ELSEWHERE


def source_of(path: str, note: int) -> Source:
    """Where a link to this note stood, by the path of that page without the first slash."""
    place, _, rest = path.partition("/")
    if place.startswith("@"):
        return {"": Source.PROFILE, "collections/": Source.SAVED}.get(rest, Source.ELSEWHERE)
    if place == "notes":
        is_another = rest[:-1].isdecimal() and rest != f"{note}/"
        return Source.NOTE if is_another else Source.ELSEWHERE
    return _PLACES.get(place, Source.ELSEWHERE)
