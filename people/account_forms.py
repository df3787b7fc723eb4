"""Forms of django-allauth with the site's texts and fields."""

from typing import Any

from allauth.account import forms
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import EmailField, Form, IntegerField, PasswordInput, TextInput
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.http import site_of
from people.account_adapter import AccountAdapter
from people.actions import addresses
from people.mails import defer_mail
from people.profile_forms import HandleField
from people.signin_limits import refusing_too_many, report_taken, try_password
from people.tokens import ResetTokens
from profiles.addresses import AddressField
from profiles.models import User
from profiles.passwords import limit_field

ADDRESS = _("E-mail address")
YEAR_WRONG = _("Write the year in four digits, such as 2007.")
OLDEST = 120
PASSWORD_HINT = _("At least 10 characters. A few words are best.")


class PlainForm(Form):
    """An allauth form with the site's texts, without placeholders, and with one password field instead of two: the
    password can be shown.
    """

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


class BirthYearField(IntegerField):
    """A year of birth that makes a person old enough this year. Cleaned to whether it does: never to the year."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Year of birth"),
            help_text=_("Only that you are old enough is kept, not the year."),
            widget=TextInput({"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": 8}),
            error_messages={"invalid": YEAR_WRONG},
        )

    def clean(self, value: Any) -> bool:
        year = super().clean(value)
        age = localdate().year - year
        if not 0 <= age <= OLDEST:
            raise ValidationError(YEAR_WRONG, code="invalid")
        if age < settings.MINIMUM_AGE:
            raise ValidationError(
                _("Red Book is for people of %(age)d and older. Come back when you are."),
                code="young",
                params={"age": settings.MINIMUM_AGE},
            )
        return True


class SignupForm(PlainForm, forms.SignupForm):
    handle = HandleField()
    birth_year = BirthYearField()
    field_order = ["email", "handle", "password1", "birth_year"]
    labels = {"email": ADDRESS, "password1": _("Password")}
    hints = {"password1": PASSWORD_HINT}

    def validate_unique_email(self, email: str) -> str:
        is_taken = User.objects.confirmed().by_email(email).exists()
        with refusing_too_many():
            report_taken(context.request, email, is_taken=is_taken)
        if is_taken:
            raise AccountAdapter().validation_error("email_taken")
        return email


def refuse_confirmed(email: str) -> None:
    """Accept an address that others claim without having confirmed it."""
    if User.objects.confirmed().by_email(email).exists():
        raise AccountAdapter().validation_error("email_taken")


class AddEmailForm(PlainForm, forms.AddEmailForm):
    """Change the e-mail address: at once if the current one is unconfirmed, else once the new one is confirmed."""

    labels = {"email": _("New e-mail address")}

    def clean_email(self) -> str:
        email = AccountAdapter().clean_email(self.cleaned_data["email"])
        if self.user.is_verified and email == self.user.email:
            raise AccountAdapter().validation_error("duplicate_email")
        if not self.user.is_verified and email != self.user.email:
            refuse_confirmed(email)
        return email

    def save(self, request: HttpRequest) -> None:
        """Save the new address. Raises addresses.Outdated."""
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
        """Accept suspended and leaving accounts too: they need a password to cancel, or to download their data."""
        email = AccountAdapter().clean_email(self.cleaned_data["email"])
        self.person = User.objects.confirmed().by_email(email).first()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        defer_mail("reset", self.person, site_of(request), get_language() or settings.LANGUAGE_CODE)
        return self.cleaned_data["email"]  # type: ignore[no-any-return]


class ResetPasswordKeyForm(PlainForm, forms.ResetPasswordKeyForm):
    labels = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}

    def save(self) -> None:
        """Set the password after checking the link again: another new password or a restored address may have ended
        it.
        """
        with transaction.atomic():
            User.objects.filter(pk=self.user.pk).lock()
            if not ResetTokens().check_token(User.objects.get(pk=self.user.pk), self.temp_key):
                raise ImmediateHttpResponse(redirect(context.request.path))
            super().save()
