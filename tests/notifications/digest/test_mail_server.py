"""What becomes of a digest when the mail server refuses, hangs or breaks off."""

import time
from datetime import timedelta
from typing import Any

import pytest

from core import backoff
from notes.models import Note
from notifications.actions import mark_read
from notifications.digest import actions
from notifications.digest.hours import LATE
from notifications.digest.models import Digest, Subscription
from notifications.digest.tokens import token_of
from notifications.models import Notification
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.markup import words
from tests.notifications.digest.conftest import EVENING, Clock, sweep, tell, turn_on
from tests.notifications.digest.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server_is_well(db: None) -> None:
    backoff.clear(actions.SERVER)


@pytest.fixture
def due(reader: User, bob: User, note: Note, clock: Clock) -> Digest:
    """It is evening, and one comment is new."""
    tell(note, bob, clock)
    clock.now = EVENING
    return Digest(person=reader)


def state() -> tuple[str, int]:
    return Digest.objects.values_list("state", "tries").latest("pk")


def forget_wait() -> None:
    """The database's own clock decides how long the server is left alone; the test's does not move it."""
    backoff.clear(actions.SERVER)


@pytest.mark.parametrize("site", ["http://testserver", "https://notes.some-university.example.edu.cn"])
def test_it_arrives_whole(due: Digest, mail_server: MailServer, settings: Any, site: str) -> None:
    """Addresses are plain text of one line, however long: mail programs read no other."""
    settings.SITE_ADDRESS = site
    sweep()
    sweep()
    (taken,) = mail_server.taken
    assert taken["To"] == due.person.email
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (line,) = [
        line
        for line in mail_server.received[0].decode().splitlines()
        if line.startswith("List-Unsubscribe: ")
    ]
    assert line == f"List-Unsubscribe: <{site}/digest/{token_of(due.person_id)}/>"
    assert taken["Message-ID"] == f"<digest-{Digest.objects.get().pk}@{site.partition('://')[2]}>"
    assert [part.get_content_type() for part in taken.iter_parts()] == ["text/plain", "text/html"]
    assert state() == ("sent", 1)


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("connect", "421 too busy"),
        ("connect", "hang"),
        ("connect", "cut"),
        ("mail", "451 not now"),
        ("mail", "hang"),
        ("rcpt", "450 greylisted"),
        ("rcpt", "hang"),
        ("rcpt", "cut"),
        ("data", "451 not now"),
        ("data", "hang"),
        ("data", "cut"),
        ("message", "452 no room"),
    ],
)
def test_what_was_not_taken_comes_later_that_day(
    due: Digest, mail_server: MailServer, clock: Clock, where: str, answer: str
) -> None:
    mail_server.answers[where] = answer
    started = time.monotonic()
    sweep()
    assert time.monotonic() - started < 2
    assert (state(), mail_server.taken) == (("waiting", 1), [])
    assert Subscription.objects.get().next_at == EVENING + actions.WAITS[0]
    clock.tick(minutes=4)
    sweep()
    assert state() == ("waiting", 1), "not before its time"
    mail_server.answers.clear()
    forget_wait()
    clock.tick(minutes=1)
    sweep()
    assert (state(), len(mail_server.taken)) == (("sent", 2), 1)
    assert Subscription.objects.get().next_at == EVENING + timedelta(days=1)
    sweep()
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize(
    ("where", "answer", "becomes"),
    [
        ("mail", "550 no", "given_up"),
        ("rcpt", "550 unknown", "refused"),
        ("data", "554 no", "refused"),
        ("message", "552 spam", "refused"),
    ],
)
def test_a_refusal_for_good_ends_the_day(
    due: Digest, mail_server: MailServer, clock: Clock, where: str, answer: str, becomes: str
) -> None:
    mail_server.answers[where] = answer
    sweep()
    assert (state(), mail_server.taken) == ((becomes, 1), [])
    mail_server.answers.clear()
    while clock.now < EVENING + timedelta(hours=23):
        clock.tick(hours=1)
        sweep()
    assert mail_server.taken == []
    clock.now = EVENING + timedelta(days=1)
    sweep()
    assert "Well put." in mail_server.taken[0].get_body().get_content(), "nothing was left out"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("refused", "is_off"), [("address", [False, False, True]), ("rcpt", [False] * 3), ("mail", [False] * 3)]
)
def test_an_address_that_is_refused_three_times_is_mailed_no_more(
    due: Digest,
    bob: User,
    note: Note,
    mail_server: MailServer,
    clock: Clock,
    refused: str,
    is_off: list[bool],
) -> None:
    """Unless the server refuses everybody."""
    reader, other = due.person, make_person()
    turn_on(other)
    others_note = make_note(other)
    if refused == "address":
        mail_server.of_address[reader.email] = "550 unknown"
    else:
        mail_server.answers[refused] = "550 no"
    was_off = []
    for day in range(3):
        clock.now = EVENING + timedelta(days=day, hours=-1)
        tell(others_note, bob, clock)
        clock.now = EVENING + timedelta(days=day)
        sweep()
        was_off.append(Subscription.objects.get(person=reader).next_at is None)
    assert was_off == is_off
    page = words(signed_in(reader).get("/settings/notifications/"))
    assert ("Your mail provider refused three digests in a row" in page) is is_off[-1]
    if is_off[-1]:
        turn_on(reader)
        assert "refused three" not in words(signed_in(reader).get("/settings/notifications/"))


