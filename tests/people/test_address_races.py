"""Two people claim one address, in two threads with a connection each: one gets it, the other gets an error."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from profiles.models import User
from tests.builders import PASSWORD, make_person
from tests.mailbox import arrived, link_in
from tests.notes.compose.test_compose_twice import at_once
from tests.people.test_unconfirmed_addresses import browser_of, changed, enter, sign_up

pytestmark = pytest.mark.django_db(transaction=True)
SHARED = "shared@campus.test"


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


def links() -> list[str]:
    return [link_in(message.body) for message in arrived() if message.to == [SHARED]]


def is_one_accounts() -> bool:
    """Exactly one account has confirmed the address, and every other claim to it has ended."""
    owner = User.objects.confirmed().by_email(SHARED).get()
    claims = EmailAddress.objects.filter(email=SHARED, user__going_at=None)
    return [(each.user, each.verified, each.primary) for each in claims] == [(owner, True, True)]


def test_two_who_signed_up_confirm_at_once() -> None:
    for handle in ("first", "second"):
        sign_up(SHARED, handle)
    first, second = links()
    answers = at_once(*(lambda link=link: Client().post(link).status_code for link in (first, second) * 2))
    assert sorted(answers) == [200, 200, 200, 302]
    assert is_one_accounts()


def test_two_change_to_it_and_a_third_signed_up_with_it() -> None:
    browsers = []
    for handle in ("ann", "ben"):
        browsers.append(browser_of(make_person(handle).email))
        enter(browsers[-1], SHARED)
    sign_up(SHARED, "third")
    browsers.append(Client())
    claims = list(zip(browsers, links(), strict=True))
    answers = at_once(*(lambda who=who, link=link: who.post(link).status_code for who, link in claims))
    assert sorted(answers) == [200, 200, 302]
    assert is_one_accounts()


def test_many_sign_up_with_it_at_once() -> None:
    def signing_up(number: int) -> int:
        words = {"email": SHARED, "handle": f"person_{number}_x", "password1": PASSWORD, "birth_year": "2004"}
        return Client().post("/accounts/signup/", words).status_code

    assert at_once(*(lambda number=number: signing_up(number) for number in range(4))) == [302] * 4
    assert EmailAddress.objects.filter(email=SHARED, primary=True, verified=False).count() == 4


def test_a_new_password_and_the_thiefs_confirmation_at_once(alice: User) -> None:
    """Whichever comes first, the thief is signed out, and the address is the owner's or has a way back."""
    owner, thief = browser_of(alice.email), browser_of(alice.email)
    enter(thief, SHARED)
    (link,) = links()
    change = {"oldpassword": PASSWORD, "password1": "another long walk"}
    at_once(
        lambda: owner.post("/accounts/password/change/", change).status_code,
        lambda: thief.post(link).status_code,
    )
    alice.refresh_from_db()
    assert EmailAddress.objects.get(user=alice).email == alice.email
    assert alice.email == "alice@campus.test" or alice.previous_addresses.get().email == "alice@campus.test"
    assert thief.get("/settings/profile/").status_code == 302


def test_the_way_back_pressed_twice_at_once(alice: User) -> None:
    back = changed(browser_of(alice.email), SHARED)["alice@campus.test"]
    answers = at_once(*(lambda: Client().post(back).status_code for _ in range(3)))
    assert sorted(answers) == [200, 200, 302]
    alice.refresh_from_db()
    assert alice.email == "alice@campus.test"
