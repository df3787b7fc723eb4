"""robots.txt and sitemaps, without people who are not indexed.

A sitemap page takes half a second of CPU, so each process caches it for ten minutes, and proxies may too: a person who
opts out, and a note that is no longer public, leave it within twenty minutes.
"""

import zlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from time import monotonic

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from taggit.models import Tag

from notes.models import Note
from notes.models.public_names import shown_campuses
from notes.models.tags import shown_tags
from profiles.models import Campus, Label, Positioning, User

# Ids a page of the sitemap covers; the protocol takes at most 50,000 addresses.
PAGE_IDS = 20_000
KEPT_OUT = ("/accounts/", "/admin/", "/settings/", "/report/", "/notes/new/", "/notes/*/why/")
PAGES_KEPT, KEPT_SECONDS = 64, 600  # of up to 2 MB each, compressed to a tenth
ROOT = "https://root.invalid"  # in a page that is kept, for the address of the site
an_hour = cache_control(public=True, max_age=3600)
ten_minutes = cache_control(public=True, max_age=KEPT_SECONDS)


def _notes() -> QuerySet[Note]:
    return Note.objects.public().filter(author__is_indexed=True).only("edited_at", "published_at")


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_indexed=True).only("handle")


def _labels() -> QuerySet[Label]:
    held = Positioning.objects.current().filter(label=OuterRef("pk"), person__in=_people())
    return Label.objects.shown().filter(Exists(held)).only("slug")


def _campuses() -> QuerySet[Campus]:
    return shown_campuses().filter(Exists(_notes().filter(campus=OuterRef("pk")))).only("slug")


def _tags() -> QuerySet[Tag]:
    return shown_tags().filter(Exists(_notes().filter(taggings__tag=OuterRef("pk")))).only("slug")


SECTIONS: dict[str, Callable[[], QuerySet]] = {
    "notes": _notes,
    "people": _people,
    "labels": _labels,
    "campuses": _campuses,
    "tags": _tags,
}


@require_safe
@an_hour
def robots(request: HttpRequest) -> HttpResponse:
    """Serve robots.txt. It names no one: pages that should not be indexed say so themselves."""
    rules = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in KEPT_OUT),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(rules) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@ten_minutes
def index(request: HttpRequest) -> HttpResponse:
    pages = [
        request.build_absolute_uri(reverse("sitemap_page", args=[section, number]))
        for section in SECTIONS
        for number in range(_length(section))
    ]
    return render(request, "people/sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_safe
@ten_minutes
def page(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """Serve the addresses of one section whose ids are in the `number`th range of PAGE_IDS."""
    if section not in SECTIONS or number >= _length(section):
        raise Http404
    written = zlib.decompress(_written(section, number, int(monotonic() // KEPT_SECONDS)))
    root = request.build_absolute_uri("/").rstrip("/")
    return HttpResponse(written.replace(ROOT.encode(), escape(root).encode()), content_type="application/xml")


def _length(section: str) -> int:
    """Return the number of pages of a section, at least one."""
    last = SECTIONS[section]().model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return last // PAGE_IDS + 1


@lru_cache(PAGES_KEPT)
def _written(section: str, number: int, epoch: int) -> bytes:
    """Return the compressed sitemap page for these ten minutes, with ROOT in place of the site's address."""
    first = number * PAGE_IDS
    rows = SECTIONS[section]().filter(pk__gte=first, pk__lt=first + PAGE_IDS).order_by("pk")
    found = [(ROOT + _address(row), _changed(row)) for row in rows]
    return zlib.compress(render_to_string("people/sitemap.xml", {"found": found}).encode(), level=1)


def _address(row: Note | User | Label | Campus | Tag) -> str:
    return reverse("tag", args=[row.slug]) if isinstance(row, Tag) else row.get_absolute_url()


def _changed(row: object) -> datetime | None:
    return (row.edited_at or row.published_at) if isinstance(row, Note) else None
