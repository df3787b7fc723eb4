"""The pages of a person about whom moderators decided, and their appeals. The suspended and the leaving get there with
their password, or by the link in the mail.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import retyped, see_other
from core.messages import say
from moderation.appeals.actions import AppealRefused, make_appeal
from moderation.appeals.forms import AppealForm
from moderation.appeals.keys import decision_of
from moderation.decisions import queries
from moderation.decisions.queries import Told
from moderation.models import Case, Decision
from people.passes import of_owner
from profiles.models import User

BY_NUMBER = {Case.Kind.NOTE, Case.Kind.PHOTO, Case.Kind.COMMENT, Case.Kind.COLLECTION, Case.Kind.SERIES}


@require_safe
@of_owner
def decisions(request: HttpRequest, person: User) -> HttpResponse:
    """List what moderators decided about the person; ?note= and the like lead to the decision that holds for a note, a
    photo, a comment, a collection, a series or a label of theirs.
    """
    for kind in set(request.GET) & BY_NUMBER:
        if found := queries.about_target(person, kind, request.GET[kind]):
            return redirect(found)
    page = queries.page_about(person, request.GET.get("after", ""))
    told = [Told(decision) for decision in page.rows]
    return render(request, "moderation/decisions.html", {"page": page, "told": told})


@require_safe
@of_owner
def decision(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.readable_by(person), pk=pk)
    form = AppealForm(initial=retyped(request, AppealForm))
    return _page(request, found, form, address=reverse("appeal", args=[pk]), person=person)


@require_http_methods(["GET", "HEAD", "POST"])
@of_owner
def appeal(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    """Appeal against a decision about oneself; its form stands on the decision's page."""
    found = get_object_or_404(queries.readable_by(person), pk=pk)
    after = found.get_absolute_url()
    return _appeal(request, found, address=reverse("appeal", args=[pk]), after=after, person=person)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_by_key(request: HttpRequest, key: str) -> HttpResponse:
    """Show the decision of a mail's link, and appeal against it, without signing in."""
    found = decision_of(key)
    if found is None:
        raise Http404
    address = reverse("appeal_by_key", args=[key])
    return _appeal(request, found, address=address, after=address)


def _appeal(
    request: HttpRequest, found: Decision, *, address: str, after: str, person: User | None = None
) -> HttpResponse:
    page: Any = {"address": address, "person": person}
    form = AppealForm(
        request.POST if request.method == "POST" else None, initial=retyped(request, AppealForm)
    )
    if not form.is_valid():
        return _page(request, found, form, **page, status=422 if form.is_bound else 200)
    try:
        make_appeal(decision=found, text=form.cleaned_data["text"], by=person)
    except AppealRefused as error:
        form.add_error(None, str(error))
        return _page(request, found, form, **page, status=409)
    say(request, _("Your appeal is sent. Another moderator reads it."))
    return see_other(after)


def _page(
    request: HttpRequest,
    found: Decision,
    form: AppealForm,
    *,
    address: str,
    person: User | None,
    status: int = 200,
) -> HttpResponse:
    told = Told(found)
    appeal = told.appeal
    lost = queries.cannot_restore(told) if appeal and appeal.granted else []
    context = {"told": told, "decision": found, "form": form, "address": address, "lost": lost}
    context["is_anothers"] = bool(appeal and appeal.author_id and person and appeal.author_id != person.pk)
    response = render(request, "moderation/decision.html", context, status=status)
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "private, no-store"
    return response
