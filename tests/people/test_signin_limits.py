"""Sign-in limits: a campus gets in, an attacker does not, and no attacker can lock an owner out."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory

from core.limits import TooMany
from people import signin_limits
from people.known_browsers import cookie_name
from people.signin_limits import ask_for_mail, try_password
from profiles.models import User
from tests.builders import PASSWORD, make_person, signed_in
from tests.mailbox import arrived, link_in

WRONG = "wrong words here"
CAMPUS, ATTACKER = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def limits_on(settings: Any, db: None) -> None:
    settings.LIMITS_ON = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # thousands of guesses


def sign_in(email: str, password: str = WRONG, address: str = CAMPUS, browser: Client | None = None) -> Any:
    form = {"login": email, "password": password}
    return (browser or Client()).post("/accounts/login/", form, REMOTE_ADDR=address)


def tried(email: str, address: str = ATTACKER, *, right: bool = False) -> bool:
    """Whether a password would be looked at: as signing in counts it, without the page."""
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    try:
        attempt = try_password(request, email)
    except TooMany:
        return False
    if right:
        attempt.succeed()
    return True


def asked(email: str, address: str = ATTACKER) -> bool:
    try:
        ask_for_mail(RequestFactory().post("/", REMOTE_ADDR=address), email)
    except TooMany:
        return False
    return True


def reset(email: str, address: str = CAMPUS, browser: Client | None = None) -> Any:
    return (browser or Client()).post("/accounts/password/reset/", {"email": email}, REMOTE_ADDR=address)


def sign_up(name: str, address: str = CAMPUS, **words: str) -> Any:
    form = {
        "email": f"{name}@campus.test",
        "handle": name,
        "password1": PASSWORD,
        "birth_year": "2004",
    } | words
    return Client().post("/accounts/signup/", form, REMOTE_ADDR=address)


def pass_time(by: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE limit_spent SET since = since - %s, until = until - %s", [by, by])


def total(keys: str) -> int:
    """What the counters whose keys are LIKE this hold together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(number), 0) FROM limit_spent WHERE key LIKE %s", [keys])
        return int(cursor.fetchone()[0])


def attack(email: str, guesses: int = 7) -> None:
    """Guess from as many networks, until the account takes no more."""
    for number in range(guesses):
        tried(email, f"198.51.100.{number}")
    assert not tried(email, ATTACKER)


def test_people_of_one_room() -> None:
    """Each mistypes three fields and signs up, mistypes a foreign address and five passwords, and signs in."""
    for number in range(2):
        name, email = f"student_{number}", f"student_{number}@campus.test"
        for mistyped in ({"email": "no address"}, {"password1": "short"}, {"handle": "!"}):
            assert sign_up(name, **mistyped).status_code == 422
        assert sign_up(name).status_code == 302
        assert sign_in(f"x{email}").status_code == 422
        assert [sign_in(email).status_code for _ in range(5)] == [422] * 5
        assert sign_in(email, PASSWORD).status_code == 302


@pytest.mark.parametrize("mistakes", [1, 5])
def test_forty_people_of_one_room(mistakes: int) -> None:
    """All mistype before anyone succeeds; each also mistypes an address."""
    people = [f"student_{number}@campus.test" for number in range(40)]
    for _ in range(mistakes):
        assert {tried(person, CAMPUS) for person in people} == {True}
    for person in people:
        assert tried(person, CAMPUS, right=True)
        assert tried(f"x{person}", CAMPUS)


def test_one_account_guessed_from_one_address_and_from_many(alice: User) -> None:
    assert [tried(alice.email) for _ in range(60)] == [True] * 6 + [False] * 54
    assert sign_in(alice.email, PASSWORD, ATTACKER).status_code == 429, "a lucky guess waits too"
    pass_time(timedelta(minutes=2))
    from_many = [tried(alice.email, f"198.51.100.{number}") for number in range(20)]
    assert from_many == [True] + [False] * 19, "one try after the wait"


def test_a_day_of_guessing_at_one_account(alice: User) -> None:
    """A try every quarter of an hour, from another network each time."""
    allowed = 0
    for number in range(24 * 4):
        allowed += tried(alice.email, f"2001:db8:{number:x}::1")
        pass_time(timedelta(minutes=15))
    assert allowed < 60


