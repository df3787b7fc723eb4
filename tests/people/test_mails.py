"""Mails are queued: no request waits for a mail server, and the queue holds neither address nor link."""

import importlib
import runpy
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.jobs import AFTER_MAIL_TROUBLE
from people.tasks import send_mail
from profiles.models import User
from tests.builders import make_person
from tests.leaving.asking import LEAVING, press
from tests.mailbox import arrived
from tests.people.test_unconfirmed_addresses import browser_of, enter, sign_up
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


def refuse(*args: Any, **kwargs: Any) -> None:
    raise smtplib.SMTPServerDisconnected


def ask_for_all(alice: User) -> None:
    """What has mails sent, of every kind."""
    sign_up("lin@campus.test", "lin")
    browser = browser_of(alice.email)
    enter(browser, "new@campus.test")
    for email in (alice.email, "nobody@campus.test"):
        assert Client().post("/accounts/password/reset/", {"email": email}).status_code == 302
    assert press(browser, LEAVING).status_code == 303


def test_a_mail_server_that_refuses_costs_no_request_anything(alice: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    ask_for_all(alice)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        run_jobs()
    job = send_mail.configure().job
    assert AFTER_MAIL_TROUBLE.get_retry_decision(exception=OSError(), job=job.evolve(attempts=3))


@contextmanager
def mail_server_that_hangs() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_mail_server_that_hangs_costs_no_request_anything_and_the_worker_little(
    alice: User, settings: Any
) -> None:
    with mail_server_that_hangs() as port:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 0.2},
            }
        }
        ask_for_all(alice)
        started = time.monotonic()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out") as gave_up:
            run_jobs()
        assert 0.2 <= time.monotonic() - started < 5
    job = send_mail.configure().job
    waits = []
    for attempts in range(AFTER_MAIL_TROUBLE.max_attempts or 0):
        decision = AFTER_MAIL_TROUBLE.get_retry_decision(
            exception=gave_up.value, job=job.evolve(attempts=attempts)
        )
        assert decision
        assert decision.retry_at
        waits.append((decision.retry_at - timezone.now()).total_seconds())
    assert waits == sorted(waits)
    assert waits[0] < 10
    assert sum(waits) > 6 * 3600
    assert not AFTER_MAIL_TROUBLE.get_retry_decision(
        exception=gave_up.value, job=job.evolve(attempts=len(waits))
    )


def test_the_mail_server_has_seconds_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_DIR", "")
    assert runpy.run_path("redbook/settings.py")["MAILERS"]["default"]["OPTIONS"]["timeout"] == 10
    monkeypatch.setenv("SMTP_TIMEOUT", "3")
    assert runpy.run_path("redbook/settings.py")["MAILERS"]["default"]["OPTIONS"]["timeout"] == 3


def test_an_address_that_runs_from_the_right_turns_no_sentence_around(alice: User) -> None:
    browser = browser_of(alice.email)
    enter(browser, "lin@مثال.test")
    (asked,) = (message.body for message in arrived() if message.to == [alice.email])
    shown = "\u2068lin@مثال.test\u2069"
    assert f"change your e-mail address to {shown}. It changes" in asked
    assert shown in browser.get("/accounts/email/").text


def test_the_queue_names_rows_alone(alice: User) -> None:
    """A reader of the queue, or of a copy of it, learns no address and can open no account."""
    ask_for_all(alice)
    waiting = ProcrastinateJob.objects.filter(queue_name="mail")
    assert {job.task_name for job in waiting} == {"send_mail", "send_letter"}
    assert waiting.count() >= 6
    for job in waiting:
        assert "@" not in str(job.args)
        assert set(job.args) <= {"mail", "letter", "person_id", "site", "language", "about"}
        assert job.priority > 0, "not behind photos"
    run_jobs()
    assert not ProcrastinateJob.objects.filter(queue_name="mail").exists()


def test_what_is_no_longer_so_is_not_mailed(alice: User) -> None:
    browser = browser_of(alice.email)
    enter(browser, "new@campus.test")
    browser.post("/accounts/email/", {"action_remove": ""})
    assert arrived() == []


def test_a_known_and_an_unknown_address_are_answered_alike(alice: User) -> None:
    """The same page, after the same queries."""
    seen = []
    for email in (alice.email, "nobody@campus.test"):
        client = Client()
        client.get("/accounts/password/reset/")
        with connection.execute_wrapper(lambda run, sql, *rest: (seen[-1].append(sql), run(sql, *rest))[1]):
            seen.append([])
            answer = client.post("/accounts/password/reset/", {"email": email}, follow=True)
        seen[-1].append(answer.text.partition("<main")[2])
    assert seen[0] == seen[1]
    run_jobs()
    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_the_upgrade_gives_two_weeks_and_mends_what_was_left_half_done() -> None:
    """An account without an address, one that the operator made, one that never confirmed, and a confirmed one."""
    lost, waits, fine = (make_person(handle) for handle in ("lost", "waits", "fine"))
    operator = User.objects.create_user("operator@campus.test", "operator", is_staff=True)
    EmailAddress.objects.filter(user=lost).update(email="right@campus.test", primary=False, verified=False)
    EmailAddress.objects.filter(user=waits).update(verified=False)
    EmailAddress.objects.create(user=waits, email="other@campus.test")
    User.objects.filter(pk=lost.pk).update(email="")
    User.objects.update(unconfirmed_until=None)

    module = importlib.import_module("profiles.migrations.0014_mend_addresses")
    with connection.cursor() as cursor:
        cursor.execute(module.MEND)
    later = timezone.now() + timedelta(days=13, hours=23)
    for person, email, is_confirmed in (
        (lost, "right@campus.test", False),
        (waits, "waits@campus.test", False),
        (fine, "fine@campus.test", True),
        (operator, "operator@campus.test", True),
    ):
        person.refresh_from_db()
        address = EmailAddress.objects.get(user=person, primary=True)
        assert (person.email, address.email, address.verified) == (email, email, is_confirmed)
        assert person.unconfirmed_until is None if is_confirmed else person.unconfirmed_until > later
