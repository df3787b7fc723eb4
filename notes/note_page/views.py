import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.db.keyset import Page
from core.http import HtmxRequest, retyped, see_other, signed_in
from core.text import isolated, normal_form, tags_in
from notes.comments.threads import comment_in
from notes.compose.actions import delete_note
from notes.explore.why import explain
from notes.feeds import lists
from notes.feeds.beside import beside
from notes.forms import CommentForm, processing_errors
from notes.less.queries import has_asked
from notes.link_previews import preview_of
from notes.models import Note, Source
from notes.models.declared import declared
from notes.moderation import record_opening
from notes.note_page.comments_shown import more_comments, shown_comments, some_not_shown
from notes.note_page.figures import figures_of
from notes.note_page.kept_parts import facts_of, menu_of, reacted
from notes.note_page.limits import limits_on
from notes.note_page.queries import (
    hidden_comments_of,
    hidden_photos_of,
    opened,
    pending_of,
    photos_of,
    tags_of,
)
from notes.prose import paragraphs
from notes.readers.openings import remember, remember_shown
from notes.series.queries import around
from profiles.models import Viewer
from profiles.requests import SignedInRequest


@require_safe
def note(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show a note; for htmx with ?like=, only the next cards under "More like this", and with ?comments= or ?replies=
    the next comments or replies.
    """
    if request.htmx and request.GET.get("like"):
        return _more_like_this(request, _open(request.user, pk))
    if request.htmx and {"comments", "replies"} & set(request.GET):
        found = _open(request.user, pk)
        record_opening(note=found, by=request.user)
        return more_comments(request, found)
    return note_page(request, pk)


def _more_like_this(request: HtmxRequest, found: Note) -> HttpResponse:
    _more, page = beside(request.user, found, tags_of(found), request.GET["like"])
    lists.with_reactions(request.user, page.rows)
    context = {"notes": page.rows, "heading": "h3", "more_url": _onward(page), "stays": True}
    response = render(request, "components/waterfall.html#cards", context)
    remember_shown(request, page.rows, Source.NOTE)
    patch_vary_headers(
        response, ["HX-Request"]
    )  # two responses share this address, so browsers must not cache one for the other
    return response


def _onward(page: Page[Note]) -> str:
    return f"?like={page.after}#related" if page.after else ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then delete a note for good."""
    own = get_object_or_404(Note, pk=pk, author=request.user)
    if request.method != "POST":
        says = _("“%(title)s” will be deleted for good, with its photos, likes and comments.")
        return ask(
            request,
            question=_("Delete this note?"),
            says=says % {"title": isolated(str(own))},
            act=_("Delete note"),
            keep=_("Keep it"),
            fallback=own.get_absolute_url(),
        )
    delete_note(note=own)
    messages.success(request, _("Note deleted"))
    return see_other(request.user.get_absolute_url())


@require_safe
def why(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show why the viewer is shown this note. For a moderator this counts as opening it."""
    notes = Note.objects.live().visible_to(request.user).select_related("author")
    found = get_object_or_404(notes, pk=pk)
    record_opening(note=found, by=request.user)
    is_own = found.author_id == request.user.pk
    context = {"note": found, "why": explain(request.user, found), "is_own": is_own}
    context["asked_for_less"] = has_asked(request.user, found)
    return render(request, "notes/note_page/why.html", context)


def note_page(
    request: HtmxRequest, pk: int, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """Render a note with its comments; `form` is a rejected comment.

    GET writes nothing, except the log entry of a moderator who opens a note not meant for them. Openings are buffered.
    """
    found = _open(request.user, pk)
    record_opening(note=found, by=request.user)
    photos, tags = photos_of(found), tags_of(found)
    said_again = retyped(request, CommentForm)
    asked = (form.data.get("parent") if form else said_again.get("parent", request.GET.get("reply"))) or ""
    answered = comment_in(request.user, found, asked)
    shown = shown_comments(request, found, answered)
    like = request.GET.get("like", "")
    more, related = beside(request.user, found, tags, like)
    lists.with_reactions(request.user, [found, *more, *related.rows])
    is_own = found.author_id == request.user.pk
    found.author.followed = None if is_own else getattr(found, "author_followed", False)
    found.author.asked = getattr(found, "author_asked", False)
    found.author.muted = getattr(found, "author_muted", False)
    linked = tags if found.is_open else []  # a tag without public notes has no page
    found.html = paragraphs(  # type: ignore[attr-defined]  # for the template
        found.body,
        {normal_form(tag.name): reverse("tag", args=[tag.slug]) for tag in linked},
        shown.people.of(found),
    )
    said = {normal_form(tag) for tag in tags_in(found.body)}
    figures = figures_of(found) if is_own else None
    context = {
        "note": found,
        "other_tags": [tag for tag in tags if tag.name not in said],
        "shown": shown,
        "form": form
        or CommentForm(initial={"key": uuid.uuid4(), "parent": asked if answered else ""} | said_again),
        "answered": answered,
        "series": around(request.user, found),
        "more": more,
        "related": related.rows,
        "related_more": _onward(related),
        "related_earlier": f"{found.get_absolute_url()}#related" if like else "",
        "is_own": is_own,
        "menu": menu_of(found, request.user, tags),
        "preview": preview_of(found, photos),
        "figures": figures,
        "facts": facts_of(found, figures),
        "reacted": reacted(found),
        "describes_photos": request.user.is_authenticated
        and not (is_own or request.user.is_staff)
        and found.is_live,
        "photos": [photo for photo in photos if is_own or photo.is_ready],
        "problems": processing_errors(photos) if is_own else [],
        "pending": pending_of(found) if is_own else None,
        "hidden_comments": hidden_comments_of(request.user, found),
        "limits": limits_on(found) if is_own else [],
        "hidden_photos": hidden_photos_of(found) if is_own else [],
        "waits_long": any(photo.waits_long for photo in photos),
        "some_not_shown": some_not_shown(request, shown),
    }
    response = render(request, "notes/note_page/note.html", context, status=status)
    if not like:
        remember(request, found)
    if not request.htmx:
        remember_shown(request, [*more, *related.rows], Source.NOTE)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _open(viewer: Viewer, pk: int) -> Note:
    found = opened(viewer, pk)
    if found is None:
        raise Http404
    found.author.said = declared(found.author_says)  # type: ignore[attr-defined]  # of the query
    return found
