"""What the links in mails about accounts prove."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing

from profiles.models import PreviousAddress

_SALT = "profiles.previous_address"


class ResetTokens(PasswordResetTokenGenerator):
    """Django's password reset tokens, bound to the password and the address: a link ends when either changes. Signing
    in does not end it, so that a stranger who knows the old password cannot keep the owner out.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}|{user.password}|{timestamp}|{user.email}"


def restore_key(previous: PreviousAddress) -> str:
    """Return the key of the link that restores a previous address."""
    return signing.dumps(previous.pk, salt=_SALT)


def previous_address(key: str) -> PreviousAddress | None:
    """Return the address of a restore link, or None once it has expired."""
    try:
        pk = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        return None
    return PreviousAddress.objects.restorable().filter(pk=pk).select_related("person").first()
