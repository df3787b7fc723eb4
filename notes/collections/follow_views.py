"""Follow another's public collection."""

from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http import back, post_only, signed_in
from core.limits import spend
from core.messages import say
from core.text import isolated
from notes.collections import actions, lists
from notes.models import Collection
from profiles.pauses import FOLLOWING, check_pause, pause
from profiles.requests import SignedInRequest


@post_only
@signed_in
def follow(request: SignedInRequest, pk: int) -> HttpResponse:
    collection = _another(request, pk)
    if request.htmx and (paused := pause(request.user, FOLLOWING)):
        return _pressed(request, collection, paused, is_followed=False)
    check_pause(request.user, FOLLOWING)
    spend("follows", request.user, once=f"collection/{pk}")
    try:
        followed = actions.follow_collection(person=request.user, collection=collection)
    except IntegrityError:  # it is just gone
        followed = False
    if not followed:
        raise Http404
    return _answer(request, collection, is_followed=True)


@post_only
@signed_in
def unfollow(request: SignedInRequest, pk: int) -> HttpResponse:
    collection = _another(request, pk)
    actions.unfollow_collection(person=request.user, collection=pk)
    return _answer(request, collection, is_followed=False)


def _another(request: SignedInRequest, pk: int) -> Collection:
    """Return another's collection in which the viewer finds a note. Raises Http404."""
    found = lists.of_anyone(request.user, pk)
    if found is None or found.collection.owner_id == request.user.pk:
        raise Http404
    return found.collection


def _answer(request: SignedInRequest, collection: Collection, *, is_followed: bool) -> HttpResponse:
    """Return to the page; for a script, the button as it is now."""
    undo = reverse("collection_unfollow" if is_followed else "collection_follow", args=[collection.pk])
    said = _("You follow “%(name)s”.") if is_followed else _("You no longer follow “%(name)s”.")
    said %= {"name": isolated(collection.name)}
    if not request.htmx:
        say(request, said, undo=undo)
        return back(request, collection.get_absolute_url())
    return _pressed(request, collection, said, is_followed=is_followed, undo=undo)


def _pressed(
    request: SignedInRequest, collection: Collection, said: str, *, is_followed: bool, undo: str = ""
) -> HttpResponse:
    """Return the button as it is now, with what a toast says."""
    context: dict[str, Any] = {"collection": collection, "is_followed": is_followed}
    context |= {"said": said, "undo": {"address": undo}}
    return render(request, "notes/collections/follow.html#pressed", context)
