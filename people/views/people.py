import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import HtmxRequest, back, post_only, signed_in
from core.limits import spend
from core.media import serve
from core.messages import say
from core.text import isolated
from notes.feeds import lists as note_lists
from notes.feeds.views import waterfall
from notes.models import Note
from people import feeds
from people.actions import follows
from people.actions.avatars import NAMES
from people.figures import profile_figures
from people.previews import person_preview
from people.suggestions import followed_by
from people.visits import remember_visit
from profiles.models import User
from profiles.pauses import FOLLOWING, check_pause, pause
from profiles.requests import SignedInRequest


def of_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the person in the address to the view. Other spellings and former handles redirect; a POST to one is
    handled as is.
    """

    @wraps(view)
    def found(request: HtmxRequest, handle: str) -> HttpResponse:
        person = feeds.person_called(request.user, handle) or feeds.person_formerly_called(
            request.user, handle
        )
        if person is None:
            raise Http404
        if person.handle != handle and request.method in {"GET", "HEAD"}:
            return redirect(request.get_full_path().replace(f"/@{handle}/", person.get_absolute_url(), 1))
        return view(request, person)

    return found


_NUMBER = re.compile(r"(?:.*-)?([1-9][0-9]{0,17})", re.ASCII | re.DOTALL)


def number_in(slug: str) -> int:
    """Return the number at the end of an address of words, by which alone its thing is found; 0 if there is none."""
    number = _NUMBER.fullmatch(slug)
    return int(number[1]) if number else 0


@require_safe
@of_person
def profile(request: HtmxRequest, person: User) -> HttpResponse:
    """Show a profile; with ?label=<id of a positioning>, its chapter, as far as it is visible today."""
    is_own, after = person == request.user, request.GET.get("after", "")
    if not is_own:
        feeds.with_bond(request.user, person)
    head = _head(person, is_own, request.GET.get("label"))
    if chapter := head["chapter"]:
        page = note_lists.of_chapter(request.user, person, chapter, after)
    else:
        page = note_lists.by_author(request.user, person, after)
    asking = feeds.asking_count(person) if is_own else 0
    preview = person_preview(person, head["current"])
    context: dict[str, Any] = {"is_own": is_own, "asking": asking, "preview": preview}
    context["has_series"] = is_own or head["figures"].has_series_for(person)
    response = waterfall(request, "people/profile.html", page, heading="h3", **head, **context)
    remember_visit(request, person)
    return response


def _head(person: User, is_own: bool, asked: str | None) -> dict[str, Any]:
    """Return the top of a profile, for the chapter `asked` or the current label. Hidden labels are shown to their
    holder only: the template checks `is_own`. Raises Http404 for a chapter the viewer may not see.
    """
    figures = profile_figures(person)
    current = next((said for said in figures.declared if said.retired_at is None), None)
    hidden = current if current and current.label.hidden_at else None
    thread = figures.thread(is_own=is_own)
    chapter = None if asked is None else next((said for said in thread if str(said.pk) == asked), None)
    if asked is not None and chapter is None:
        raise Http404
    shown = chapter or (None if hidden else current)
    return {
        "person": person,
        "followed_by": followed_by(*common) if (common := person.followers_in_common) else "",
        "positioning": shown,
        "current": None if hidden else current,
        "chapter": chapter,
        "hidden": hidden,
        "thread": thread,
        "topics": shown.topics_in_order() if shown else [],
        "note_count": chapter.note_count if chapter else figures.note_count,
        "appreciation": figures.appreciation,
        "figures": figures,
    }


def of_circle(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `of_person`, for viewers who may see the person's followers and following."""

    @of_person
    @wraps(view)
    def found(request: HtmxRequest, person: User) -> HttpResponse:
        if not feeds.shows_circle_to(request.user, person):
            raise Http404
        return view(request, person)

    return found


@require_safe
@of_circle
def followers(request: HtmxRequest, person: User) -> HttpResponse:
    page = feeds.followers(request.user, person, request.GET.get("after", ""))
    context = {"person": person, "page": page, "is_own": person == request.user}
    return render(request, "people/followers.html", context)


