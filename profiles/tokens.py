from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, for one password and one address: a link is dead once either changes. It outlives signing in: somebody
    who knows the old password cannot keep its owner from setting a new one.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}|{user.password}|{timestamp}|{user.email}"