@pytest.mark.parametrize("answer", ["hang", "cut"])
@pytest.mark.parametrize("is_taken", [True, False])
def test_what_may_have_been_taken_is_not_sent_again_that_day(
    due: Digest, mail_server: MailServer, clock: Clock, answer: str, is_taken: bool
) -> None:
    mail_server.answers["message"], mail_server.takes_before_hanging = answer, is_taken
    sweep()
    assert (state(), len(mail_server.taken)) == (("claimed", 1), int(is_taken))
    mail_server.answers.clear()
    for _hour in range(23):
        clock.tick(hours=1)
        sweep()
    assert len(mail_server.taken) == int(is_taken)
    clock.now = EVENING + timedelta(days=1)
    sweep()
    assert len(mail_server.taken) == int(is_taken) + 1, "what it held is in the next"
    assert "Well put." in mail_server.taken[-1].get_body().get_content()  # type: ignore[union-attr]


def test_tries_are_few_and_end_before_the_night(due: Digest, mail_server: MailServer, clock: Clock) -> None:
    mail_server.answers["rcpt"] = "450 greylisted"
    while clock.now < EVENING + timedelta(hours=23):
        sweep()
        clock.tick(minutes=1)
    assert (state(), mail_server.seen.count("rcpt")) == (("given_up", 5), 5)
    assert clock.now - EVENING > LATE
    mail_server.answers.clear()
    clock.now = EVENING + timedelta(days=1)
    sweep()
    assert len(mail_server.taken) == 1


def test_one_address_that_hangs_holds_up_no_other(
    due: Digest, bob: User, mail_server: MailServer, clock: Clock
) -> None:
    others = [make_person() for _ in range(5)]
    clock.now = EVENING - timedelta(hours=2)
    for person in others:
        turn_on(person)
        tell(make_note(person), bob, clock)
    clock.now = EVENING
    mail_server.of_address[due.person.email] = "hang"
    started = time.monotonic()
    sweep()
    assert time.monotonic() - started < 3
    assert {mail["To"] for mail in mail_server.taken} == {person.email for person in others}


def test_a_server_that_is_away_is_asked_once_and_then_left_alone(
    bob: User, mail_server: MailServer, clock: Clock
) -> None:
    """Of fifty people the first waits for the timeout, and the worker is free for other jobs."""
    people = [make_person() for _ in range(50)]
    for person in people:
        turn_on(person)
        tell(make_note(person), bob, clock)
    clock.now = EVENING
    mail_server.answers["connect"] = "hang"
    started = time.monotonic()
    sweep()
    assert (mail_server.seen.count("connect"), time.monotonic() - started < 3) == (1, True)
    assert Digest.objects.count() == 1
    mail_server.answers.clear()
    forget_wait()
    clock.tick(hours=1)
    Subscription.objects.update(next_at=clock.now)  # the wait that the database's clock gave has passed
    sweep()
    assert len(mail_server.taken) == 50
    assert len({mail["To"] for mail in mail_server.taken}) == 50


@pytest.mark.parametrize("where", ["mail", "data", "message"])
def test_a_server_that_takes_connections_and_hangs_is_left_alone_too(
    bob: User, mail_server: MailServer, clock: Clock, where: str
) -> None:
    for _ in range(20):
        person = make_person()
        turn_on(person)
        tell(make_note(person), bob, clock)
    clock.now = EVENING
    mail_server.answers[where] = "hang"
    sweep()
    assert mail_server.seen.count(where) == 3


def test_turned_off_meanwhile(due: Digest, mail_server: MailServer, clock: Clock) -> None:
    mail_server.answers["rcpt"] = "450 greylisted"
    sweep()
    assert state() == ("waiting", 1)
    actions.unsubscribe(person_id=due.person_id)
    mail_server.answers.clear()
    for _hour in range(30):
        clock.tick(hours=1)
        sweep()
    assert mail_server.taken == []


def test_what_was_read_meanwhile_is_not_sent(due: Digest, mail_server: MailServer, clock: Clock) -> None:
    mail_server.answers["rcpt"] = "450 greylisted"
    sweep()
    mail_server.answers.clear()
    mark_read(person=due.person, newest=Notification.objects.latest("pk").pk)
    clock.tick(minutes=5)
    sweep()
    assert (state(), mail_server.taken) == (("given_up", 1), [])


def test_a_job_that_ran_when_the_worker_died_does_not_send_again(
    due: Digest, mail_server: MailServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between claim and mail, and between mail and its record: the claim stands, and the next day has it all."""
    monkeypatch.setattr(actions, "_record", lambda *_args: None)
    actions.send_digest(due.person_id)
    assert (state(), len(mail_server.taken)) == (("claimed", 1), 1)
    for _turn in range(3):
        actions.send_digest(due.person_id)  # run again
        sweep()
    assert len(mail_server.taken) == 1
