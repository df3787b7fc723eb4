"""E-mail addresses: claimed at sign-up, corrected, changed, confirmed, restored.

Several accounts may claim one unconfirmed address; the first to confirm it ends the other claims. Confirming and
restoring lock the address (`_lock`), then the people concerned, so that two at once take turns.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from people.actions.people import end_account, end_sessions
from people.mails import defer_mail
from profiles.models import PreviousAddress, User
from profiles.models.address import WAY_BACK

ENDED_AT_ONCE = 100


class Taken(Exception):
    """Another account has confirmed this address."""


class Outdated(Exception):
    """The address is already confirmed, was replaced or withdrawn, or the account is ending."""


@transaction.atomic
def correct_address(*, person: User, email: str, site: str, language: str) -> EmailAddress:
    """Replace an unconfirmed address and mail a link to the new one; links to the old one end. Raises Outdated if it
    was confirmed at the same moment.
    """
    User.objects.filter(pk=person.pk).lock()
    if not User.objects.unconfirmed().filter(pk=person.pk).exists():
        raise Outdated
    EmailAddress.objects.filter(user=person).delete()
    address = EmailAddress.objects.create(user=person, email=email, primary=True)
    person.email = email
    person.save(update_fields=["email"])
    defer_mail("confirm", person, site, language, about=address.pk)
    return address


@transaction.atomic
def ask_change(*, person: User, email: str, site: str, language: str) -> EmailAddress:
    """Mail a confirmation link to a new address, and a notification to the current one. Replaces an earlier request."""
    User.objects.filter(pk=person.pk).lock()
    withdraw_change(person=person)
    address = EmailAddress.objects.create(user=person, email=email)
    defer_mail("confirm_change", person, site, language, about=address.pk)
    defer_mail("change_asked", person, site, language, about=address.pk)
    return address


def withdraw_change(*, person: User) -> None:
    EmailAddress.objects.filter(user=person, primary=False).delete()


def confirm_address(*, address: EmailAddress, site: str, language: str) -> None:
    """Confirm a person's address, or switch to the one they requested, and end every other claim to it.

    Raises Taken or Outdated.
    """
    with _one_holder():
        _lock(address.email)
        _lock_people(address.email, address.user_id)
        found = EmailAddress.objects.filter(pk=address.pk).select_related("user").first()
        if found is None or found.user.going_at:
            raise Outdated
        person = found.user
        _end_other_claims(found.email, person)
        if not found.primary:
            previous = PreviousAddress.objects.create(
                person=person, email=person.email, replaced_by=found.email
            )
            defer_mail("change_done", person, site, language, about=previous.pk)
        _become(person, found.email)


def restore_address(*, previous: PreviousAddress) -> User:
    """Restore a person's previous address. Ends their sessions, their password, which a stranger may know, and all
    links that restore later addresses. Raises Taken or Outdated.
    """
    with _one_holder():
        _lock(previous.email)
        _lock_people(previous.email, previous.person_id)
        found = PreviousAddress.objects.restorable().filter(pk=previous.pk).select_related("person").first()
        if found is None or found.person.going_at:
            raise Outdated
        person = found.person
        _end_other_claims(found.email, person)
        _become(person, found.email)
        person.set_unusable_password()
        person.save(update_fields=["password"])
        PreviousAddress.objects.filter(person=person, pk__gte=found.pk).delete()
        end_sessions(person=person)
    return person


def end_unconfirmed() -> None:
    """Delete accounts whose address was not confirmed in time, a few per run. Never staff, or people who have
    published something.
    """
    late = User.objects.unconfirmed().filter(unconfirmed_until__lte=timezone.now())
    for person in late.exclude(_SPARED).order_by("unconfirmed_until")[:ENDED_AT_ONCE]:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).lock()
            if late.filter(pk=person.pk).exists():
                end_account(person=person)


def forget_previous_addresses() -> None:
    PreviousAddress.objects.filter(replaced_at__lte=timezone.now() - WAY_BACK).delete()


_SPARED = Q(is_staff=True) | Q(is_superuser=True) | Q(has_published=True)


@contextmanager
def _one_holder() -> Iterator[None]:
    """Open a transaction that raises Taken where another account has the address."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Taken from None


def _lock(email: str) -> None:
    """Lock an address until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"address:{email.lower()}"])


def _lock_people(email: str, person_id: int) -> None:
    """Lock this person and everyone who signed up with the address until the transaction ends."""
    claims = User.objects.by_email(email).filter(unconfirmed_until__isnull=False)
    User.objects.filter(Q(pk=person_id) | Q(pk__in=claims.values("pk"))).lock()


def _end_other_claims(email: str, person: User) -> None:
    """Delete other people's pending changes to this address, and unconfirmed accounts that signed up with it. Accounts
    that must stay only lose the address.
    """
    others = User.objects.exclude(pk=person.pk).by_email(email)
    EmailAddress.objects.filter(email=email, primary=False).exclude(user=person).delete()
    for other in others.unconfirmed():
        if User.objects.filter(_SPARED, pk=other.pk).exists():
            _become(other, f"person-{other.pk}@nobody.invalid", verified=False)
        else:
            end_account(person=other)


def _become(person: User, email: str, *, verified: bool = True) -> None:
    """Make this the person's only address."""
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=verified)
    person.email = email
    person.save(update_fields=["email"])
