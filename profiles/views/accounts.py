"""The pages of django-allauth that Red Book offers, with bad input answered as 422."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


class SignupView(views.SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Somebody who took the address or the handle at the same moment shows when the form is looked at again."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            form.full_clean()
            if form.is_valid():
                raise
            return self.form_invalid(form)


class ConfirmEmailView(views.ConfirmEmailView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """A link that was used already says so, whichever way it comes."""
        try:
            return super().post(*args, **kwargs)
        except Http404:
            return self.get(*args, **kwargs)


def refusing(view: View) -> View:
    """Answers a form that was not taken with 422, and too many failed sign-ins with 429."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and form is not None and form.errors:
            response.status_code = 429 if form.has_error("__all__", "too_many_login_attempts") else 422
        return response

    return answer
