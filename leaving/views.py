from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import post_only, see_other, site_of
from core.limits import TooMany, spend
from core.media import serve
from leaving.actions.archives import ask_archive
from leaving.actions.leaving import cancel_deletion, request_deletion
from leaving.models import Archive
from people.passes import admit, of_owner, revoke
from profiles.models import User

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _is_signed_in_and_writes(request: HttpRequest) -> bool:
    """Return whether the person is signed in and the method writes; an admitted person has just given the password."""
    return request.user.is_authenticated and request.method == "POST"


password_asked = reauthentication_required(enabled=_is_signed_in_and_writes)


@form_view
@password_asked
@of_owner
def data(request: HttpRequest, person: User) -> HttpResponse:
    """Show the data page; POST requests an archive. Idempotent while one is being made."""
    refusal = None
    if request.method == "POST":
        try:
            _ask(request, person)
        except TooMany as error:
            refusal = error
        else:
            return see_other(request.path)
    context = {
        "person": person,
        "waiting": person.archives.being_made().first(),
        "ready": person.archives.ready().first(),
        "failed": person.archives.filter(state=Archive.State.FAILED).exists(),
        "refusal": refusal,
    }
    response = render(request, "leaving/data.html", context, status=429 if refusal else 200)
    return refusal.tell(response) if refusal else response


@transaction.atomic
def _ask(request: HttpRequest, person: User) -> None:
    if ask_archive(person=person, site=site_of(request), language=get_language()):
        spend("archives", person)


@require_safe
@of_owner
def archive(request: HttpRequest, person: User, name: str) -> HttpResponseBase:
    """Return the file to its owner, for a day."""
    found = get_object_or_404(Archive.objects.ready().filter(person=person), name=name)
    response = serve(found.path, is_public=False, is_indexed=False, is_large=True)
    if response.streaming:
        response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = (
        f'attachment; filename="redbook-{person.handle}-{found.ready_at:%Y-%m-%d}.zip"'
    )
    return response


@form_view
@password_asked
@of_owner
def leaving(request: HttpRequest, person: User) -> HttpResponse:
    """Show what deleting the account means and ask for it; afterwards, until when it can be cancelled."""
    if request.method == "POST":
        logout(request)
        request_deletion(person=person, site=site_of(request), language=get_language())
        admit(request, person)
        return see_other(request.path)
    page = "leaving/gone.html" if person.leaving_at else "leaving/leave.html"
    return render(request, page, {"person": person})


@post_only
@of_owner
def keep(request: HttpRequest, person: User) -> HttpResponse:
    if not cancel_deletion(person=person) and not User.objects.filter(pk=person.pk, leaving_at=None).exists():
        return see_other(reverse("settings_leaving"))
    person.refresh_from_db()
    if not person.is_active:
        return redirect("account_inactive")
    if request.user.is_authenticated:
        return see_other("/")
    revoke(request)
    messages.success(request, _("Welcome back. Everything is as it was."))
    return perform_login(request, person, redirect_url="/")  # type: ignore[no-any-return]
