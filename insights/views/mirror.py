"""The Mirror: what a person says and posts, and how readers respond. It only ever shows the viewer's own figures."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.http import signed_in
from insights import note_pages, pages, queries, tables
from insights.csv_file import csv_response
from insights.reports import Period, Table
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """Show what the viewer says, posts and is answered over ?period=; in their first days, their progress to that."""
    period = period_of(request)
    shown = queries.mirror(request.user, period)
    if shown.first_days:
        return _page(request, "first_days", "mirror", period, pages.first_days(shown, shown.first_days))
    return _page(request, "overview", "mirror", period, pages.overview(shown))


@require_safe
@signed_in
def overview_table(request: SignedInRequest, table: str) -> HttpResponseBase:
    return file_of(tables.of_mirror(queries.mirror(request.user, period_of(request))), table)


@require_safe
@signed_in
def note_list(request: SignedInRequest) -> HttpResponse:
    """List the viewer's notes with their figures; ?after=<cursor>, ?topic=<slug>."""
    period, topic = period_of(request), request.GET.get("topic", "")
    page = queries.note_list(request.user, period, request.GET.get("after", ""), topic=topic)
    narrowed = {"topic": topic, "topic_name": queries.topic_name(request.user, topic)} if topic else {}
    return _page(request, "notes", "notes", period, note_pages.note_list(page) | narrowed)


@require_safe
@signed_in
def note_list_table(request: SignedInRequest) -> HttpResponseBase:
    return csv_response(tables.of_notes(request.user, period_of(request)), "notes")


@require_safe
@signed_in
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one of the viewer's published notes: its figures, and when and from where its readers came."""
    period = period_of(request)
    return _page(
        request, "note", "notes", period, note_pages.note(queries.note_page(request.user, pk, period))
    )


@require_safe
@signed_in
def note_table(request: SignedInRequest, pk: int, table: str) -> HttpResponseBase:
    return file_of(tables.of_note(queries.note_page(request.user, pk, period_of(request))), table)


@require_safe
@signed_in
def labels(request: SignedInRequest) -> HttpResponse:
    """Show the viewer's labels side by side, each over its whole life."""
    return _page(
        request, "label", "label", period_of(request), note_pages.labels(queries.label_page(request.user))
    )


@require_safe
@signed_in
def labels_table(request: SignedInRequest, table: str) -> HttpResponseBase:
    return file_of(tables.of_labels(queries.label_page(request.user)), table)


def period_of(request: HttpRequest) -> Period:
    asked = request.GET.get("period", "")
    return Period(asked) if asked in Period.values else Period.DAYS


def _page(
    request: HttpRequest, name: str, place: str, period: Period, context: dict[str, Any]
) -> HttpResponse:
    periods = () if place == "label" else Period.choices
    shared = {"place": place, "period": period.value, "periods": periods}
    return render(request, f"insights/{name}.html", context | shared)


def file_of(found: Mapping[str, Callable[[], Table]], name: str) -> HttpResponseBase:
    """Return the table of this name as a download. Raise Http404 if the page has no such table."""
    if name not in found:
        raise Http404
    return csv_response(found[name](), name)
