"""Words for creators: followers pick them, creators see them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import back, post_only, retyped, see_other, signed_in
from core.limits import TooMany, spend
from insights import tables, words
from insights.actions import picking
from insights.forms import PicksForm
from insights.standing import Standing, standing
from insights.views.mirror import file_of, period_of
from insights.word_keys import Key
from people.views.people import of_person
from profiles.models import User
from profiles.requests import SignedInRequest

_form_view = require_http_methods(["GET", "HEAD", "POST"])


@_form_view
@signed_in
@of_person
def words_for(request: SignedInRequest, person: User) -> HttpResponse:
    """Let a follower pick up to three words for a creator; or show which conditions are not met."""
    stands = standing(request.user, person)
    if stands is None:
        raise Http404
    if not stands.may_pick:
        status = 403 if request.method == "POST" else 200
        return _pick_page(request, person, stands, status=status)
    offer = words.offer(request.user, person)
    sent = request.POST if request.method == "POST" else None
    form = PicksForm(sent, offer=offer, initial=retyped(request, PicksForm))
    if not form.is_valid():
        return _pick_page(request, person, stands, form, offer, status=422 if form.is_bound else 200)
    try:
        spend("words", request.user)
    except TooMany as error:
        form.add_error("words", str(error))
        return error.tell(_pick_page(request, person, stands, form, offer, status=429))
    picking.pick_words(picker=request.user, creator=person, keys=form.cleaned_data["words"])
    messages.success(request, _("Saved. Only you see which words you picked."))
    return see_other(person.get_absolute_url())


def _pick_page(
    request: HttpRequest,
    person: User,
    stands: Standing,
    form: PicksForm | None = None,
    offer: words.Offer | None = None,
    *,
    status: int,
) -> HttpResponse:
    chosen = {str(key) for key in (form["words"].value() or [])} if form else set()
    context = {"person": person, "stands": stands, "form": form, "offer": offer, "chosen": chosen}
    return render(request, "insights/pick.html", context, status=status)


@_form_view
@signed_in
def seen_words(request: SignedInRequest) -> HttpResponse:
    """Show what the viewer says of themselves beside the words that followers picked; POST turns it on or off."""
    person = request.user
    is_young = person.stage == User.Stage.HIGH_SCHOOL
    if request.method == "POST":
        if is_young:
            raise Http404
        picking.open_to_words(creator=person, is_open="open" in request.POST)
        return see_other(request.path)
    context: dict[str, Any] = {"is_young": is_young, "place": "words", "period": period_of(request).value}
    if person.is_open_to_words:
        context["fields"] = words.fields(person)
    return render(request, "insights/words.html", context)


@require_safe
@signed_in
def seen_words_table(request: SignedInRequest, table: str) -> HttpResponseBase:
    """Return the four fields as a file, if the viewer's page has them."""
    if not request.user.is_open_to_words:
        raise Http404
    return file_of(tables.of_words(words.fields(request.user)), table)


def _posted_key(request: HttpRequest) -> Key:
    key = Key.read(request.POST.get("word", ""))
    if key is None:
        raise Http404
    return key


@post_only
@signed_in
def strike(request: SignedInRequest) -> HttpResponse:
    key = _posted_key(request)
    if not words.may_strike(request.user, key):
        raise Http404
    picking.strike(creator=request.user, key=key)
    return back(request, reverse("mirror_words"))


@post_only
@signed_in
def unstrike(request: SignedInRequest) -> HttpResponse:
    picking.unstrike(creator=request.user, key=_posted_key(request))
    return back(request, reverse("mirror_words"))


@require_safe
@signed_in
def picked(request: SignedInRequest) -> HttpResponse:
    """List the words that the viewer picked for creators, each with a button to take it back."""
    return render(request, "insights/picked.html", {"picked": words.picked_by(request.user)})


@post_only
@signed_in
def take_back(request: SignedInRequest) -> HttpResponse:
    """Take back what the viewer picked for a creator, whether or not they see each other now."""
    number = request.POST.get("creator", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    picking.take_back(picker=request.user, creator=int(number))
    messages.success(request, _("Taken back. It shows from the next week on."))
    return back(request, reverse("settings_words"))
