from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notes import feeds as note_feeds
from notes.views.feeds import waterfall
from profiles import feeds
from profiles.actions import follows
from profiles.actions.avatars import NAMES
from profiles.models import User
from redbook.http import back, signed_in
from redbook.limits import spend
from redbook.media import serve
from redbook.pages import Page


def of_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the person of the address; a handle in another case leads to the same page under theirs."""

    @wraps(view)
    def found(request: HttpRequest, handle: str) -> HttpResponse:
        person = feeds.person_called(request.user, handle)
        if person is None:
            raise Http404
        if person.handle != handle and request.method in {"GET", "HEAD"}:
            return redirect(request.get_full_path().replace(f"/@{handle}/", person.get_absolute_url(), 1))
        return view(request, person)

    return found


@require_safe
@of_person
def profile(request: HttpRequest, person: User) -> HttpResponse:
    is_own = person == request.user
    if request.GET.get("show") == "drafts" and is_own:
        show, page = "drafts", Page(note_feeds.unpublished(person), "")
    else:
        show, page = "notes", note_feeds.by_author(request.user, person, request.GET.get("after", ""))
    feeds.with_follows(request.user, [person])
    context = {"is_own": is_own, "show": show, "asking": feeds.asking_count(person) if is_own else 0}
    return waterfall(request, "profiles/profile.html", page, heading="h3", **_head(person), **context)


def _head(person: User) -> dict[str, Any]:
    """What the top of a profile says. A hidden label is told to its holder alone: the template asks `is_own`."""
    record = feeds.record(person)
    current = next((said for said in record.declared if said.retired_at is None), None)
    hidden = current if current and current.label.hidden_at else None
    return {
        "person": person,
        "positioning": None if hidden else current,
        "hidden": hidden,
        "thread": [said for said in record.declared if not said.label.hidden_at],
        "topics": [] if hidden or not current else current.topics_in_order(),
        "note_count": record.note_count,
        "appreciation": record.appreciation,
    }


@require_safe
@of_person
def collections(request: HttpRequest, person: User) -> HttpResponse:
    """What the person saved; nobody else's business."""
    if person != request.user:
        raise Http404
    page = note_feeds.collected(person, request.GET.get("after", ""))
    return waterfall(request, "profiles/collections.html", page, person=person)


@require_safe
@of_person
def followers(request: HttpRequest, person: User) -> HttpResponse:
    page = feeds.followers(request.user, person, request.GET.get("after", ""))
    return render(request, "profiles/followers.html", {"person": person, "page": page})


@require_safe
@of_person
def following(request: HttpRequest, person: User) -> HttpResponse:
    page = feeds.following(request.user, person, request.GET.get("after", ""))
    return render(request, "profiles/following.html", {"person": person, "page": page})


def _answer(request: HttpRequest, person: User, followed: bool, asked: bool = False) -> HttpResponse:
    if not request.htmx:
        return back(request, person.get_absolute_url())
    person.followed, person.asked = followed, asked
    return render(request, "components/reactions.html#follow", {"person": person})


@require_POST
@signed_in
@of_person
def follow(request: HttpRequest, person: User) -> HttpResponse:
    spend("follows", request.user)
    try:
        followed = follows.follow(follower=request.user, followed=person)
    except IntegrityError:  # oneself, somebody who is just gone, or a block between
        raise Http404 from None
    return _answer(request, person, followed, not followed)


@require_POST
@signed_in
@of_person
def unfollow(request: HttpRequest, person: User) -> HttpResponse:
    follows.unfollow(follower=request.user, followed=person)
    return _answer(request, person, False)


@require_safe
def avatar(request: HttpRequest, token: str, role: str, extension: str) -> HttpResponseBase:
    """Anybody's picture, after one look-up and without a look at the session."""
    name = f"{role}.{extension}"
    if name not in NAMES:
        raise Http404
    person = get_object_or_404(
        User.objects.only("avatar_folder", "is_indexed"), avatar_token=token, suspended_at__isnull=True
    )
    return serve(f"avatars/{person.avatar_folder}/{name}", is_public=True, is_indexed=person.is_indexed)
