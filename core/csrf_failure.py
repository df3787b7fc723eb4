"""The response to a form with an invalid CSRF token: settings.CSRF_FAILURE_VIEW."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.browser_cookie import browser_of
from core.form_page import page_of
from core.http import is_from_here, is_scripted
from core.parked_forms import is_written, submitted_form


def stale(request: Any, reason: str = "") -> HttpResponseBase:
    """Answer a form whose CSRF token is stale because the person has signed in since it was opened.

    The page comes back with the typed text and a new token, unless the text may belong to another account; scripts
    get the token alone. A request from another site gets neither.
    """
    browser, viewer = browser_of(request), request.user
    account = viewer.pk if viewer.is_authenticated else browser.account
    if not is_from_here(request) or (account and browser.is_shared(account)):
        return render(request, "403_csrf.html", {"reason": reason}, status=403)
    if is_scripted(request):
        fragment = render(
            request, "components/signed_out.html", status=403 if viewer.is_authenticated else 401
        )
        fragment["X-CSRF-Token"] = get_token(request)
        return fragment
    page = page_of(request)
    needs_account = not viewer.is_authenticated and not _is_door(request)
    if page is None or (needs_account and not (account and is_written(submitted_form(request)))):
        return render(request, "403_csrf.html", {"reason": reason}, status=403)
    if needs_account:
        return redirect_to_login(page.get_full_path())
    page.restored = submitted_form(request)._replace(cause="stale")
    match = page.resolver_match
    answer = match.func(page, *match.args, **match.kwargs)
    if callable(getattr(answer, "render", None)):
        answer = answer.render()
    if answer.status_code == 200:
        answer.status_code = 403
    add_never_cache_headers(answer)
    return answer


def _is_door(request: Any) -> bool:
    return (request.resolver_match.url_name or "").startswith("account_")
