"""What Red Book changes of django-allauth: the sign-up form, and what happens around signing in."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from profiles.forms import HandleField
from profiles.models import User
from redbook.http import remember_language


class SignupForm(AllauthSignupForm):
    handle = HandleField()
    field_order = ["email", "handle", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 10 characters; a few words are best.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is suspended."),
        "email_password_mismatch": _(
            "That e-mail address and password do not match. Check both, or reset your password."
        ),
        "email_taken": _("This address is already in use. Sign in with it, or reset its password."),
        "enter_current_password": _("This is not your current password."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.handle = user.name = form.cleaned_data["handle"]
        return super().save_user(request, user, form, commit)

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Leads a new person over the label on to where they were going; gives everyone their language."""
        if signup:
            onward = {"next": redirect_url} if redirect_url else {}
            redirect_url = f"{reverse('settings_label')}?{urlencode({'welcome': 1, **onward})}"
        response = super().post_login(request, user, signup=signup, redirect_url=redirect_url, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_profile")
