"""The pages of django-allauth that Red Book offers, with bad input answered as 422."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from redbook.limits import TooMany, spend_by_address

TOO_MANY = ("too_many", "too_many_login_attempts")

View = Callable[..., HttpResponse]


class SignupView(views.SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Somebody who took the address or the handle at the same moment shows when the form is looked at again."""
        try:
            spend_by_address("signups", get_adapter().get_client_ip(self.request))
            with transaction.atomic():
                return super().form_valid(form)
        except TooMany as error:
            form.add_error(None, ValidationError(str(error), code="too_many"))
            return self.form_invalid(form)
        except IntegrityError:
            form.full_clean()
            if form.is_valid():
                raise
            return self.form_invalid(form)


def refusing(view: View) -> View:
    """Answers a form that was not taken with 422, and too many failed sign-ins with 429."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and form is not None and form.errors:
            too_many = any(form.has_error("__all__", code) for code in TOO_MANY)
            response.status_code = 429 if too_many else 422
        return response

    return answer
