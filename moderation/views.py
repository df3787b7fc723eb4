import uuid
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import HtmxRequest, retyped, see_other, signed_in
from core.limits import TooMany, spend
from moderation.actions import report as add_report
from moderation.actions import report_named
from moderation.forms import ReportForm
from moderation.models import NAMED
from notes.collections.lists import of_anyone
from notes.models import Collection, Comment, Note, Photo, Series
from notes.moderation import (
    record_opening,
    record_opening_of_collection,
    record_opening_of_comment,
    record_opening_of_photo,
    record_opening_of_series,
)
from notes.series.queries import notes_in
from profiles.models import Label, User
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: SignedInRequest) -> HttpResponse:
    """Show the report form of what the query names, and store the report."""
    kind, target = _target(request)
    photos = photos_of(target) if kind == "note" else []
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid.uuid4()} | retyped(request, ReportForm(photos=photos)),
        photos=photos,
    )
    if not form.is_valid():
        return _page(request, form, kind, target, 422 if form.is_bound else 200)
    try:
        _send(request, form, *(("photo", form.photo) if form.photo else (kind, target)))
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_page(request, form, kind, target, 429))
    except IntegrityError:  # it is just gone
        raise Http404 from None
    messages.success(request, _("Thank you. A moderator will read it."))
    return see_other(target.get_absolute_url())


def _send(request: SignedInRequest, form: ReportForm, kind: str, target: Any) -> None:
    said = form.said
    spend("reports", request.user, once=f"{kind}/{target.pk}/{said['reason']}/{said['details']}")
    if kind in NAMED:
        report_named(reporter=request.user, named=target, **said)
    else:
        add_report(reporter=request.user, target=_columns(kind, target), **said)


def _target(request: SignedInRequest) -> tuple[str, Any]:
    """Return the target that the query names, if the viewer may see it and it is not their own. Raise Http404."""
    named = [(kind, request.GET[kind]) for kind in _FIND if kind in request.GET]
    if len(named) != 1:
        raise Http404
    kind, name = named[0]
    return kind, _FIND[kind](request.user, name)


def _note(viewer: User, name: str) -> Note:
    """Return the note. A moderator gets it as its page would, which is logged."""
    found = get_object_or_404(Note.objects.visible_to(viewer).exclude(author=viewer), pk=_number(name))
    record_opening(note=found, by=viewer)
    return found


def photos_of(note: Note) -> list[Photo]:
    """Return the photos that the note shows."""
    return [photo for photo in note.photos.order_by("position") if photo.is_ready]


def _photo(viewer: User, name: str) -> Photo:
    """Return the photo of a note that the viewer may see, as `_note` does."""
    photos = Photo.objects.filter(pk=_number(name), state=Photo.State.READY).select_related("note")
    found = get_object_or_404(photos, note__in=Note.objects.visible_to(viewer).exclude(author=viewer))
    record_opening_of_photo(photo=found, by=viewer)
    return found


def _comment(viewer: User, name: str) -> Comment:
    readable = Comment.objects.visible_to(viewer).filter(
        note__in=Note.objects.visible_to(viewer), deleted_at__isnull=True
    )
    others = readable.exclude(author=viewer).select_related("author", "note")
    found = get_object_or_404(others, pk=_number(name))
    record_opening_of_comment(comment=found, by=viewer)
    return found


def _person(viewer: User, name: str) -> User:
    return get_object_or_404(User.objects.visible_to(viewer).known_as(name).exclude(pk=viewer.pk))


def _label(viewer: User, name: str) -> Label:
    return get_object_or_404(Label.objects.shown().exclude(positionings__person=viewer), slug=name)


def _collection(viewer: User, name: str) -> Collection:
    """Return the collection, if the viewer finds a note in it. A moderator's look at a hidden one is logged."""
    tile = of_anyone(viewer, _number(name))
    if tile is None or tile.collection.owner_id == viewer.pk:
        raise Http404
    record_opening_of_collection(collection=tile.collection, by=viewer)
    return tile.collection


def _series(viewer: User, name: str) -> Series:
    """Return the series, if the viewer finds a note in it."""
    others = Series.objects.visible_to(viewer).exclude(author=viewer).select_related("author")
    found = get_object_or_404(others, pk=_number(name))
    if not notes_in(viewer, found).exists():
        raise Http404
    record_opening_of_series(series=found, by=viewer)
    return found


_FIND: dict[str, Any] = {
    "note": _note,
    "photo": _photo,
    "comment": _comment,
    "person": _person,
    "label": _label,
    "collection": _collection,
    "series": _series,
}


def _number(name: str) -> int:
    return int(name) if name.isdecimal() and len(name) < 19 else 0


def _columns(kind: str, target: Any) -> dict[str, Any]:
    return {"comment": target, "note_id": target.note_id} if kind == "comment" else {kind: target}


def _page(request: HtmxRequest, form: ReportForm, kind: str, target: Any, status: int) -> HttpResponse:
    """Render the page; for htmx the content of a dialog."""
    name = "moderation/report_sheet.html" if request.htmx else "moderation/report.html"
    response = render(request, name, {"form": form, "kind": kind, "target": target}, status=status)
    patch_vary_headers(response, ["HX-Request"])  # one address, two answers: a browser must not mix them up
    return response
