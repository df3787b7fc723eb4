"""Normalise passwords (NFKC), so that the keyboard does not matter: ｐａｓｓ equals pass, and é equals e with an
accent.
"""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NEW_MAX = 128
# Of a password that is only compared: there may be longer ones from before new ones were limited.
GIVEN_MAX = 1000
TOO_LONG = _("This password is too long: use at most %(most)d characters.")


def normal_password(typed: str) -> str:
    """Return the form that is hashed. White space is part of a password, at its ends too."""
    return unicodedata.normalize("NFKC", typed)


def limit_length(typed: str, most: int) -> None:
    """Raise ValidationError for a password that is too long. Call this before normalising, which is slow for very long
    input.
    """
    if len(typed) > most:
        raise ValidationError(TOO_LONG, code="password_too_long", params={"most": most})


def limit_field(field: forms.Field) -> None:
    """Make a password field reject input that is too long before its other checks."""
    field.validators.append(lambda typed: limit_length(typed, GIVEN_MAX))