@pytest.mark.parametrize("exists", [True, False])
def test_whether_an_account_exists_does_not_show(exists: bool, alice: User) -> None:
    email = alice.email if exists else "nobody@campus.test"
    answers = [sign_in(email, address=ATTACKER) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [422] * 6 + [429] * 2
    assert "Too many failed attempts. Try again in a minute." in answers[-1].text
    resets = [reset(email) for _ in range(6)]
    assert [answer.status_code for answer in resets] == [302] * 4 + [429] * 2


@pytest.mark.parametrize(
    "spelt", ["alice@campus.test", "ALICE@campus.test", "  Alice@Campus.Test ", "aLiCe@CAMPUS.TEST"]
)
def test_one_account_however_its_address_is_spelt(spelt: str, alice: User) -> None:
    for _ in range(6):
        sign_in(alice.email)
    assert sign_in(spelt).status_code == 429


def test_many_accounts_guessed_from_one_address(alice: User) -> None:
    allowed = [tried(f"p{number}@campus.test") for number in range(80)]
    assert allowed == [True] * 51 + [False] * 29
    assert sign_in(alice.email, PASSWORD, ATTACKER).status_code == 429, "a lucky guess waits too"
    assert sign_in(alice.email, PASSWORD, CAMPUS).status_code == 302


def test_few_accounts_guessed_at_often_from_one_address() -> None:
    allowed = sum(tried(f"p{number % 30}@campus.test") for number in range(30 * 10))
    assert allowed < 30 * 6


def test_many_accounts_guessed_from_many_networks_of_one_site() -> None:
    allowed = [tried(f"p{number}@campus.test", f"2001:db8:1:{number:x}::1") for number in range(220)]
    assert allowed == [True] * 201 + [False] * 19


def test_an_own_account_buys_few_guesses_at_others() -> None:
    allowed = 0
    for number in range(200):
        if number % 5 == 0:
            tried("attacker@campus.test", right=True)
        allowed += tried(f"p{number}@campus.test")
    assert allowed < 60


def test_a_right_password_takes_back_what_its_owner_mistyped() -> None:
    for number in range(80):
        assert tried(f"p{number}@campus.test")
        assert tried(f"p{number}@campus.test", right=True)


def test_a_known_browser_lets_its_owner_in_under_attack(alice: User) -> None:
    browser = Client()
    assert sign_in(alice.email, PASSWORD, browser=browser).status_code == 302
    browser.post("/accounts/logout/")
    attack(alice.email)
    assert sign_in(alice.email, PASSWORD).status_code == 429, "a browser that it does not know"
    assert sign_in(alice.email, browser=browser).status_code == 422, "a mistake of one's own"
    assert sign_in(alice.email, PASSWORD, browser=browser).status_code == 302
    cookie = browser.cookies[cookie_name()]
    assert cookie["httponly"]
    assert cookie["max-age"] >= 300 * 24 * 3600


def test_a_known_browser_works_in_a_network_that_an_attacker_used_up(alice: User) -> None:
    browser = Client()
    sign_in(alice.email, PASSWORD, browser=browser)
    browser.post("/accounts/logout/")
    for number in range(60):
        tried(f"p{number}@campus.test", CAMPUS)
    assert sign_in(alice.email, PASSWORD).status_code == 429
    assert sign_in(alice.email, PASSWORD, browser=browser).status_code == 302


def test_who_signed_up_here_is_known_here() -> None:
    browser = Client()
    form = {"email": "new@campus.test", "handle": "new", "password1": PASSWORD, "birth_year": "2004"}
    assert browser.post("/accounts/signup/", form).status_code == 302
    browser.post("/accounts/logout/")
    attack("new@campus.test")
    assert sign_in("new@campus.test", PASSWORD, browser=browser).status_code == 302


def test_a_known_browser_is_limited_too_and_guesses_at_no_other_account(alice: User, bob: User) -> None:
    browser = Client()
    sign_in(alice.email, PASSWORD, browser=browser)
    browser.post("/accounts/logout/")
    statuses = [sign_in(alice.email, browser=browser).status_code for _ in range(20)]
    assert statuses == [422] * 6 + [429] * 14
    attack(bob.email)
    assert sign_in(bob.email, browser=browser).status_code == 429


@pytest.fixture
def forgeries(alice: User, bob: User) -> Callable[[Client], Iterator[str]]:
    def of(browser: Client) -> Iterator[str]:
        real = browser.cookies[cookie_name()].value
        yield from ("", "x", real[:-1], real + "x", f"{real}:{real}", "W10:1abcde:" + "A" * 43)

    return of


def test_a_forged_cookie_is_no_known_browser(
    alice: User, forgeries: Callable[[Client], Iterator[str]]
) -> None:
    browser = Client()
    sign_in(alice.email, PASSWORD, browser=browser)
    attack(alice.email)
    for forged in forgeries(browser):
        stranger = Client()
        stranger.cookies[cookie_name()] = forged
        assert sign_in(alice.email, PASSWORD, browser=stranger).status_code == 429


def test_a_new_password_ends_the_known_browsers(alice: User) -> None:
    old, own = Client(), Client()
    for browser in (old, own):
        sign_in(alice.email, PASSWORD, browser=browser)
    old.post("/accounts/logout/")
    changed = own.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "quite another walk"}
    )
    assert changed.status_code == 302
    own.post("/accounts/logout/")
    attack(alice.email)
    assert sign_in(alice.email, "quite another walk", browser=old).status_code == 429
    assert sign_in(alice.email, "quite another walk", browser=own).status_code == 302


