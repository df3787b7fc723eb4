from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.http import HtmxRequest
from notes.explore import channels
from notes.feeds import lists as note_lists
from notes.feeds.views import waterfall
from notes.models.public_names import shown_or_merged_campuses
from people import feeds
from people.label_choice import declares
from people.previews import campus_preview, label_preview
from profiles.models import FormerSlug, Label


@require_safe
def label(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show the people who declare the label, and their notes; `?people=<cursor>` continues the people."""
    found = Label.objects.shown().filter(slug=slug).first()
    if not found:
        return redirect("label", FormerSlug.objects.now("label", slug), permanent=True)
    people = feeds.holders(request.user, found, request.GET.get("people", ""))
    if "people" in request.GET:
        return render(request, "people/label_holders.html", {"label": found, "page": people})
    page = note_lists.labelled(request.user, found, request.GET.get("after", ""))
    context: dict[str, Any] = {"label": found, "people": people, "preview": label_preview(found)}
    context["is_own"] = declares(request.user, found)
    return waterfall(request, "people/label.html", page, heading="h3", **context)


@require_safe
def campus(request: HtmxRequest, slug: str) -> HttpResponse:
    found = shown_or_merged_campuses().filter(slug=slug).first()
    if not found:
        now = FormerSlug.objects.now("campus", slug)
        found = get_object_or_404(shown_or_merged_campuses(), slug=now)
    if found.slug != slug or found.merged_into:
        return redirect(found.merged_into or found, permanent=True)
    page = note_lists.at_campus(request.user, found, request.GET.get("after", ""))
    is_own = getattr(request.user, "campus_id", None) == found.pk
    bar = channels.bar(request.user) if is_own else None
    context: dict[str, Any] = {"campus": found, "bar": bar, "preview": campus_preview(found)}
    return waterfall(request, "people/campus.html", page, **context)
