"""The page of search: what was found, or what can be searched for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.db.keyset import Page
from core.http import HtmxRequest
from notes.explore import channels
from notes.feeds.views import waterfall
from search import filters
from search.forms import Question, question
from search.recent.actions import remember
from search.recent.queries import keeps_searches, searches
from search.results import campuses, labels, notes, people, tags
from search.results.all_names import named

OF_KIND = {
    "people": people.found,
    "tags": tags.found,
    "labels": labels.found,
    "campuses": campuses.found,
}
PEOPLE, TAGS, LABELS, CAMPUSES = 6, 4, 3, 2  # where all kinds are shown
NEAR_TAGS = 8


@require_safe
def search(request: HtmxRequest) -> HttpResponse:
    """Show what ?q= finds, of one kind or all together."""
    asked = question(request.GET, request.user)
    if not asked.words:
        return _start(request, asked)
    if not request.GET.get("after"):
        remember(request, asked.q)
    if asked.kind in OF_KIND:
        return _rows(request, asked)
    return _notes(request, asked)


def _start(request: HtmxRequest, asked: Question) -> HttpResponse:
    context = {
        "recent": searches(request.user),
        "keeps_searches": keeps_searches(request.user),
        "topics": channels.bar(request.user).topics,
    }
    return render(request, "search/start.html", _above(request, asked) | context)


def _notes(request: HtmxRequest, asked: Question) -> HttpResponse:
    after = request.GET.get("after", "")
    found = notes.found(request.user, asked.asked(request.user), after)
    context = _above(request, asked) | {
        "corrected": found.corrected,
        "is_part": found.is_part,
        "is_filled": found.is_filled,
        "is_newest_only": found.is_newest_only,
    }
    if not asked.kind and not after:
        context |= _together(request, asked)
    is_typed = found.page.rows and not found.corrected and not found.is_part
    if not after and not is_typed and not context.get("named"):
        context |= _near(request, asked, is_empty=not found.page.rows)
    eager = not context.get("named")
    return waterfall(request, "search/results.html", found.page, eager=eager, **context)


def _together(request: HtmxRequest, asked: Question) -> dict[str, Any]:
    """Return the first people, tags, labels and campuses, each with the address of all of its kind."""
    found = named(request.user, asked.words)
    pages: dict[str, Any] = {
        "people": found.people(PEOPLE),
        "tags": found.tags(TAGS),
        "labels": found.labels(LABELS),
        "campuses": found.campuses(CAMPUSES),
    }
    return pages | {"named": any(page.rows for page in pages.values())}


def _near(request: HtmxRequest, asked: Question, *, is_empty: bool) -> dict[str, Any]:
    """Return people and tags near what was typed; where nothing was found and none is near, the busiest tags."""
    found: dict[str, Any] = {
        "near_people": people.near(request.user, asked.words, PEOPLE),
        "near_tags": tags.near(request.user, asked.words, NEAR_TAGS),
    }
    if is_empty and not any(found.values()):
        found["topics"] = channels.bar(request.user).topics
    return found


def _rows(request: HtmxRequest, asked: Question) -> HttpResponse:
    after = request.GET.get("after", "")
    page: Page[Any] = OF_KIND[asked.kind](request.user, asked.words, after)
    context = _above(request, asked) | {
        "rows": page.rows,
        "more_url": f"{asked.address()}&after={page.after}" if page.after else "",
        "earlier_url": asked.address() if after else "",
    }
    if not page.rows:
        context |= _near(request, asked, is_empty=True)
    name = "search/rows.html#more" if request.htmx and after else "search/results.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])  # two responses share this address
    return response


def _above(request: HtmxRequest, asked: Question) -> dict[str, Any]:
    """Return what the box and the links above the results show (`links`)."""
    held = [(name, value) for name, value in asked.parameters().items() if name != "q"]
    return {
        "question": asked,
        "q": asked.q,
        "held": held,
        "active": filters.active(asked),
        "clear_url": asked.without_filters(),
    }
