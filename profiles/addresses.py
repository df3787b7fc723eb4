"""Normalise e-mail addresses as people type or paste them to the form that is stored and compared.

Addresses that differ in dots or a +suffix stay different: only the mail provider knows whether they are one mailbox.
"""

from typing import Any

import idna
import regex
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.text import isolated

ADDRESS_MAX, LOCAL_MAX = 254, 64
TYPED_MAX = 1000  # code points, before anything is removed
# Characters that draw nothing or only steer how others are drawn, and blanks that count as letters.
_INVISIBLE = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800--[\t\n\r\u200C\u200D]]", regex.V1
)
_JOINERS = {0x200C: None, 0x200D: None}  # letters of some international domains need them
# Full-width and small forms that input methods for Chinese and Japanese produce, and the ideographic full stops.
_WIDE: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE |= {0x3002: ".", 0xFF61: ".", 0xFE52: ".", 0x3000: " ", 0xFE6B: "@", 0xFE63: "-", 0xFE62: "+"}
_NOT_LOCAL = regex.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_LABEL = regex.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

ONE_AT = _("This is not an e-mail address. Write it whole, with one @, like name@campus.edu.")
TOO_LONG = _("This address is too long: at most 254 characters, and 64 before the @.")
NO_SPACE = _("Remove the space from the address.")
DOTS = _("The part before the @ can’t start or end with a dot, or have two dots in a row.")
NOT_BEFORE_AT = _(
    "“%(character)s” can’t be used before the @. Use letters a to z, digits, dots, hyphens and underscores."
)
NO_DOMAIN = _("Check the part after the @: “%(domain)s” cannot receive mail. It looks like campus.edu.")


def tidy_address(typed: str) -> str:
    """Return the stored form: without invisible characters, in lower case, with an international domain in ASCII.

    Raises ValidationError, with a message that says what to change, if that form is ambiguous.
    """
    if len(typed) > TYPED_MAX:
        raise ValidationError(TOO_LONG, code="long")
    plain = _INVISIBLE.sub("", typed).translate(_WIDE).strip(" \t\r\n\f\v\u00a0\u200c\u200d").strip()
    local, at, domain = plain.partition("@")
    if not (local and at and domain) or "@" in domain:
        raise ValidationError(ONE_AT, code="invalid")
    if regex.search(r"\s", plain):
        raise ValidationError(NO_SPACE, code="space")
    address = f"{_tidy_local(local.translate(_JOINERS))}@{_tidy_domain(domain)}"
    if len(address) > ADDRESS_MAX:
        raise ValidationError(TOO_LONG, code="long")
    return address


def readable_address(address: str) -> str:
    """Return the address for display, with an international domain in its own script."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(domain, display=True)}"
    except UnicodeError:
        return address


def shown_address(address: str) -> str:
    """Return the address for use in a sentence, isolated so that a right-to-left domain does not reorder it."""
    return isolated(readable_address(address))


def _tidy_local(typed: str) -> str:
    foreign = _NOT_LOCAL.search(typed)
    if foreign:
        raise ValidationError(NOT_BEFORE_AT, code="local", params={"character": isolated(foreign[0])})
    if typed.startswith(".") or typed.endswith(".") or ".." in typed:
        raise ValidationError(DOTS, code="dots")
    if len(typed) > LOCAL_MAX:
        raise ValidationError(TOO_LONG, code="long")
    return typed.lower()


def _tidy_domain(typed: str) -> str:
    plain = typed.removesuffix(".")
    for candidate in (plain, plain.translate(_JOINERS)):
        try:
            domain = ".".join(map(_ascii_label, idna.uts46_remap(candidate).split(".")))
        except UnicodeError:
            continue
        if "." in domain and not domain.rpartition(".")[2].isdecimal():
            return domain
    raise ValidationError(NO_DOMAIN, code="domain", params={"domain": isolated(plain[:60])})


def _ascii_label(label: str) -> str:
    """Return one label of a domain in ASCII. Plain labels may have two hyphens where IDNA reserves them, as some real
    ones do.
    """
    if not label.isascii() or label.startswith("xn--"):
        return idna.alabel(label).decode()
    if not _LABEL.fullmatch(label):
        raise idna.IDNAError(label)
    return label


class AddressField(forms.CharField):
    """An e-mail field that normalises its input. A text input, because a browser's own check would reject what is
    normalised.
    """

    def __init__(self, **options: Any) -> None:
        looks = {
            "inputmode": "email",
            "autocomplete": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
            "dir": "auto",
        }
        super().__init__(strip=False, widget=forms.TextInput(looks), **options)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return tidy_address(typed) if typed.strip() else ""


class AddressModelField(models.EmailField):
    """An e-mail model field that normalises too, for commands that use model fields, such as createsuperuser."""

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(tidy_address(value) if value else value, model_instance)

    def deconstruct(self) -> Any:
        """Present the field to migrations as Django's."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
