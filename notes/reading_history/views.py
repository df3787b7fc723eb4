"""The page of a person's reading history. Only that person can open or change it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import back, post_only, see_other, signed_in
from core.messages import say
from notes.reading_history import actions, queries
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def history(request: SignedInRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    context = {
        "history": queries.history(request.user, after),
        "is_first": not after,
        "kept_days": actions.KEPT_DAYS,
        "entries_max": f"{actions.ENTRIES_MAX:,}",
    }
    return render(request, "notes/reading_history/history.html", context)


@post_only
@signed_in
def turn_on(request: SignedInRequest) -> HttpResponse:
    actions.keep_history(person=request.user, is_kept=True)
    messages.success(request, _("From now on, notes you open are added to your history."))
    return see_other(reverse("history"))


@post_only
@signed_in
def turn_off(request: SignedInRequest) -> HttpResponse:
    actions.keep_history(person=request.user, is_kept=False)
    messages.success(request, _("History is off. What is in it stays until you clear it."))
    return see_other(reverse("history"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clear(request: SignedInRequest) -> HttpResponse:
    """Ask, then clear the whole history."""
    if request.method == "POST":
        actions.clear(person=request.user)
        messages.success(request, _("History cleared"))
        return see_other(reverse("history"))
    return ask(
        request,
        question=_("Clear your history?"),
        says=_(
            "Every note in it is taken out, for good, and counts as not seen. The numbers that authors see do not"
            " change: they count readers without names."
        ),
        act=_("Clear history"),
        keep=_("Keep it"),
        fallback=reverse("history"),
    )


@post_only
@signed_in
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one note out of the history. It says the same of a note that was not in it."""
    if actions.remove_entry(person=request.user, note=pk):
        say(request, _("Removed from your history"), undo=reverse("history_restore", args=[pk]))
    return back(request, reverse("history"))


@post_only
@signed_in
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a note back that was just removed."""
    actions.restore_entry(person=request.user, note=pk)
    return back(request, reverse("history"))
