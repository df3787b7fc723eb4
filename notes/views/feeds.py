from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from taggit.models import Tag

from notes import feeds
from notes.models import Note
from notes.models.muting import mutes_tag
from redbook.http import signed_in
from redbook.pages import Page


def waterfall(request: HttpRequest, template: str, page: Page[Note], **context: object) -> HttpResponse:
    """A page whose list is one waterfall; for htmx only the cards that come next."""
    name = "components/waterfall.html#cards" if request.htmx and request.GET.get("after") else template
    query = request.GET.copy()
    query["after"] = page.after
    more = f"?{query.urlencode()}" if page.after else ""
    response = render(request, name, {"notes": page.rows, "more_url": more, "heading": "h2", **context})
    patch_vary_headers(response, ["HX-Request"])  # one address, two answers: a browser must not mix them up
    return response


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("channel", "")
    channel = get_object_or_404(Tag, slug=slug) if slug else None
    sort = "latest" if request.GET.get("sort") == "latest" else ""
    feed = feeds.latest if sort else feeds.explore
    page = feed(request.user, request.GET.get("after", ""), channel)
    context = {"channel": channel, "channels": feeds.channel_bar(), "sort": sort}
    return waterfall(request, "notes/explore.html", page, **context)


@require_safe
@signed_in
def following(request: HttpRequest) -> HttpResponse:
    page = feeds.following(request.user, request.GET.get("after", ""))
    return waterfall(request, "notes/following.html", page)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """A tag that the viewer has muted says so, and shows nothing."""
    found = get_object_or_404(Tag, slug=slug)
    is_muted = mutes_tag(request.user, found.name)
    page = Page([], "") if is_muted else feeds.tagged(request.user, found, request.GET.get("after", ""))
    return waterfall(request, "notes/tag.html", page, tag=found, is_muted=is_muted)
