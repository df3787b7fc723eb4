"""An unconfirmed address has no power: examples, where test_address_states.py walks at random."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from leaving.actions.removal import remove_leavers
from leaving.traces import rows_of, words_in_tables
from people.actions.addresses import (
    ENDED_AT_ONCE,
    Outdated,
    confirm_address,
    end_unconfirmed,
    forget_previous_addresses,
    restore_address,
)
from people.actions.moderators import appoint
from profiles.models import PreviousAddress, User
from tests.builders import PASSWORD, make_draft, make_note, make_person, signed_in
from tests.mailbox import arrived, link_in
from tests.markup import words
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
FRESH = "another long walk"
REMINDER = "to keep your account"


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


def browser_of(email: str, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": email, "password": password})
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get("/settings/profile/").status_code == 200


def sign_up(email: str, handle: str, password: str = PASSWORD) -> Client:
    browser = Client()
    answer = browser.post(
        "/accounts/signup/", {"email": email, "handle": handle, "password1": password, "birth_year": "2004"}
    )
    assert answer.status_code == 302
    return browser


def enter(browser: Client, email: str) -> None:
    """Types an address on the e-mail page, and the password where it is asked for."""
    answer = browser.post("/accounts/email/", {"action_add": "", "email": email})
    if "/reauthenticate/" in answer["Location"]:
        browser.post(answer["Location"], {"password": PASSWORD, "next": "/accounts/email/"})


def changed(browser: Client, email: str) -> dict[str, str]:
    """Changes the address and confirms it. Gives the links that were mailed, by address."""
    enter(browser, email)
    links = {message.to[0]: link_in(message.body) for message in arrived()}
    assert browser.post(links[email]).status_code == 302
    return {message.to[0]: link_in(message.body) for message in arrived()}


def confirm_link(handle: str) -> str:
    """The link that was mailed to the address with which this person signed up."""
    address = EmailAddress.objects.get(user__handle=handle, primary=True)
    return f"/accounts/confirm-email/{EmailConfirmationHMAC.create(address).key}/"


def test_a_pending_address_signs_in_nobody_and_resets_nothing(alice: User) -> None:
    enter(browser_of(alice.email), "mistyped@campus.test")
    assert {message.to[0] for message in arrived()} == {"mistyped@campus.test", alice.email}
    Client().post("/accounts/password/reset/", {"email": "mistyped@campus.test"})
    assert arrived() == []
    assert not is_signed_in(browser_of("mistyped@campus.test"))
    sign_up("mistyped@campus.test", "owner")


def test_signing_up_with_the_address_of_another_person_locks_them_out_of_nothing() -> None:
    stranger = sign_up("lin@campus.test", "stranger", FRESH)
    make_draft(User.objects.get(handle="stranger"))
    arrived()
    Client().post("/accounts/password/reset/", {"email": "lin@campus.test"})
    assert arrived() == [], "it is not confirmed"
    lin = sign_up("lin@campus.test", "lin")
    link = confirm_link("stranger")
    assert is_signed_in(browser_of("lin@campus.test", FRESH))
    assert is_signed_in(browser_of("lin@campus.test", PASSWORD))

    (message,) = arrived()
    assert lin.post(link_in(message.body)).status_code == 302
    assert not is_signed_in(stranger)
    assert "This link has expired" in Client().get(link).text
    assert not is_signed_in(browser_of("lin@campus.test", FRESH))
    remove_leavers()
    run_jobs()
    assert list(User.objects.values_list("handle", flat=True)) == ["lin"]
    assert mail.outbox == [], "the address of the account that ended is another person's"
    Client().post("/accounts/password/reset/", {"email": "lin@campus.test"})
    assert "@lin" in arrived()[0].body


def test_who_signed_up_twice_gives_the_password_of_the_account_that_is_signed_in() -> None:
    first, _second = sign_up("lin@campus.test", "first"), sign_up("lin@campus.test", "second")
    asked = first.post("/settings/data/")
    assert "/reauthenticate/" in asked["Location"]
    assert first.post(asked["Location"], {"password": PASSWORD}).status_code == 303


def test_a_claim_that_came_in_while_another_confirmed_signs_in_nowhere(alice: User) -> None:
    squatter = make_person("squatter", verified=False)
    squatter.set_password(FRESH)
    squatter.email = alice.email
    squatter.save()
    assert not is_signed_in(browser_of(alice.email, FRESH))
    assert is_signed_in(browser_of(alice.email))


def test_confirming_a_change_to_an_address_that_is_claimed_ends_the_claim(alice: User) -> None:
    sign_up("shared@campus.test", "claims")
    bob = make_person("bob")
    enter(browser_of(bob.email), "shared@campus.test")
    arrived()
    changed(browser_of(alice.email), "shared@campus.test")
    alice.refresh_from_db()
    assert alice.email == "shared@campus.test"
    assert User.objects.get(handle="claims").going_at
    assert list(EmailAddress.objects.filter(user=bob).values_list("email", flat=True)) == [bob.email]


def test_a_link_to_an_address_that_another_account_confirmed_says_so(alice: User, bob: User) -> None:
    browser = browser_of(alice.email)
    enter(browser, bob.email)
    link = next(link_in(message.body) for message in arrived() if message.to == [bob.email])
    answer = browser.post(link)
    assert answer.status_code == 200
    assert "confirmed for another account" in answer.text
    alice.refresh_from_db()
    assert alice.email == "alice@campus.test"


def test_a_change_is_confirmed_by_its_person_alone(alice: User, bob: User) -> None:
    browser = browser_of(alice.email)
    enter(browser, "new@campus.test")
    link = next(link_in(message.body) for message in arrived() if message.to == ["new@campus.test"])

    stranger = Client()
    for answer in (stranger.get(link), stranger.post(link, {"next": link})):
        assert answer["Location"].startswith("/accounts/login/?next=")
    other = signed_in(bob)
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 403
        assert "This link is for another account" in answer.text
    assert is_signed_in(other), "opening a link does not sign out"
    alice.refresh_from_db()
    assert alice.email == "alice@campus.test"

    asked = stranger.get(link)["Location"]
    onward = stranger.post(asked, {"login": alice.email, "password": PASSWORD, "next": link})["Location"]
    assert onward == link
    assert "Yes, confirm" in stranger.get(link).text
    assert stranger.post(link).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "new@campus.test"


@pytest.mark.parametrize("how", ["change", "reset"])
def test_a_new_password_ends_what_a_person_with_the_old_one_began(alice: User, how: str) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    old_reset = link_in(arrived()[0].body)
    thief = browser_of(alice.email)
    enter(thief, "thief@campus.test")
    link = next(link_in(message.body) for message in arrived() if message.to == ["thief@campus.test"])
    owner = browser_of(alice.email)
    if how == "change":
        owner.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": FRESH})
        assert is_signed_in(owner)
        assert UserSession.objects.filter(user=alice).count() == 1
    else:
        form = owner.get(old_reset)["Location"]
        assert owner.post(form, {"password1": FRESH}).status_code == 302
    assert not is_signed_in(thief)
    assert "This link has expired" in browser_of(alice.email, FRESH).get(link).text
    assert Client().get(old_reset).status_code == 200, "it leads to no form"
    assert not EmailAddress.objects.filter(email="thief@campus.test").exists()
    assert [message.subject for message in arrived()] == ["Your Red Book password was changed"]


def test_signing_in_leaves_the_owners_reset_link_alone(alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    thief = browser_of(alice.email)
    enter(thief, "thief@campus.test")
    link = next(link_in(message.body) for message in arrived() if "/reset/key/" in message.body)
    assert Client().get(link).status_code == 302


def test_the_old_address_has_a_way_back_for_a_week(alice: User, bob: User) -> None:
    thief = browser_of(alice.email)
    links = changed(thief, "thief@campus.test")
    back = links["alice@campus.test"]
    changed(thief, "thief2@campus.test")
    thief.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": FRESH})

    owner = Client()
    page = words(owner.get(back))
    assert "@alice gets alice@campus.test back and loses thief@campus.test" in page
    assert is_signed_in(thief), "opening the link changes nothing"
    squatter = sign_up("alice@campus.test", "squatter")
    enter(browser_of(bob.email), "alice@campus.test")
    form = owner.post(back)["Location"]
    assert not is_signed_in(thief)
    assert not UserSession.objects.filter(user=alice).exists()
    assert not is_signed_in(squatter)
    assert not EmailAddress.objects.filter(user=bob, primary=False).exists()
    for address in ("alice@campus.test", "thief@campus.test", "thief2@campus.test"):
        assert not is_signed_in(browser_of(address, FRESH))
    assert owner.post(owner.get(form)["Location"], {"password1": "the third long walk"}).status_code == 302
    assert is_signed_in(browser_of("alice@campus.test", "the third long walk"))
    assert "This link has expired" in Client().post(back).text, "twice is harmless"
    assert is_signed_in(browser_of("alice@campus.test", "the third long walk"))
    assert not PreviousAddress.objects.exists()


def test_a_way_back_ends_those_to_later_addresses_alone(alice: User, bob: User) -> None:
    browser = browser_of(alice.email)
    first = changed(browser, "second@campus.test")["alice@campus.test"]
    second = changed(browser, "third@campus.test")["second@campus.test"]
    others = changed(browser_of(bob.email), "bobby@campus.test")["bob@campus.test"]
    assert Client().post(second).status_code == 302
    assert "Restore your address?" in Client().get(others).text, "of another person"
    assert Client().post(first).status_code == 302, "to an earlier address"
    alice.refresh_from_db()
    assert alice.email == "alice@campus.test"


def test_what_is_over_is_not_taken_up_again(alice: User) -> None:
    """However the link was opened: after a week, and for an account that ends."""
    changed(browser_of(alice.email), "new@campus.test")
    previous = PreviousAddress.objects.get()
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    with pytest.raises(Outdated):
        restore_address(previous=previous)
    User.objects.filter(pk=alice.pk).update(leaving_at=None, going_at=None)
    PreviousAddress.objects.update(replaced_at=timezone.now() - timedelta(days=7, minutes=1))
    with pytest.raises(Outdated):
        restore_address(previous=previous)
    late = make_person("late", verified=False)
    User.objects.filter(pk=late.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    with pytest.raises(Outdated):
        confirm_address(address=EmailAddress.objects.get(user=late), site="http://testserver", language="en")
    assert not EmailAddress.objects.get(user=late).verified


def test_a_change_asked_for_twice_is_the_later_one(alice: User) -> None:
    browser = browser_of(alice.email)
    links = {}
    for email in ("one@campus.test", "two@campus.test"):
        enter(browser, email)
        links |= {message.to[0]: link_in(message.body) for message in arrived()}
    assert "This link has expired" in browser.post(links["one@campus.test"]).text
    assert browser.post("/accounts/email/", {"action_remove": ""}).status_code == 303
    assert "This link has expired" in browser.post(links["two@campus.test"]).text
    assert list(EmailAddress.objects.filter(user=alice).values_list("email", "primary")) == [
        (alice.email, True)
    ]


def test_a_change_asks_for_the_password_again_after_a_while(alice: User) -> None:
    browser = browser_of(alice.email)
    session = browser.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    answer = browser.post("/accounts/email/", {"action_add": "", "email": "new@campus.test"})
    assert "/reauthenticate/" in answer["Location"]
    assert not EmailAddress.objects.filter(email="new@campus.test").exists()
    enter(browser, "new@campus.test")
    assert EmailAddress.objects.filter(email="new@campus.test").exists()


def test_the_way_back_ends_after_a_week_and_where_the_address_is_anothers(alice: User) -> None:
    back = changed(browser_of(alice.email), "new@campus.test")["alice@campus.test"]
    other = make_person("other")
    EmailAddress.objects.filter(user=other).update(email="alice@campus.test")
    User.objects.filter(pk=other.pk).update(email="alice@campus.test")
    assert "was confirmed for another account since then" in words(Client().post(back))
    forget_previous_addresses()
    assert PreviousAddress.objects.exists()
    PreviousAddress.objects.update(replaced_at=timezone.now() - timedelta(days=7, minutes=1))
    assert "This link has expired" in Client().get(back).text
    assert "This link has expired" in Client().get("/accounts/email/restore/spoilt/").text
    forget_previous_addresses()
    assert not PreviousAddress.objects.exists()


def test_two_people_one_after_the_other_correct_their_address() -> None:
    for handle in ("first", "second"):
        browser = sign_up(f"{handle}@campsu.test", handle)
        (old,) = arrived()
        page = words(browser.get("/about/"))
        assert f"Confirm {handle}@campsu.test by " in page
        assert REMINDER in page
        enter(browser, f"{handle}@campus.test")
        (message,) = arrived()
        assert message.to == [f"{handle}@campus.test"]
        person = User.objects.get(handle=handle)
        assert person.email == f"{handle}@campus.test"
        assert not is_signed_in(browser_of(f"{handle}@campsu.test"))
        assert "This link has expired" in browser.post(link_in(old.body)).text
        assert Client().post(link_in(message.body)).status_code == 302
        assert User.objects.get(handle=handle).is_verified
        assert REMINDER not in words(browser.get("/about/"))


def test_an_address_that_another_account_confirmed_is_no_correction(alice: User) -> None:
    browser = sign_up("lin@campsu.test", "lin")
    answer = browser.post("/accounts/email/", {"action_add": "", "email": alice.email})
    assert answer.status_code == 422
    assert "already in use" in answer.text
    assert User.objects.get(handle="lin").email == "lin@campsu.test"


def test_the_banner_resends_and_leads_back(alice: User) -> None:
    browser = sign_up("lin@campus.test", "lin")
    arrived()
    answer = browser.post("/accounts/email/", {"action_send": "1", "next": "/about/"})
    assert answer["Location"] == "/about/"
    (message,) = arrived()
    assert message.to == ["lin@campus.test"]
    assert "Resend" not in words(signed_in(alice).get("/about/"))
    assert "Resend" not in words(Client().get("/about/"))


def test_unconfirmed_accounts_end_after_two_weeks(mona: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    late, soon = make_person("late_lin", verified=False), make_person("soon", verified=False)
    make_draft(late)
    browser = browser_of(late.email)
    spared = [make_person(handle, verified=False) for handle in ("staff", "author", "root")] + [mona]
    appoint(person=spared[0])
    User.objects.filter(pk=spared[2].pk).update(is_superuser=True)
    make_note(spared[1])
    everyone = User.objects.exclude(pk=soon.pk).filter(unconfirmed_until__isnull=False)
    everyone.update(unconfirmed_until=timezone.now())
    User.objects.filter(pk=soon.pk).update(unconfirmed_until=timezone.now() + timedelta(minutes=1))
    for _ in "ab":
        end_unconfirmed()
        assert not is_signed_in(browser)
        remove_leavers()
        run_jobs()
    assert set(User.objects.values_list("handle", flat=True)) == {"soon", "staff", "author", "root", "mona"}
    assert list(rows_of(late.pk)) == list(words_in_tables(["late_lin"])) == []
    assert mail.outbox == []
    call_command("traces", str(late.pk), late.email, late.handle)


def test_they_end_in_small_steps(monkeypatch: Any) -> None:
    assert ENDED_AT_ONCE == 100
    monkeypatch.setattr("people.actions.addresses.ENDED_AT_ONCE", 2)
    for _ in range(3):
        make_person(verified=False)
    User.objects.update(unconfirmed_until=timezone.now())
    end_unconfirmed()
    assert User.objects.filter(going_at__isnull=False).count() == 2
    end_unconfirmed()
    assert User.objects.filter(going_at__isnull=False).count() == 3


def test_time_runs_from_sign_up_whatever_address_is_entered() -> None:
    browser = sign_up("lin@campsu.test", "lin")
    person = User.objects.get()
    assert person.unconfirmed_until
    assert timedelta(days=13, hours=23) < person.unconfirmed_until - timezone.now() < timedelta(days=14)
    enter(browser, "lin@campus.test")
    assert User.objects.get().unconfirmed_until == person.unconfirmed_until


def test_accounts_that_the_operator_makes_are_confirmed() -> None:
    root = User.objects.create_superuser("Root@Campus.test", "root", PASSWORD)
    assert root.is_verified
    assert EmailAddress.objects.get(user=root).verified
    Client().post("/accounts/password/reset/", {"email": "root@campus.test"})
    assert arrived()[0].to == ["root@campus.test"]


def test_a_moderator_whose_address_another_confirms_keeps_the_account() -> None:
    odd = make_person("odd", verified=False)
    appoint(person=odd)
    owner = sign_up(odd.email, "owner")
    (message,) = arrived()
    assert owner.post(link_in(message.body)).status_code == 302
    odd.refresh_from_db()
    assert (odd.email, odd.going_at) == (f"person-{odd.pk}@nobody.invalid", None)
    assert EmailAddress.objects.get(user=odd, primary=True).email == odd.email
