from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage

MESSAGES_MAX = 20  # kept until a page shows them


class NewestMessages(FallbackStorage):
    """Django's, in a cookie or else the session; of more than MESSAGES_MAX the oldest are dropped."""

    def _store(self, messages: list[Any], response: Any, *args: Any, **options: Any) -> list[Any]:
        return super()._store(messages[-MESSAGES_MAX:], response, *args, **options)  # type: ignore[misc,no-any-return]
