"""Random paths through signing up, correcting, changing, confirming, resetting and restoring, by two people with
three addresses: after each step a small model predicts who can sign in with what.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leaving.actions.removal import remove_leavers
from people.actions.addresses import end_unconfirmed
from profiles.accounts import Backend
from profiles.models import PreviousAddress, User
from tests.mailbox import arrived, link_in
from tests.servers import run_jobs

ADDRESSES = ["one@campus.test", "two@campus.test", "three@campus.test"]
PASSWORDS = ["a long walk home", "another long walk", "the third long walk"]
PEOPLE = ["ann", "ben"]


@dataclass
class Account:
    """What is true of an account. `password` is None after a way back, until a new one is set."""

    handle: str
    email: str
    password: str | None
    is_confirmed: bool = False
    pending: str = ""
    generation: int = 0  # of confirmation links: any change of claimed addresses begins another


@dataclass
class Mailed:
    """A link, and what it did when it was mailed."""

    kind: str  # confirm, change, reset, restore
    path: str
    account: Account
    email: str
    generation: int = 0
    password: str | None = None
    is_used: bool = False


class Addresses(RuleBasedStateMachine):
    accounts: dict[str, Account]

    @initialize(confirmed=st.booleans())
    def begin(self, confirmed: bool) -> None:
        """Half of the walks begin where one person has confirmed an address and asked to change it."""
        self.accounts, self.links, self.seen = {}, [], None
        self.browsers: dict[str, Client] = {}
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        mail.outbox.clear()
        if confirmed:
            self.sign_up("ann", ADDRESSES[0], PASSWORDS[0])
            self.browsers["ann"].post(self.links[0].path)
            self.become(self.accounts["ann"], ADDRESSES[0])
            self.enter_address("ann", ADDRESSES[1])

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What people do

    @rule(
        handle=st.sampled_from(PEOPLE), email=st.sampled_from(ADDRESSES), password=st.sampled_from(PASSWORDS)
    )
    def sign_up(self, handle: str, email: str, password: str) -> None:
        if handle in self.accounts:
            return
        browser = Client()
        answer = browser.post(
            "/accounts/signup/",
            {"email": email, "handle": handle, "password1": password, "birth_year": "2004"},
        )
        is_taken = self.owner(email) is not None
        assert answer.status_code == (422 if is_taken else 302), answer.content.decode()
        if not is_taken:
            self.accounts[handle] = Account(handle, email, password)
            self.browsers[handle] = browser
            self.collect()

    @rule(handle=st.sampled_from(PEOPLE), email=st.sampled_from(ADDRESSES))
    def enter_address(self, handle: str, email: str) -> None:
        """Corrects an unconfirmed address; asks to change a confirmed one."""
        account = self.signed_in(handle)
        if not account:
            return
        self.posts(handle, "/accounts/email/", {"action_add": "", "email": email})
        if account.is_confirmed:
            if email != account.email:
                account.pending, account.generation = email, account.generation + 1
        elif not self.owner(email):
            account.email, account.generation = email, account.generation + 1
        self.collect()

    @rule(handle=st.sampled_from(PEOPLE))
    def cancel_change(self, handle: str) -> None:
        if account := self.signed_in(handle):
            self.posts(handle, "/accounts/email/", {"action_remove": ""})
            if account.pending:
                account.pending, account.generation = "", account.generation + 1

    @rule(handle=st.sampled_from(PEOPLE))
    def resend(self, handle: str) -> None:
        if self.signed_in(handle):
            self.posts(handle, "/accounts/email/", {"action_send": ""})
            self.collect()

    @precondition(lambda self: any(link.kind in {"confirm", "change"} for link in self.links))
    @rule(data=st.data(), opened_by=st.sampled_from([*PEOPLE, "nobody"]))
    def confirm(self, data: Any, opened_by: str) -> None:
        link = data.draw(st.sampled_from([each for each in self.links if each.kind in {"confirm", "change"}]))
        browser = self.browsers[opened_by] if self.signed_in(opened_by) else Client()
        assert browser.get(link.path).status_code < 500
        answer = browser.post(link.path)
        assert answer.status_code < 500
        account = link.account
        is_alive = link.generation == account.generation and self.accounts.get(account.handle) is account
        is_allowed = link.kind == "confirm" or (
            opened_by == account.handle and self.signed_in(opened_by) is account
        )
        if not is_alive or not is_allowed or self.owner(link.email) not in {None, account.handle}:
            return
        assert answer.status_code == 302
        self.become(account, link.email)
        self.collect()

    @rule(handle=st.sampled_from(PEOPLE), password=st.sampled_from(PASSWORDS))
    def change_password(self, handle: str, password: str) -> None:
        account = self.signed_in(handle)
        if not account:
            return
        data = {"oldpassword": account.password, "password1": password}
        assert self.browsers[handle].post("/accounts/password/change/", data).status_code == 302
        self.set_password(account, password)
        assert self.signed_in(handle), "this browser stays signed in"
        self.collect()

    @rule(email=st.sampled_from(ADDRESSES))
    def ask_reset(self, email: str) -> None:
        answer = Client().post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/"
        owner = self.owner(email)
        run_jobs()
        sent = [message.to for message in mail.outbox]
        assert sent == ([[email]] if owner else [])
        self.collect()

    @precondition(lambda self: any(link.kind == "reset" for link in self.links))
    @rule(data=st.data(), password=st.sampled_from(PASSWORDS))
    def reset(self, data: Any, password: str) -> None:
        link = data.draw(st.sampled_from([each for each in self.links if each.kind == "reset"]))
        browser = Client()
        form = browser.get(link.path)
        account = link.account
        is_alive = (
            self.accounts.get(account.handle) is account
            and account.email == link.email
            and not link.is_used
            and account.password == link.password
        )
        assert form.status_code == (302 if is_alive else 200)
        if is_alive:
            assert browser.post(form["Location"], {"password1": password}).status_code == 302
            self.set_password(account, password)
            self.browsers.pop(account.handle, None)
            self.collect()

    @precondition(lambda self: any(link.kind == "restore" for link in self.links))
    @rule(data=st.data(), password=st.sampled_from([*PASSWORDS, None]))
    def restore(self, data: Any, password: str | None) -> None:
        link = data.draw(st.sampled_from([each for each in self.links if each.kind == "restore"]))
        browser, account = Client(), link.account
        assert browser.get(link.path).status_code == 200
        answer = browser.post(link.path)
        is_alive = not link.is_used and self.accounts.get(account.handle) is account
        if not is_alive or self.owner(link.email) not in {None, account.handle}:
            assert answer.status_code == 200
            return
        assert answer.status_code == 302
        self.become(account, link.email)
        self.set_password(account, None)
        self.browsers.pop(account.handle, None)
        for other in self.links[self.links.index(link) :]:
            if other.kind == "restore" and other.account is account:
                other.is_used = True
        if password:
            form = browser.get(answer["Location"])["Location"]
            assert browser.post(form, {"password1": password}).status_code == 302
            self.set_password(account, password)
        self.collect()

    @rule(
        handle=st.sampled_from(PEOPLE), email=st.sampled_from(ADDRESSES), password=st.sampled_from(PASSWORDS)
    )
    def sign_in(self, handle: str, email: str, password: str) -> None:
        account = self.accounts.get(handle)
        if account and handle in self.who_signs_in(email, password):
            browser = Client()
            browser.post("/accounts/login/", {"login": email, "password": password})
            if browser.session.get("_auth_user_id") == str(User.objects.get(handle=handle).pk):
                self.browsers[handle] = browser

    @rule(days=st.sampled_from([1, 8, 15]))
    def time_passes(self, days: int) -> None:
        gone = timedelta(days=days)
        for person in User.objects.filter(unconfirmed_until__isnull=False):
            User.objects.filter(pk=person.pk).update(unconfirmed_until=person.unconfirmed_until - gone)
        for previous in PreviousAddress.objects.all():
            PreviousAddress.objects.filter(pk=previous.pk).update(replaced_at=previous.replaced_at - gone)
        end_unconfirmed()
        late = set(
            User.objects.filter(unconfirmed_until__lte=timezone.now()).values_list("handle", flat=True)
        )
        for handle in late:
            self.end(self.accounts[handle])
        for link in self.links:
            if link.kind == "restore" and days > 7:
                link.is_used = True

    # The model

    def owner(self, email: str) -> str | None:
        """Whose confirmed address this is."""
        return next(
            (each.handle for each in self.accounts.values() if each.is_confirmed and each.email == email),
            None,
        )

    def who_signs_in(self, email: str, password: str) -> set[str]:
        owner = self.owner(email)
        people = [self.accounts[owner]] if owner else self.accounts.values()
        return {each.handle for each in people if each.email == email and each.password == password}

    def signed_in(self, handle: str) -> Account | None:
        """The account whose browser this is, if it is still signed in, as the site says."""
        request = HttpRequest()
        request.session = self.browsers.get(handle, Client()).session
        return self.accounts[handle] if get_user(request).is_authenticated else None

    def become(self, account: Account, email: str) -> None:
        account.email, account.is_confirmed, account.pending = email, True, ""
        account.generation += 1
        for other in list(self.accounts.values()):
            if other is account:
                continue
            if other.pending == email:
                other.pending, other.generation = "", other.generation + 1
            if not other.is_confirmed and other.email == email:
                self.end(other)

    def set_password(self, account: Account, password: str | None) -> None:
        account.password = password
        for link in self.links:
            if link.kind == "reset" and link.account is account:
                link.is_used = True
        if account.pending:
            account.pending, account.generation = "", account.generation + 1

    def end(self, account: Account) -> None:
        del self.accounts[account.handle]
        self.browsers.pop(account.handle, None)
        remove_leavers()
        self.collect()
        assert not User.objects.filter(handle=account.handle).exists()

    def collect(self) -> None:
        """Keeps the links in what was mailed; a reset goes to a confirmed address alone."""
        for message in arrived():
            (to,) = message.to
            path = link_in(message.body)
            handle = message.body.partition("@")[2].split()[0]
            account = self.accounts.get(handle)
            if not path or not account:
                continue
            if "/confirm-email/" in path:
                kind = "change" if account.is_confirmed else "confirm"
                assert to == (account.pending if kind == "change" else account.email)
            else:
                kind = "restore" if "/restore/" in path else "reset"
                assert kind == "restore" or self.owner(to) == handle
            self.links.append(Mailed(kind, path, account, to, account.generation, account.password))

    def posts(self, handle: str, path: str, data: dict[str, str]) -> None:
        """Sends a form, and the password where it is asked for."""
        browser = self.browsers[handle]
        answer = browser.post(path, data)
        assert answer.status_code < 500
        if answer.status_code == 302 and "/reauthenticate/" in answer["Location"]:
            again = {"password": self.accounts[handle].password, "next": path}
            assert browser.post(answer["Location"], again).status_code < 500

    # What holds after every step

    @invariant()
    def sign_in_is_as_the_model_says(self) -> None:
        """Asked again whenever a row changed that it depends on."""
        if not hasattr(self, "accounts"):
            return
        rows = set(User.objects.values_list("pk", "email", "password", "unconfirmed_until", "going_at"))
        if rows == self.seen:
            return
        self.seen = rows
        for email in ADDRESSES:
            for password in PASSWORDS:
                found = Backend().authenticate(None, email=email, password=password)
                people = self.who_signs_in(email, password)
                assert (found.handle if found else None) in (people or {None}), (email, password, people)

    @invariant()
    def every_account_has_one_address(self) -> None:
        if not hasattr(self, "accounts"):
            return
        for person in User.objects.filter(going_at=None):
            (primary,) = EmailAddress.objects.filter(user=person, primary=True)
            assert primary.email == person.email != ""
            assert primary.verified == person.is_verified == self.accounts[person.handle].is_confirmed
            pending = EmailAddress.objects.filter(user=person, primary=False)
            assert [each.email for each in pending] == list(
                filter(None, [self.accounts[person.handle].pending])
            )
        confirmed = list(EmailAddress.objects.filter(verified=True).values_list("email", flat=True))
        assert len(confirmed) == len(set(confirmed))


def walk(examples: int, steps: int) -> None:
    Addresses.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate],  # not shortened: that takes longer than all the walks
    )
    Addresses.TestCase().runTest()


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.django_db
def test_some_paths() -> None:
    walk(examples=4, steps=15)


@pytest.mark.long
@pytest.mark.django_db
def test_many_paths() -> None:
    """Some five minutes on one core."""
    walk(examples=150, steps=40)
