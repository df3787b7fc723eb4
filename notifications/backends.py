from typing import Any

from django.db.models import QuerySet

from core.db.prepared_queries import compiled
from notifications.rule import HasUnread
from profiles import accounts
from profiles.models import User


class Backend(accounts.Backend):
    """The backend of profiles, which also finds whether the signed-in person has unread notifications, for the dot of
    the navigation: in the query that each page makes anyway.
    """

    def get_user(self, user_id: int) -> User | None:
        found = _person(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@compiled
def _person(*, pk: Any) -> QuerySet[User]:
    return User.objects.filter(pk=pk).annotate(has_unread=HasUnread("pk"))
