from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Django's password reset tokens, bound to the password and the address: a link ends when either changes. Signing
    in does not end it, so that a stranger who knows the old password cannot keep the owner out.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}|{user.password}|{timestamp}|{user.email}"
