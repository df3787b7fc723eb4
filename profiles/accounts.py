"""Changes to django-allauth around signing in. Forms are in account_forms.py."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.db.models import QuerySet
from django.http import HttpRequest

from core.db.prepared_queries import compiled
from profiles.models import User
from profiles.passwords import normal_password

CLAIMS_TRIED = 5


class Backend(AuthenticationBackend):
    """allauth's backend, with the signed-in person fetched by prepared SQL, as every page does it.

    A confirmed address signs in to its account alone; an unconfirmed one to each account that signed up with it.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Authenticate, and renew a hash from before passwords were normalised. Not when a signed-in person is asked
        again, as a new hash ends every session.
        """
        person = super().authenticate(request, **credentials)
        if person and request and not request.user.is_authenticated:
            person.renew_password(credentials["password"])
        return person

    def _mitigate_timing_attack(self, password: str) -> None:
        """Hash as often as for an existing account."""
        for form in {password, normal_password(password)}:
            super()._mitigate_timing_attack(form)

    def get_user(self, user_id: int) -> User | None:
        found = _person(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        people = User.objects.by_email(email)
        for person in people.confirmed() or _newest_first(people.unconfirmed()):
            if self._check_password(person, password):
                return person  # type: ignore[no-any-return]
        return None


def _newest_first(people: QuerySet[User]) -> list[User]:
    """Return a few accounts, as each costs a hash, starting with the person who is signed in here."""
    here = getattr(context.request, "user", None)
    return sorted(people.order_by("-pk")[:CLAIMS_TRIED], key=lambda person: person != here)


@compiled
def _person(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
