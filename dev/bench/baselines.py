"""The two pages that ours are measured against, behind the same middleware."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from notes.models import Note

PAGE = "<!DOCTYPE html><title>Constant</title>".ljust(30_000, ".")
TEMPLATE = """<!DOCTYPE html><title>Bare</title><ul>{% for note in notes %}
<li><img src="/media/{{ note.cover.token }}-cover480.jpg" alt=""><h2>{{ note.title }}</h2>
<p>{{ note.author.name }}</p><p>{{ note.like_count }}</p></li>{% endfor %}</ul>"""


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


@cache
def template() -> Any:
    return engines["django"].from_string(TEMPLATE)


def bare(request: HttpRequest) -> HttpResponse:
    notes = Note.objects.filter(status="published", visibility="public", hidden_at__isnull=True)
    notes = notes.select_related("author", "cover").order_by("-published_at", "-id")[:24]
    return HttpResponse(template().render({"notes": notes}, request))


urlpatterns = [
    path("bench/constant/", constant),
    path("bench/bare/", bare),
    path("", include("redbook.urls")),
]
