"""What search engines are told: where everything is, without the people who keep out."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from taggit.models import Tag

from notes.models import Note
from profiles.models import Campus, Label, Positioning, User

# Ids a page of the sitemap covers; the protocol takes at most 50,000 addresses.
PAGE_IDS = 20_000
KEPT_OUT = ("/accounts/", "/admin/", "/settings/", "/report/", "/notes/new/", "/notes/*/why/")
an_hour = cache_control(public=True, max_age=3600)


def _notes() -> QuerySet[Note]:
    return Note.objects.public().filter(author__is_indexed=True).only("edited_at", "published_at")


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_indexed=True).only("handle")


def _labels() -> QuerySet[Label]:
    held = Positioning.objects.current().filter(label=OuterRef("pk"), person__in=_people())
    return Label.objects.shown().filter(Exists(held)).only("slug")


def _campuses() -> QuerySet[Campus]:
    return Campus.objects.filter(Exists(_notes().filter(campus=OuterRef("pk")))).only("slug")


def _tags() -> QuerySet[Tag]:
    return Tag.objects.filter(Exists(_notes().filter(taggings__tag=OuterRef("pk")))).only("slug")


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
    """Names nobody: who keeps out says so on their own pages, which have to be read for it."""
    rules = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in KEPT_OUT),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(rules) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@an_hour
def index(request: HttpRequest) -> HttpResponse:
    pages = []
    for section, rows in SECTIONS.items():
        last = rows().model._default_manager.aggregate(last=Max("pk"))["last"] or 0
        numbers = range(last // PAGE_IDS + 1)
        pages += [request.build_absolute_uri(reverse("sitemap_page", args=[section, n])) for n in numbers]
    return render(request, "profiles/sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_safe
@an_hour
def page(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """The addresses of one section whose ids are in the `number`th PAGE_IDS."""
    if section not in SECTIONS or number >= 2**63 // PAGE_IDS:
        raise Http404
    first = number * PAGE_IDS
    rows = SECTIONS[section]().filter(pk__gte=first, pk__lt=first + PAGE_IDS).order_by("pk")
    root = request.build_absolute_uri("/").rstrip("/")
    found = [(root + _address(row), _changed(row)) for row in rows]
    return render(request, "profiles/sitemap.xml", {"found": found}, content_type="application/xml")


def _address(row: Note | User | Label | Campus | Tag) -> str:
    return reverse("tag", args=[row.slug]) if isinstance(row, Tag) else row.get_absolute_url()


def _changed(row: object) -> datetime | None:
    return (row.edited_at or row.published_at) if isinstance(row, Note) else None
