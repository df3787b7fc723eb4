"""The pages of django-allauth that the site uses, with invalid input answered as 422."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from core.http import retyped
from people import known_browsers
from people.account_forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm, SignupForm
from people.reasons import reason_to_sign_in
from people.signin_limits import TOO_MANY, ask_for_mail, may_sign_up, proven, refusing_too_many

View = Callable[..., HttpResponse]


class SignupView(views.SignupView):
    def form_valid(self, form: SignupForm) -> HttpResponse:
        """Sign up. An address or handle taken at the same moment is reported by validating the form again."""
        try:
            with refusing_too_many():
                may_sign_up(self.request)
                with transaction.atomic():
                    return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        except IntegrityError:
            form.full_clean()
            if form.is_valid():
                raise
            return self.form_invalid(form)


class ResetPasswordView(views.PasswordResetView):
    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        try:
            with refusing_too_many():
                ask_for_mail(self.request, form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return super().form_valid(form)


class ResetPasswordFromKeyView(views.PasswordResetFromKeyView):
    def form_valid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        """Set the password, and let this browser sign in whatever the limits: its person opened a mailed link."""
        response = super().form_valid(form)
        proven(self.reset_user.email)
        known_browsers.remember(self.request, response, self.reset_user)
        return response


class ChangePasswordView(views.PasswordChangeView):
    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        known_browsers.remember(self.request, response, form.user)
        return response


def refusing(view: View) -> View:
    """Answer an invalid form with 422; with 429 and the time to wait if a limit is reached."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and request.method != "POST":
            form.initial |= retyped(request, form)
        if request.method == "POST" and form is not None and form.errors:
            waits = [
                error.params["seconds"]
                for errors in form.errors.as_data().values()
                for error in errors
                if error.code == TOO_MANY
            ]
            response.status_code = 429 if waits else 422
            if waits:
                response["Retry-After"] = str(max(waits))
        return response

    return answer


def with_reason(view: View) -> View:
    """Add the reason for signing in to the page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if (context := getattr(response, "context_data", None)) is not None:
            context["reason"] = reason_to_sign_in(request)
        return response

    return answer