@require_safe
@of_circle
def following(request: HtmxRequest, person: User) -> HttpResponse:
    page = feeds.following(request.user, person, request.GET.get("after", ""))
    return render(request, "people/following.html", {"person": person, "page": page})


def _answer(
    request: SignedInRequest, person: User, said: str, *, followed: bool, asked: bool = False, undo: str = ""
) -> HttpResponse:
    said %= {"name": isolated(person.name)}
    if not request.htmx:
        say(request, said, undo=undo)
        return back(request, person.get_absolute_url(), f"person-{person.pk}")
    return _pressed(request, person, said, followed=followed, asked=asked, undo=undo)


def _pressed(
    request: SignedInRequest, person: User, said: str, *, followed: bool, asked: bool = False, undo: str = ""
) -> HttpResponse:
    """Return the button as it is now, with what a toast says."""
    person.followed, person.asked = followed, asked
    person.follows_viewer = follows.is_follower(person, of=request.user)
    context = {"person": person, "from_note": _note_it_stood_on(request, person), "kind": "follow"}
    return render(request, "components/pressed.html", context | {"said": said, "undo": {"address": undo}})


def _note_it_stood_on(request: HtmxRequest, person: User) -> int | None:
    """Return the note by this person on whose page the button was, if the viewer may open it."""
    said = request.GET.get("from", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        return None
    notes = Note.objects.live().visible_to(request.user).filter(pk=said, author=person)
    return notes.values_list("pk", flat=True).first()


@post_only
@signed_in
@of_person
def follow(request: SignedInRequest, person: User) -> HttpResponse:
    if request.htmx and (paused := pause(request.user, FOLLOWING)):
        return _pressed(request, person, paused, followed=False)
    check_pause(request.user, FOLLOWING)
    spend("follows", request.user, once=str(person.pk))
    try:
        origin = _note_it_stood_on(request, person)
        followed = follows.follow(follower=request.user, followed=person, from_note=origin)
    except IntegrityError:  # oneself, a person deleted at the same moment, or a block
        raise Http404 from None
    said = _("You follow %(name)s.") if followed else _("Follow request sent to %(name)s.")
    return _answer(request, person, said, followed=followed, asked=not followed)


@post_only
@signed_in
@of_person
def unfollow(request: SignedInRequest, person: User) -> HttpResponse:
    """Unfollow a person. Undo is offered unless they would have to approve the follow again."""
    follows.unfollow(follower=request.user, followed=person)
    undo = "" if person.approves_followers else reverse("follow", args=[person.handle])
    return _answer(request, person, _("You no longer follow %(name)s."), followed=False, undo=undo)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@of_person
def remove_follower(request: SignedInRequest, person: User) -> HttpResponse:
    """Ask, then remove a follower or a follow request. They are not notified."""
    if person == request.user:
        raise Http404
    own_list = reverse("followers", args=[request.user.handle])
    if request.method == "POST":
        follows.unfollow(follower=person, followed=request.user)
        said = _("%(name)s no longer follows you. They won’t be notified.")
        say(request, said % {"name": isolated(person.name)})
        return back(request, own_list)
    says = _("They won’t be notified. They can follow you again, unless you block them.")
    if request.user.approves_followers:
        says = _(
            "They won’t be notified. To follow you again they have to send a request, unless you block them."
        )
    return ask(
        request,
        question=_("Remove %(name)s from your followers?") % {"name": isolated(person.name)},
        says=says,
        act=_("Remove follower"),
        keep=_("Cancel"),
        fallback=own_list,
    )


@require_safe
def avatar(request: HtmxRequest, token: str, role: str, extension: str) -> HttpResponseBase:
    """Serve an avatar after one query, without reading the session."""
    name = f"{role}.{extension}"
    if name not in NAMES:
        raise Http404
    person = get_object_or_404(
        User.objects.only("avatar_folder", "is_indexed"), avatar_token=token, is_active=True
    )
    return serve(f"avatars/{person.avatar_folder}/{name}", is_public=True, is_indexed=person.is_indexed)
