"""Sessions in the database. Each page of a signed-in person begins by reading one."""

from datetime import datetime
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils import timezone

from core.db.prepared_queries import compiled

# Former paths of classes that sessions name, so that a moved class signs no person out.
RENAMED = {
    "allauth.account.auth_backends.AuthenticationBackend": "notifications.backends.Backend",
    "profiles.accounts.Backend": "notifications.backends.Backend",
}
BYTES_MAX = 500_000  # before it is compressed: a form that waits for the password, and room


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        """Raise RequestDataTooBig, a 413, for more than BYTES_MAX; what is stored stays as it was then."""
        if len(self.serializer().dumps(session_dict)) > BYTES_MAX:
            raise RequestDataTooBig("The session would hold too much.")
        return super().encode(session_dict)

    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        found = _session(key=key, now=timezone.now()) if key.isascii() and key.isalnum() else []
        if not found:
            self._session_key = None
            return {}
        data = self.decode(found[0].session_data)
        if data.get(BACKEND_SESSION_KEY) in RENAMED:
            data[BACKEND_SESSION_KEY] = RENAMED[data[BACKEND_SESSION_KEY]]
        return data


@compiled
def _session(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
