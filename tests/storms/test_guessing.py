"""Guessing passwords from many processes at once, against four web processes: the limits hold as against one."""

from collections.abc import Iterator

import pytest

from profiles.actions.moderators import appoint
from profiles.models import User
from tests.builders import PASSWORD, make_person
from tests.servers import WebServer
from tests.storms.client import Post, storm

pytestmark = pytest.mark.django_db(transaction=True)

AN_ACCOUNT, AN_ADDRESS = 5, 10  # failures in five minutes, in one


@pytest.fixture(scope="module")
def behind_a_proxy(web_server: WebServer) -> Iterator[WebServer]:
    server = WebServer(workers=4, LIMITS="on", TRUSTED_PROXIES="1")
    yield server
    server.stop()


@pytest.fixture
def moderator() -> User:
    person = make_person("guessed")
    appoint(person=person)
    return person


def guess(login: str, forwarded_for: str = "", password: str = "wrong words here") -> Post:
    return Post("", "/accounts/login/", (("login", login), ("password", password)), forwarded_for)


def test_one_account_from_everywhere(behind_a_proxy: WebServer, moderator: User) -> None:
    guesses = [guess(moderator.email, f"198.51.100.{number}") for number in range(100)]
    assert storm(behind_a_proxy.port, guesses) == {422: AN_ACCOUNT, 429: 100 - AN_ACCOUNT}
    right = guess(moderator.email, "203.0.113.7", PASSWORD)
    assert storm(behind_a_proxy.port, [right]) == {429: 1}, "the right password waits too"


def test_many_accounts_from_one_address_that_claims_to_be_many(behind_a_proxy: WebServer) -> None:
    guesses = [guess(f"p{number}@campus.test", f"198.51.100.{number}, 192.0.2.1") for number in range(60)]
    assert storm(behind_a_proxy.port, guesses) == {422: AN_ADDRESS, 429: 60 - AN_ADDRESS}


def test_without_a_proxy_nothing_that_is_claimed_counts(web_server: WebServer) -> None:
    guesses = [guess(f"q{number}@campus.test", f"198.51.100.{number}") for number in range(60)]
    assert storm(web_server.port, guesses) == {422: AN_ADDRESS, 429: 60 - AN_ADDRESS}


def test_admin_takes_no_password(behind_a_proxy: WebServer, moderator: User) -> None:
    form = (("username", moderator.email), ("password", PASSWORD))
    assert storm(behind_a_proxy.port, [Post("", "/admin/login/", form)] * 40) == {302: 40}
    assert moderator.usersession_set.count() == 0
