"""Password guessing from many processes against several web processes: the limits hold as with one.

`make test` has two of them, `make test-long` four.
"""

from collections.abc import Iterator

import pytest

from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import PASSWORD, make_person
from tests.servers import WebServer
from tests.storms.client import Post, storm

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = {"DJANGO_SETTINGS_MODULE": "tests.quick"}  # to check a password really takes half a second
AN_ACCOUNT, A_NETWORK = 6, 51  # tries until the first wait; of a network, accounts


@pytest.fixture(scope="module", params=[2, pytest.param(4, marks=pytest.mark.long)])
def behind_a_proxy(request: pytest.FixtureRequest, web_server: WebServer) -> Iterator[WebServer]:
    server = WebServer(workers=request.param, LIMITS="on", TRUSTED_PROXIES="1", **QUICK)
    yield server
    server.stop()


@pytest.fixture
def moderator() -> User:
    person = make_person("guessed")
    appoint(person=person)
    return person


def guess(login: str, forwarded_for: str = "", password: str = "wrong words here") -> Post:
    return Post("", "/accounts/login/", (("login", login), ("password", password)), forwarded_for)


@pytest.mark.parametrize("tries", [40, pytest.param(100, marks=pytest.mark.long)])
def test_one_account_from_everywhere(behind_a_proxy: WebServer, moderator: User, tries: int) -> None:
    guesses = [guess(moderator.email, f"198.51.100.{number}") for number in range(tries)]
    assert storm(behind_a_proxy.port, guesses) == {422: AN_ACCOUNT, 429: tries - AN_ACCOUNT}
    right = guess(moderator.email, "203.0.113.7", PASSWORD)
    assert storm(behind_a_proxy.port, [right]) == {429: 1}, "the right password waits too"


def test_many_accounts_from_one_address_that_claims_to_be_many(behind_a_proxy: WebServer) -> None:
    guesses = [guess(f"p{number}@campus.test", f"198.51.100.{number}, 192.0.2.1") for number in range(60)]
    assert storm(behind_a_proxy.port, guesses) == {422: A_NETWORK, 429: 60 - A_NETWORK}


def test_without_a_proxy_nothing_that_is_claimed_counts(web_server: WebServer) -> None:
    guesses = [guess(f"q{number}@campus.test", f"198.51.100.{number}") for number in range(60)]
    server = WebServer(workers=1, LIMITS="on", **QUICK)
    try:
        assert storm(server.port, guesses) == {422: A_NETWORK, 429: 60 - A_NETWORK}
    finally:
        server.stop()
    assert server.log.read_text().count("TRUSTED_PROXIES is 0") == 1


def signing_up(name: str, forwarded_for: str, password: str = PASSWORD) -> Post:
    form = (
        ("email", f"{name}@campus.test"),
        ("handle", name),
        ("password1", password),
        ("birth_year", "2004"),
    )
    return Post("", "/accounts/signup/", form, forwarded_for)


@pytest.mark.long
def test_forty_people_and_one_attacker(behind_a_proxy: WebServer, moderator: User) -> None:
    """All at once: each of forty people of one room mistypes and signs up, then mistypes and signs in; meanwhile an
    attacker signs up, guesses at one account and at all of theirs.
    """
    people, campus, attacker = [f"student_{number}" for number in range(40)], "192.0.2.1", "198.51.100.9"
    posts = [signing_up(f"bot_{number}", attacker) for number in range(120)]
    for name in people:
        posts += [signing_up(name, campus, "short"), signing_up(name, campus)]
    storm(behind_a_proxy.port, posts)
    assert User.objects.filter(handle__startswith="student_").count() == 40
    assert User.objects.filter(handle__startswith="bot_").count() < 70

    posts = [guess(moderator.email, attacker) for _ in range(40)]
    for name in people:
        email = f"{name}@campus.test"
        posts += [guess(email, attacker), guess(email, campus), guess(email, campus, PASSWORD)]
    storm(behind_a_proxy.port, posts)
    signed_in = User.objects.filter(handle__startswith="student_", usersession__ip=campus).distinct()
    assert signed_in.count() == 40
    # A wait that ended meanwhile lets one more guess through, and begins a longer one.
    assert storm(behind_a_proxy.port, [guess(moderator.email, attacker)] * 10)[429] >= 9


def test_admin_takes_no_password(behind_a_proxy: WebServer, moderator: User) -> None:
    form = (("username", moderator.email), ("password", PASSWORD))
    assert storm(behind_a_proxy.port, [Post("", "/admin/login/", form)] * 40) == {302: 40}
    assert moderator.usersession_set.count() == 0
