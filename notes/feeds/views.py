from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.db.keyset import Page
from core.http import HtmxRequest, keep, signed_in
from core.link_previews import site_preview
from notes.explore import channels
from notes.explore.label_tiles import tile_for
from notes.explore.scope import Scope
from notes.feeds import lists
from notes.link_previews import channel_preview, tag_preview
from notes.models import Note
from notes.models.muting import mutes_tag, mutes_tag_alone
from notes.models.tags import merged_into, shown_tags
from notes.readers.openings import remember_shown
from notes.reading_history.queries import keeps_history
from notes.reading_history.seen import SEEN, UNSEEN, SeenFilter, seen_filter
from profiles.models import FormerSlug
from profiles.requests import SignedInRequest

SORTS = {"best", "latest"}


def waterfall(
    request: HtmxRequest,
    template: str,
    page: Page[Note],
    *,
    query: dict[str, str] | None = None,
    **context: object,
) -> HttpResponse:
    """Render a page with one waterfall; for htmx, only the next cards. `query` adds parameters to the next page's
    address.
    """
    name = template
    if request.htmx and request.GET.get("after"):
        name = f"components/waterfall.html#{'anew' if page.begins_again else 'cards'}"
    is_continued = bool(request.GET.get("after")) and not page.begins_again
    shown = {
        "notes": page.rows,
        "more_url": _at(request, query, page.after) if page.after else "",
        "earlier_url": _at(request, query, "") if is_continued else "",
        "top_url": _at(request, query, ""),
        "begins_again": page.begins_again,
        "heading": "h2",
    } | context
    response = render(request, name, shown)
    remember_shown(request, page.rows)
    patch_vary_headers(
        response, ["HX-Request"]
    )  # two responses share this address, so browsers must not cache one for the other
    return response


def _at(request: HtmxRequest, query: dict[str, str] | None, after: str) -> str:
    """Return the address of this list from the cursor `after`; "" is its beginning."""
    asked = QueryDict(mutable=True)
    asked.update(request.GET.dict() | (query or {}) | {"after": after})
    asked.pop("welcome", None)
    if not after:
        del asked["after"]
    return f"?{asked.urlencode()}" if asked else request.path


@require_safe
def explore(request: HtmxRequest) -> HttpResponse:
    """Show For you, or Latest if chosen now or last time; the choice is kept in a cookie."""
    slug, asked = request.GET.get("channel", ""), request.GET.get("sort", "")
    channel = channels.channel_at(slug) if slug else None
    if slug and not channel:
        return redirect(f"/?{urlencode({'channel': _address_now(slug)})}", permanent=True)
    scope = Scope.of(channel)
    kept = "" if channel else request.COOKIES.get(settings.SORT_COOKIE_NAME, "")
    sort = "latest" if (asked or kept) == "latest" else ""
    seen = seen_filter(request.user, request.GET.get("seen", ""))
    page = _explored(request, scope, sort, seen)
    context = {
        "channel": channel,
        "is_curated": bool(scope.channel),
        "bar": channels.bar(request.user),
        "sort": sort,
        "is_new_home": asked == sort == "latest" != kept and not channel,
        "preview": channel_preview(channel) if channel else site_preview(),
        **_seen_or_not(request, seen, page),
        **_for_the_new(request),
    }
    response = waterfall(
        request, "notes/feeds/explore.html", page, query={"sort": sort} if sort else {}, **context
    )
    if asked in SORTS and not channel:
        keep(response, settings.SORT_COOKIE_NAME, sort)
    return response


def _explored(request: HtmxRequest, scope: Scope, sort: str, seen: SeenFilter | None) -> Page[Note]:
    """Return a page of Explore; with ?at=note-<id>, which follows signing in, one that contains that note's card."""
    after = request.GET.get("after", "")
    page = (lists.latest if sort else lists.explore)(request.user, after, scope, seen)
    if card := card_named(request.GET.get("at", "")):
        return lists.leading_to(request.user, page, scope, card, is_first=not after or page.begins_again)
    return page


def _seen_or_not(request: HtmxRequest, seen: SeenFilter | None, page: Page[Note]) -> dict[str, object]:
    """Return the filter, and its choices as names, addresses and whether each is chosen: all notes, those not seen,
    those seen. Visitors, who have no history, have none.
    """
    if not request.user.is_authenticated:
        return {}
    chosen = (SEEN if seen.is_seen else UNSEEN) if seen else ""
    held = {name: value for name, value in request.GET.items() if name in {"channel", "sort"}}
    named = (("", _("All")), (UNSEEN, _("Not seen")), (SEEN, pgettext("by oneself", "Seen")))
    choices = [
        (name, f"/?{urlencode(held | ({'seen': value} if value else {}))}", value == chosen)
        for value, name in named
    ]
    is_empty = seen is not None and not page.rows and not page.after
    return {
        "seen": seen,
        "seen_choices": choices,
        "keeps_history": is_empty and keeps_history(request.user),
    }


def card_named(anchor: str) -> int:
    """Return the note id in a card's anchor; 0 if it is none."""
    number = anchor.removeprefix("note-")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0


def _for_the_new(request: HtmxRequest) -> dict[str, object]:
    """Return what Explore shows visitors and newcomers: an introduction, the end of the welcome steps, a label tile."""
    after, is_stranger = request.GET.get("after", ""), not request.user.is_authenticated
    is_put_away = settings.INTRODUCTION_COOKIE_NAME in request.COOKIES
    return {
        "introduces": is_stranger and not after and not is_put_away,
        "is_welcome": not is_stranger and not after and request.GET.get("welcome") == "done",
        "tile": tile_for(request.user, after),
    }


@require_safe
@signed_in
def following(request: SignedInRequest) -> HttpResponse:
    page = lists.following(request.user, request.GET.get("after", ""))
    return waterfall(request, "notes/feeds/following.html", page)


@require_safe
def tag(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show a tag's notes. For a tag that the viewer has muted, show that instead."""
    found = shown_tags().filter(slug=slug).first()
    if not found:
        return redirect("tag", _address_now(slug), permanent=True)
    is_muted = mutes_tag(request.user, found.name)
    page = Page([], "") if is_muted else lists.tagged(request.user, found, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "is_muted": is_muted,
        "by_itself": mutes_tag_alone(request.user, found.name),
        "preview": tag_preview(found, reverse("tag", args=[found.slug])),
    }
    return waterfall(request, "notes/feeds/tag.html", page, tag=found, **context)


def _address_now(slug: str) -> str:
    """Return the current address of a merged or renamed tag. Raises Http404 if that has no page."""
    merged = merged_into(slug)
    return (
        merged.slug
        if merged
        else get_object_or_404(shown_tags(), slug=FormerSlug.objects.now("tag", slug)).slug
    )
