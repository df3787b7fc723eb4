"""Sessions in the database, as Django keeps them. Each page of somebody signed in begins by reading one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from redbook.compiled import compiled


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        found = _session(key=key, now=timezone.now()) if key.isascii() and key.isalnum() else []
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0].session_data)


@compiled
def _session(*, key: Any, now: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
