"""Explain why a person is asked to sign in, from the page they were going to and the button they pressed."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.http import own_address
from core.pending_presses import press_named
from core.text import isolated
from notes.collections.lists import of_anyone
from notes.models import Comment, Note
from people.feeds import person_called

NAME_MAX = 60  # characters of a title in a heading


class Reason(NamedTuple):
    """The headings of the sign-in and sign-up pages, and what happens after each."""

    sign_in: str
    sign_up: str
    then: str = ""
    then_new: str = ""


def reason_to_sign_in(request: HttpRequest) -> Reason | None:
    """Return the reason, or None if the target page gives none. It names only what every visitor may see."""
    address = own_address(request, request.POST.get("next") or request.GET.get("next", ""))
    if press := press_named(request, address):
        return _of_press(press)
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    return _of_page(match, QueryDict(parts.query), parts.fragment)


def _of_press(press: ResolverMatch) -> Reason:
    if press.url_name == "follow":
        person = person_called(AnonymousUser(), press.kwargs["handle"])
        name = {"name": isolated(person.name) if person else _("this person")}
        said = (_("Sign in to follow %(name)s"), _("Create an account to follow %(name)s"))
        return Reason(said[0] % name, said[1] % name, *_kept())
    if press.url_name == "collection_follow":
        found = of_anyone(AnonymousUser(), press.kwargs["pk"])
        word = _("“%(word)s”") % {"word": isolated(found.collection.name)} if found else ""
        name = {"name": word or _("this collection")}
        said = (_("Sign in to follow %(name)s"), _("Create an account to follow %(name)s"))
        return Reason(said[0] % name, said[1] % name, *_kept())
    if press.url_name == "comment_like":
        name = {"name": _answered(str(press.kwargs["pk"])) or _("this person")}
        said = (
            _("Sign in to like the comment by %(name)s"),
            _("Create an account to like the comment by %(name)s"),
        )
        return Reason(said[0] % name, said[1] % name, *_kept())
    title = {"title": _title(press.kwargs["pk"])}
    if press.url_name == "note_like":
        said = (_("Sign in to like %(title)s"), _("Create an account to like %(title)s"))
    else:
        said = (_("Sign in to save %(title)s"), _("Create an account to save %(title)s"))
    return Reason(said[0] % title, said[1] % title, *_kept())


def _kept() -> tuple[str, str]:
    return (
        _("As soon as you’re signed in, we’ll do this and take you back to where you were."),
        _("We’ll do this as soon as your account is created. You can confirm your address later."),
    )


def _of_page(match: ResolverMatch, query: QueryDict, fragment: str) -> Reason | None:
    if match.url_name == "report":
        return Reason(_("Sign in to report"), _("Create an account to report"))
    if match.url_name == "note_new":
        return Reason(_("Sign in to post a note"), _("Create an account to post a note"), "", _confirmed())
    if match.url_name == "following":
        said = (_("Sign in to see notes by people you follow"), _("Create an account to follow people"))
        return Reason(*said)
    if match.url_name == "note" and "reply" in query and (name := _answered(query.get("reply", ""))):
        said = (_("Sign in to reply to %(name)s"), _("Create an account to reply to %(name)s"))
        return Reason(said[0] % {"name": name}, said[1] % {"name": name}, "", _confirmed())
    if match.url_name == "note" and (fragment == "id_body" or "words" in query):
        title = {"title": _title(match.kwargs["pk"])}
        said = (_("Sign in to comment on %(title)s"), _("Create an account to comment on %(title)s"))
        return Reason(said[0] % title, said[1] % title, "", _confirmed())
    return None


def _confirmed() -> str:
    return _("You’ll also confirm your address, with a link that we send, before you publish or comment.")


def _title(pk: Any) -> str:
    found = Note.objects.live().visible_to(AnonymousUser()).filter(pk=pk).first()
    if found is None:
        return _("this note")
    return _("“%(title)s”") % {"title": isolated(Truncator(str(found)).chars(NAME_MAX))}


def _answered(pk: str) -> str:
    """Return the name of a comment's author; "" if a visitor may not read the comment."""
    if not pk.isdecimal() or len(pk) > 18:
        return ""
    notes = Note.objects.live().visible_to(AnonymousUser())
    readable = Comment.objects.readable_by(AnonymousUser()).filter(note__in=notes)
    found = readable.select_related("author").filter(pk=pk).first()
    return isolated(found.author.name) if found and found.author else ""
