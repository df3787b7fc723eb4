"""What Red Book changes of django-allauth around signing in; its forms are in account_forms.py."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.http import own_path, remember_language, site_of
from core.pending_presses import done
from people import known_browsers
from people.actions.handles import lock_new_handle
from people.actions.people import change_password
from people.mails import defer_mail
from people.passes import admit
from people.signin_limits import refusing_too_many, sign_up, try_password
from people.steps import first_step
from profiles.models import User
from profiles.models.user import UNCONFIRMED_FOR
from profiles.passwords import NEW_MAX, limit_length, normal_password


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _(
            "That e-mail address and password do not match. Check both, or reset your password."
        ),
        "email_taken": _("This address is already in use. Sign in with it, or reset its password."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
    }

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return the normal form of a new password, which is the one that is validated."""
        limit_length(password, NEW_MAX)
        return super().clean_password(normal_password(password), user)

    def is_safe_url(self, url: str) -> bool:
        return bool(own_path(self.request, url))

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.handle = user.name = form.cleaned_data["handle"]
        user.is_old_enough = form.cleaned_data["birth_year"]
        user.unconfirmed_until = timezone.now() + UNCONFIRMED_FOR
        lock_new_handle(handle=user.handle)
        saved = super().save_user(request, user, form, commit)
        sign_up(request)
        return saved

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count an attempt at a password, to sign in or to reauthenticate."""
        with refusing_too_many():
            attempt = try_password(request, credentials.get("email", ""))
        person: User | None = super().authenticate(request, **credentials)
        if person:
            attempt.succeed()
        return person

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Complete the pending press of a button. Redirects new people through the welcome steps to where they were
        going; applies the person's language.
        """
        redirect_url = done(request, redirect_url) if redirect_url else redirect_url
        if signup:
            redirect_url = first_step(redirect_url)
        response = super().post_login(request, user, signup=signup, redirect_url=redirect_url, **kwargs)
        if user.language:
            remember_language(response, user.language)
        known_browsers.remember(request, response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Redirect a suspended or leaving person with the right password to what they may still do."""
        admit(request, user)
        response = redirect("settings_leaving" if user.leaving_at else "account_inactive")
        known_browsers.remember(request, response, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Set the password and keep this browser signed in, if it is the person's."""
        here = self.request.session.session_key if self.request.user == user else ""
        change_password(person=user, password=password, session_key=here or "")

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        address = emailconfirmation.email_address
        mail = "confirm" if address.primary else "confirm_change"
        defer_mail(
            mail, address.user, site_of(request), get_language() or settings.LANGUAGE_CODE, about=address.pk
        )

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Send only allauth's notification of a new password. Changes of addresses send their own mails."""
        if "password" in template_prefix:
            defer_mail(
                "password_changed", user, site_of(self.request), get_language() or settings.LANGUAGE_CODE
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: the worker writes mails (people/mails.py)."""
        raise NotImplementedError(template_prefix)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_profile")
