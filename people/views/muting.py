"""Settings for muted people, words and tags."""

from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import back, post_only, retyped, signed_in
from core.messages import say
from core.text import isolated
from notes.models.muting import names_tag
from people import feeds
from people.actions import muting
from people.actions.blocks import mute as mute_person
from people.actions.blocks import unmute as unmute_person
from people.forms import MutedWordForm, MutedWordsForm
from people.views.people import of_person
from profiles.models import User
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def muted(request: SignedInRequest) -> HttpResponse:
    return _page(request, MutedWordsForm(initial=retyped(request, MutedWordsForm)))


def _quoted(words: list[str]) -> str:
    """Return words, quoted, and tags as a list for a sentence."""
    said = [
        isolated(word) if names_tag(word) else _("“%(word)s”") % {"word": isolated(word)} for word in words
    ]
    return _(", ").join(said)


def _page(request: SignedInRequest, form: MutedWordsForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "words": request.user.muted_words[::-1]}
    context["page"] = feeds.muted(request.user, request.GET.get("after", ""))
    return render(request, "people/settings_muted.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mute_word(request: SignedInRequest) -> HttpResponse:
    """Mute words and tags. The page of rejected input has this address too; a GET redirects to the list."""
    if request.method != "POST":
        return redirect("settings_muted")
    form = MutedWordsForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    words = form.cleaned_data["word"]
    try:
        muting.mute_words(person=request.user, words=words)
    except muting.TooManyMuted:
        form.refuse()
        return _page(request, form, 422)
    said = _("Notes and comments with %(words)s won’t appear in your lists any more.")
    if all(map(names_tag, words)):
        said = _("Notes with %(words)s won’t appear in your lists any more.")
    undo = {"undo": reverse("word_unmute"), "word": words[0]} if len(words) == 1 else {}
    say(request, said % {"words": _quoted(words)}, **undo)
    return back(request, reverse("settings_muted"))


@post_only
@signed_in
def unmute_word(request: SignedInRequest) -> HttpResponse:
    """Unmute a word or tag. Idempotent."""
    form = MutedWordForm(request.POST)
    if form.is_valid():
        word = form.cleaned_data["word"]
        muting.unmute_word(person=request.user, word=word)
        said = _("%(word)s is in your lists again.") % {"word": isolated(word)}
        say(request, said, undo=reverse("word_mute"), word=word)
    return back(request, reverse("settings_muted"))


@post_only
@signed_in
@of_person
def mute(request: SignedInRequest, person: User) -> HttpResponse:
    try:
        mute_person(muter=request.user, muted=person)
    except IntegrityError:  # oneself, or a person deleted at the same moment
        raise Http404 from None
    said = _("You won’t see %(name)s in your lists any more. They won’t be notified.")
    say(request, said % {"name": isolated(person.name)}, undo=reverse("unmute", args=[person.handle]))
    return back(request, person.get_absolute_url())


@post_only
@signed_in
@of_person
def unmute(request: SignedInRequest, person: User) -> HttpResponse:
    unmute_person(muter=request.user, muted=person)
    said = _("%(name)s is in your lists again.") % {"name": isolated(person.name)}
    say(request, said, undo=reverse("mute", args=[person.handle]))
    return back(request, person.get_absolute_url())