def test_a_mail_lets_the_owner_in_under_attack(alice: User) -> None:
    reset(alice.email, ATTACKER)
    while asked(alice.email):
        pass
    attack(alice.email)
    browser = Client()
    form = browser.get(link_in(arrived()[0].body), follow=True)
    page = form.redirect_chain[-1][0]
    attack(alice.email)
    assert browser.post(page, {"password1": "quite another walk"}).status_code == 302
    attack(alice.email)
    assert sign_in(alice.email, "quite another walk", browser=browser).status_code == 302


def test_mails_that_strangers_ask_for_are_bounded_and_the_newest_goes_on_working(alice: User) -> None:
    statuses = [reset(alice.email, f"198.51.100.{number}").status_code for number in range(6)]
    assert statuses == [302] * 4 + [429] * 2
    assert 1 <= len(arrived()) <= 4
    assert {asked(alice.email, f"203.0.113.{number}") for number in range(50)} == {False}
    refused = reset(alice.email)
    assert f'value="{alice.email}"' in refused.text
    assert "Use the newest mail that you were sent. Try again " in refused.text
    assert 200 < int(refused["Retry-After"]) <= 300


def test_mails_to_many_addresses_from_one_network() -> None:
    assert [asked(f"p{number}@campus.test") for number in range(80)] == [True] * 61 + [False] * 19
    assert asked("p299@campus.test", CAMPUS)


def test_hundreds_of_other_keys_reopen_nothing(alice: User) -> None:
    for wait in (1, 2, 4, 0):
        attack(alice.email, 7)
        pass_time(timedelta(minutes=wait))
    for number in range(400):
        tried(f"other{number}@campus.test", f"2001:db8:{number % 999:x}:{number:x}::1")
        asked(f"other{number}@campus.test", f"2001:db8:{number % 999:x}:{number:x}::1")
    assert sign_in(alice.email, PASSWORD).status_code == 429


def test_sign_ups_of_one_network() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=CAMPUS)
    for _ in range(59):
        signin_limits.sign_up(request)
    assert [sign_up(f"new_{number}").status_code for number in range(3)] == [302, 302, 429]
    refused = sign_up("late")
    assert "Many accounts were created from this network just now. Try again " in refused.text
    assert 'value="late@campus.test"' in refused.text
    assert int(refused["Retry-After"]) > 0
    assert not User.objects.filter(handle="late").exists()
    assert sign_up("elsewhere", ATTACKER).status_code == 302


