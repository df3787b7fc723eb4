"""What Red Book changes of django-allauth: words and fields of its forms, and what happens around signing in."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.forms import EmailField, Form, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from profiles import known_browsers, tasks
from profiles.actions import addresses
from profiles.actions.handles import hold_for_new
from profiles.actions.people import change_password
from profiles.addresses import AddressField
from profiles.forms import HandleField
from profiles.models import User
from profiles.models.user import UNCONFIRMED_FOR
from profiles.passes import admit
from profiles.passwords import NEW_MAX, limit_field, limit_length, normal_password
from profiles.signin_limits import refusing_too_many, sign_up, try_password
from profiles.tokens import ResetTokens
from redbook.compiled import compiled
from redbook.http import own_path, remember_language, site_of

CLAIMS_TRIED = 5
ADDRESS = _("E-mail address")
PASSWORD_HINT = _("At least 10 characters. A few words are best.")


class Backend(AuthenticationBackend):
    """allauth's, asking who is signed in by SQL that is written once: each of their pages does.

    A confirmed address signs in its account alone; one that nobody confirmed, each account that signed up with it.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """At sign-in, renew a hash from before passwords were normalised. Where a signed-in person is asked again it
        stays, as a new hash ends every session.
        """
        person = super().authenticate(request, **credentials)
        if person and request and not request.user.is_authenticated:
            person.renew_password(credentials["password"])
        return person

    def _mitigate_timing_attack(self, password: str) -> None:
        """Hash as often as for an account that is there."""
        for form in {password, normal_password(password)}:
            super()._mitigate_timing_attack(form)

    def get_user(self, user_id: int) -> User | None:
        found = _person(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        people = User.objects.by_email(email)
        for person in people.confirmed() or _newest_first(people.unconfirmed()):
            if self._check_password(person, password):
                return person  # type: ignore[no-any-return]
        return None


def _newest_first(people: QuerySet[User]) -> list[User]:
    """A few, since each costs a hash; first of all whoever is signed in here and gives their password again."""
    here = getattr(context.request, "user", None)
    return sorted(people.order_by("-pk")[:CLAIMS_TRIED], key=lambda person: person != here)


@compiled
def _person(*, pk: Any) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


class PlainForm(Form):
    """Our words for a form of allauth's, no placeholders, and a new password typed once: it can be looked at."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, label in self.labels.items():
            if isinstance(self.fields[name], EmailField):
                self.fields[name] = AddressField()
            field = self.fields[name]
            field.label, field.help_text = label, self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, PasswordInput):
                limit_field(field)


class LoginForm(PlainForm, forms.LoginForm):
    labels = {"login": ADDRESS, "password": _("Password")}


class SignupForm(PlainForm, forms.SignupForm):
    handle = HandleField()
    field_order = ["email", "handle", "password1"]
    labels = {"email": ADDRESS, "password1": _("Password")}
    hints = {"password1": PASSWORD_HINT}
    minimum_age = settings.MINIMUM_AGE

    def validate_unique_email(self, email: str) -> str:
        refuse_confirmed(email)
        return email


def refuse_confirmed(email: str) -> None:
    """Whoever has not confirmed an address keeps nobody from it."""
    if User.objects.confirmed().by_email(email).exists():
        raise AccountAdapter().validation_error("email_taken")


class AddEmailForm(PlainForm, forms.AddEmailForm):
    """The address that somebody wants instead of theirs: at once where theirs is not confirmed, else once it is."""

    labels = {"email": _("New e-mail address")}

    def clean_email(self) -> str:
        email = AccountAdapter().clean_email(self.cleaned_data["email"])
        if self.user.is_verified and email == self.user.email:
            raise AccountAdapter().validation_error("duplicate_email")
        if not self.user.is_verified and email != self.user.email:
            refuse_confirmed(email)
        return email

    def save(self, request: HttpRequest) -> None:
        """Raises addresses.Outdated."""
        act = addresses.ask_change if self.user.is_verified else addresses.correct_address
        act(
            person=self.user,
            email=self.cleaned_data["email"],
            site=site_of(request),
            language=get_language() or settings.LANGUAGE_CODE,
        )


class ReauthenticateForm(PlainForm, forms.ReauthenticateForm):
    labels = {"password": _("Password")}


class ChangePasswordForm(PlainForm, forms.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}

    def clean_oldpassword(self) -> str:
        with refusing_too_many():
            attempt = try_password(context.request, self.user.email)
        password: str = super().clean_oldpassword()
        attempt.succeed()
        return password


class SetPasswordForm(PlainForm, forms.SetPasswordForm):
    labels = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class ResetPasswordForm(PlainForm, forms.ResetPasswordForm):
    labels = {"email": ADDRESS}

    def clean_email(self) -> str:
        """Who is leaving or suspended may forget their password too: they need it to stay, or to take their data."""
        email = AccountAdapter().clean_email(self.cleaned_data["email"])
        self.person = User.objects.confirmed().by_email(email).first()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        tasks.defer_mail("reset", self.person, site_of(request), get_language() or settings.LANGUAGE_CODE)
        return self.cleaned_data["email"]  # type: ignore[no-any-return]


class ResetPasswordKeyForm(PlainForm, forms.ResetPasswordKeyForm):
    labels = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}

    def save(self) -> None:
        """Looks at the link again: it may have died since, by another new password or the way back of an address."""
        with transaction.atomic():
            User.objects.filter(pk=self.user.pk).lock()
            if not ResetTokens().check_token(User.objects.get(pk=self.user.pk), self.temp_key):
                raise ImmediateHttpResponse(redirect(context.request.path))
            super().save()


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
        """The normal form of a new password, which is the one that is judged."""
        limit_length(password, NEW_MAX)
        return super().clean_password(normal_password(password), user)

    def is_safe_url(self, url: str) -> bool:
        return bool(own_path(self.request, url))

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.handle = user.name = form.cleaned_data["handle"]
        user.unconfirmed_until = timezone.now() + UNCONFIRMED_FOR
        hold_for_new(handle=user.handle)
        saved = super().save_user(request, user, form, commit)
        sign_up(request)
        return saved

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count a try at a password, for signing in or to be asked again."""
        with refusing_too_many():
            attempt = try_password(request, credentials.get("email", ""))
        person: User | None = super().authenticate(request, **credentials)
        if person:
            attempt.succeed()
        return person

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
        known_browsers.remember(request, response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Whose password is right, but who may not be signed in: they are led to what they still may do."""
        admit(request, user)
        response = redirect("settings_leaving" if user.leaving_at else "account_inactive")
        known_browsers.remember(request, response, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        """This browser stays signed in, where it is the person's."""
        here = self.request.session.session_key if self.request.user == user else ""
        change_password(person=user, password=password, session_key=here or "")

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        address = emailconfirmation.email_address
        mail = "confirm" if address.primary else "confirm_change"
        tasks.defer_mail(
            mail, address.user, site_of(request), get_language() or settings.LANGUAGE_CODE, about=address.pk
        )

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Of what allauth would tell of: a new password. What happens to addresses is mailed by what does it."""
        if "password" in template_prefix:
            tasks.defer_mail(
                "password_changed", user, site_of(self.request), get_language() or settings.LANGUAGE_CODE
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails are made by the worker (profiles/mails.py), none in a request."""
        raise NotImplementedError(template_prefix)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_profile")
