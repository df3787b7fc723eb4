"""Changes to an address wait for concurrent ones, and then check it again."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from people.actions import addresses
from people.actions.addresses import Outdated, Taken
from people.actions.people import change_password
from profiles.models import PreviousAddress, User
from tests.builders import PASSWORD, make_person
from tests.mailbox import arrived, link_in

pytestmark = pytest.mark.django_db(transaction=True)
SHARED = "shared@campus.test"
WHERE: dict[str, Any] = {"site": "http://testserver", "language": "en"}


def during(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, str]:
    """Runs `second` on another connection while the transaction of `first` is open, which ends once `second` waits for
    it or is done. What `second` gave or raised, and the kind of lock that it waited for.
    """
    given: list[Any] = []

    def act() -> None:
        try:
            given.append(second())
        except Exception as error:
            given.append(error)
        finally:
            connection.close()

    thread, kind = Thread(target=act), ""
    with transaction.atomic():
        first()
        thread.start()
        until = monotonic() + 20
        while not (kind or given) and monotonic() < until:
            kind = _waits()
            sleep(0.005)
    thread.join()
    return given[0], kind


def _waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT locktype FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return (cursor.fetchone() or [""])[0]


def claim(person: User, email: str = SHARED) -> EmailAddress:
    """The address that this unconfirmed person signed up with, or that a confirmed one asked for."""
    if person.is_verified:
        return EmailAddress.objects.create(user=person, email=email)
    EmailAddress.objects.filter(user=person).update(email=email)
    User.objects.filter(pk=person.pk).update(email=email)
    person.refresh_from_db()
    return EmailAddress.objects.get(user=person)


def confirm(address: EmailAddress) -> Callable[[], Any]:
    return lambda: addresses.confirm_address(address=address, **WHERE)


def replaced(person: User, email: str) -> PreviousAddress:
    """What they had before the address that they have now."""
    return PreviousAddress.objects.create(person=person, email=email, replaced_by=person.email)


def restore(previous: PreviousAddress) -> Callable[[], Any]:
    return lambda: addresses.restore_address(previous=previous)


def test_a_correction_while_the_address_is_confirmed(db: None) -> None:
    person = make_person("lin", verified=False)
    address = EmailAddress.objects.get(user=person)
    fresh = User.objects.get(pk=person.pk)
    said, _kind = during(
        confirm(address), lambda: addresses.correct_address(person=fresh, email="new@campus.test", **WHERE)
    )
    assert isinstance(said, Outdated)
    assert EmailAddress.objects.get(user=person).verified
    assert User.objects.get(pk=person.pk).email == "lin@campus.test"


def test_two_changes_are_asked_for_in_two_windows(alice: User) -> None:
    ask = [
        lambda email=email: addresses.ask_change(person=User.objects.get(pk=alice.pk), email=email, **WHERE)
        for email in ("one@campus.test", "two@campus.test")
    ]
    said, _kind = during(*ask)
    assert [said] == list(EmailAddress.objects.filter(user=alice, primary=False)), "the later one alone"


def test_two_who_claim_one_address_wait_holding_nothing() -> None:
    first, second = (claim(make_person(handle, verified=False)) for handle in ("first", "second"))
    said, kind = during(confirm(first), confirm(second))
    assert isinstance(said, Outdated)
    assert kind == "advisory"
    assert EmailAddress.objects.get(email=SHARED, verified=True).user.handle == "first"


def test_two_who_had_one_address_bring_it_back() -> None:
    first, second = (replaced(make_person(handle), SHARED) for handle in ("first", "second"))
    said, kind = during(restore(first), restore(second))
    assert isinstance(said, Taken)
    assert kind == "advisory"
    again, _kind = during(lambda: None, restore(first))
    assert isinstance(again, Outdated)


def test_the_way_back_twice_at_once(alice: User) -> None:
    previous = replaced(alice, SHARED)
    said, _kind = during(restore(previous), restore(previous))
    assert isinstance(said, Outdated)


def test_an_account_that_the_operator_makes_meanwhile_has_the_address(alice: User) -> None:
    address = claim(alice)
    said, _kind = during(lambda: User.objects.create_superuser(SHARED, "root", PASSWORD), confirm(address))
    assert isinstance(said, Taken)
    assert User.objects.get(pk=alice.pk).email == alice.email


def test_a_change_is_confirmed_while_its_person_sets_a_new_password(alice: User) -> None:
    address = claim(alice)
    said, _kind = during(
        lambda: change_password(person=User.objects.get(pk=alice.pk), password=PASSWORD), confirm(address)
    )
    assert isinstance(said, Outdated)
    assert User.objects.get(pk=alice.pk).email == alice.email


def test_an_address_is_brought_back_while_another_change_is_confirmed(alice: User) -> None:
    previous, address = replaced(alice, SHARED), claim(alice, "thief@campus.test")
    said, _kind = during(confirm(address), restore(previous))
    assert said == alice
    assert list(EmailAddress.objects.filter(user=alice).values_list("email", flat=True)) == [SHARED]
    assert not PreviousAddress.objects.exists(), "no way back to what the thief had"


def test_a_claim_that_is_corrected_meanwhile_is_spared(alice: User) -> None:
    typist = make_person("typist", verified=False)
    claim(typist)
    address = claim(alice)
    said, _kind = during(
        lambda: addresses.correct_address(person=typist, email="right@campus.test", **WHERE), confirm(address)
    )
    assert said is None
    assert User.objects.get(pk=alice.pk).email == SHARED
    typist.refresh_from_db()
    assert (typist.email, typist.going_at) == ("right@campus.test", None)


def test_an_account_that_is_confirmed_in_the_last_moment_stays() -> None:
    person = make_person("late_lin", verified=False)
    User.objects.filter(pk=person.pk).update(unconfirmed_until=timezone.now() - timedelta(minutes=1))
    said, _kind = during(confirm(EmailAddress.objects.get(user=person)), addresses.end_unconfirmed)
    assert said is None
    person.refresh_from_db()
    assert person.is_verified
    assert person.going_at is None


def test_a_reset_link_that_dies_meanwhile_sets_no_password(alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    browser = Client()
    form = browser.get(link_in(arrived()[0].body))["Location"]
    answer, _kind = during(
        lambda: change_password(person=User.objects.get(pk=alice.pk), password="another long walk"),
        lambda: browser.post(form, {"password1": "the third long walk"}),
    )
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("another long walk")