def test_an_hour_of_signing_up_from_one_network() -> None:
    request, allowed = RequestFactory().post("/", REMOTE_ADDR=ATTACKER), 0
    for _ in range(2 * 60):
        with contextlib.suppress(TooMany):
            signin_limits.sign_up(request)
            allowed += 1
        pass_time(timedelta(seconds=30))
    assert 60 < allowed < 100


def test_confirmed_accounts_count_less() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=CAMPUS)
    for _ in range(115):
        signin_limits.sign_up(request)
        signin_limits.confirmed(request)


def test_confirming_an_address_takes_back_half_of_its_sign_up() -> None:
    browser = Client(REMOTE_ADDR=CAMPUS)
    browser.post(
        "/accounts/signup/",
        {"email": "new@campus.test", "handle": "new", "password1": PASSWORD, "birth_year": "2004"},
    )
    link = link_in(arrived()[0].body)
    before = total("signups:%")
    browser.post(link)
    assert (before, total("signups:%")) == (2, 1)


def test_a_refused_sign_up_form_counts_nothing() -> None:
    for _ in range(3):
        assert sign_up("taken_back", password1="short").status_code == 422
    assert total("signups:%") == 0


def test_asked_again_for_the_password(alice: User) -> None:
    """By the session: neither guesses at sign-in nor another session keep the owner from it."""
    own, stolen = signed_in(alice), signed_in(alice)
    wrong = [stolen.post("/accounts/reauthenticate/", {"password": WRONG}).status_code for _ in range(20)]
    assert wrong == [422] * 6 + [429] * 14
    changes = [
        stolen.post(
            "/accounts/password/change/", {"oldpassword": WRONG, "password1": "quite another walk"}
        ).status_code
        for _ in range(3)
    ]
    assert changes == [429] * 3
    attack(alice.email)
    assert own.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_the_address_page_is_limited_by_person_and_shows_its_form_again(alice: User) -> None:
    browser = signed_in(alice)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sent = [
        browser.post("/accounts/email/", {"action_add": "", "email": f"new{number}@campus.test"})
        for number in range(8)
    ]
    assert [answer.status_code for answer in sent] == [303] * 5 + [429] * 3
    assert 'value="new7@campus.test"' in sent[-1].text
    assert "Try again " in sent[-1].text


def test_the_table_tells_neither_addresses_nor_networks(alice: User) -> None:
    sign_in(alice.email)
    reset(alice.email)
    sign_up("told")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(key, ' ') FROM limit_spent")
        keys = cursor.fetchone()[0]
    assert len(keys) > 100
    for told in ("alice", "campus", "203.0", "told"):
        assert told not in keys


def few_taken(settings: Any) -> None:
    settings.BACKOFFS = settings.BACKOFFS | {"taken": replace(settings.BACKOFFS["taken"], free=3)}


def test_who_asks_sign_up_for_addresses_in_use_waits(settings: Any) -> None:
    few_taken(settings)
    taken = [make_person().email for _ in range(6)]
    asked = [sign_up(f"probe_{number}", ATTACKER, email=email) for number, email in enumerate(taken)]
    assert [answer.status_code for answer in asked] == [422] * 4 + [429] * 2
    assert "Too many addresses that are in use were tried from this network." in asked[-1].text
    assert "already in use" not in asked[-1].text
    assert 0 < int(asked[-1]["Retry-After"]) <= 60
    free = sign_up("probe", ATTACKER)
    assert free.status_code == 429, "the wait tells nothing either"
    assert sign_up("student").status_code == 302, "another network"
    pass_time(timedelta(minutes=2))
    assert sign_up("probe", ATTACKER).status_code == 302


def test_people_of_one_room_who_have_an_account_keep_nobody_out(settings: Any) -> None:
    """Each forgot that they have an account, and tries it again and again; free addresses count nothing."""
    few_taken(settings)
    for email in [make_person().email for _ in range(3)] * 4:
        assert sign_up("again", email=email).status_code == 422
    for number in range(5):
        assert sign_up(f"student_{number}").status_code == 302
        assert sign_up(f"student_{number}x", email=f"student_{number}@campus.test").status_code == 302


def test_forty_people_with_an_account_are_below_the_limit(settings: Any) -> None:
    assert settings.BACKOFFS["taken"].free > 40
