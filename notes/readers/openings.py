"""Decide from the request what counts as opening a note, and as showing its card."""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from notes.models import Note, Source
from notes.readers import write_buffer
from notes.readers.actions import Opening
from notes.readers.arrivals import searched_words
from notes.readers.events import Arrived, Look, Opened, Showing
from notes.readers.networks import network_of
from notes.readers.visitors import is_first_visit

# Words in the user agents of bots. Cubot is a brand of phones.
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
    """Buffer that this note's page was opened, if the request counts: for the person's own reading history, and for
    the figures of the note.

    Not by its author; figures leave out moderators too. Adds an Opened for the history and an Opening, once per reader
    and once a day per visitor, a Look, once a day and source, and for a person who comes from a search an Arrived.
    """
    if not is_read(request) or _is_fragment(request):
        return
    person: int | None = request.user.pk
    if person == note.author_id:
        return
    at = timezone.now()
    if person and note.is_live:
        write_buffer.put(Opened(note.pk, person, at))
    if request.user.is_staff:
        return
    path, query = _came_from(request)
    source = Source.ELSEWHERE if path is None else source_of(path, note.pk)
    if person or is_first_today(request, note.pk):
        network = network_of(_address(request)) if person else ""
        write_buffer.put(Opening(note.pk, person, at, source, network))
    if person or is_first_today(request, f"{note.pk} {source}"):
        write_buffer.put(Look(note.pk, person, at, source))
    if person and source == Source.SEARCH and (words := searched_words(query)):
        write_buffer.put(Arrived(note.pk, person, words, at))


def remember_shown(request: HttpRequest, notes: Iterable[Note], source: Source | None = None) -> None:
    """Buffer that the response shows the cards of these notes, if the request counts. The viewer's own notes and
    moderators are left out. Each page of infinite scroll is a response of its own. `source` defaults to the page of
    the address.
    """
    if not is_read(request) or request.user.is_staff:
        return
    viewer = request.user.pk
    shown = tuple([note.pk for note in notes if note.author_id != viewer])
    if shown:
        write_buffer.put(Showing(shown, timezone.now(), source or source_of(request.path[1:], 0)))


def is_read(request: HttpRequest) -> bool:
    """Return whether a browser asks for a page to show it now: no bot, no prefetch."""
    return request.method == "GET" and not _is_ahead(request) and not is_program(_agent(request))


def is_first_today(request: HttpRequest, seen: object) -> bool:
    """Return whether this visitor has not looked at this before today, as far as the process knows."""
    return is_first_visit(_address(request), _agent(request), seen)


def _is_fragment(request: HttpRequest) -> bool:
    return "HTTP_HX_REQUEST" in request.META


def _is_ahead(request: HttpRequest) -> bool:
    """Return whether a browser prefetches the page."""
    said = request.META
    return any("pre" in said.get(name, "") for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"))


def _agent(request: HttpRequest) -> str:
    """Return the user agent, truncated: caches are keyed by it."""
    agent: str = request.META.get("HTTP_USER_AGENT", "")
    return agent[:AGENT_MAX]


def _address(request: HttpRequest) -> str:
    """Return the client's address, or what is known of it: a malformed one must not break a page."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR") if proxies else None
    address: str = forwarded.split(",")[-proxies:][0] if forwarded else request.META.get("REMOTE_ADDR", "")
    return address.strip()[:AGENT_MAX]


@lru_cache(4096)
def is_program(agent: str) -> bool:
    """Return whether the user agent names itself as a bot. A bot that lies is taken for a person."""
    return _PROGRAMS.search(agent) is not None


def _came_from(request: HttpRequest) -> tuple[str | None, str]:
    """Return path, without its leading slash, and query of the page of this site that leads here; None for the path
    if there is none. From the Referer, which browsers send only for pages of this site (Referrer-Policy).
    """
    host, _, address = request.META.get("HTTP_REFERER", "").partition("://")[2].partition("/")
    if host != request.get_host():
        return None, ""
    path, _, query = address.partition("?")
    return path, query.partition("#")[0]


def source_of(path: str, note: int) -> Source:
    """Return the source for a link to this note on the page at this path, without its leading slash."""
    place, _, rest = path.partition("/")
    if place.startswith("@"):
        return {"": Source.PROFILE, "collections/": Source.SAVED}.get(rest, Source.ELSEWHERE)
    if place == "notes":
        is_another = rest[:-1].isdecimal() and rest != f"{note}/"
        return Source.NOTE if is_another else Source.ELSEWHERE
    return _PLACES.get(place, Source.ELSEWHERE)
