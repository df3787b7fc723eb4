from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from taggit.models import Tag

from notes import feeds
from notes.explore import EVERYTHING, Scope
from notes.models import Note
from notes.models.muting import mutes_tag
from redbook.http import signed_in
from redbook.pages import Page


def waterfall(request: HttpRequest, template: str, page: Page[Note], **context: object) -> HttpResponse:
    """A page whose list is one waterfall; for htmx only the cards that come next."""
    name = template
    if request.htmx and request.GET.get("after"):
        name = f"components/waterfall.html#{'anew' if page.begins_again else 'cards'}"
    query = request.GET.copy()
    query["after"] = page.after
    more = f"?{query.urlencode()}" if page.after else ""
    shown = {
        "notes": page.rows,
        "more_url": more,
        "begins_again": page.begins_again,
        "heading": "h2",
    } | context
    response = render(request, name, shown)
    patch_vary_headers(response, ["HX-Request"])  # one address, two answers: a browser must not mix them up
    return response


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("channel", "")
    channel = get_object_or_404(Tag, slug=slug) if slug else None
    sort = "latest" if request.GET.get("sort") == "latest" else ""
    after = request.GET.get("after", "")
    if sort:
        page = feeds.latest(request.user, after, channel)
    else:
        page = feeds.explore(request.user, after, Scope(topic=channel.pk) if channel else EVERYTHING)
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
