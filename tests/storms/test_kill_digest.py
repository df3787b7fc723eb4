"""kill -9 of the worker at each point of a digest: no day's is sent twice, and nothing is left out of the next."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from core.jobs import defer
from notes.models import Note
from notifications.digest.actions import begin_digests, save_digest
from notifications.digest.models import Digest, Subscription
from notifications.models import Notification
from profiles.models import User
from tests.builders import make_comment, make_note
from tests.notifications.digest.mail_server import MailServer, running
from tests.servers import Process, database_url, wait_until, worker_command
from tests.storms.kills import until, waiting_for_locks
from tests.storms.test_kill_worker import let_the_lease_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running() as server:
        yield server


@pytest.fixture
def start(mail_server: MailServer) -> Iterator[Callable[[], Process]]:
    """Starts a worker that mails to the test's server, and waits ten seconds for each of its answers."""
    started: list[Process] = []

    def begin() -> Process:
        at = {"MAIL_DIR": "", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail_server.port), "SMTP_TLS": "off"}
        started.append(Process("worker", worker_command(), **at))
        return started[-1]

    yield begin
    for process in started:
        process.stop()


@pytest.fixture
def note(alice: User, bob: User) -> Note:
    save_digest(person=alice, is_on=True, hour=hour_now(), language="en")
    note = make_note(alice)
    tell(note, bob, "First")
    return note


def hour_now() -> int:
    return (datetime.now(UTC).hour + 8) % 24  # in Shanghai


def tell(note: Note, by: User, words: str) -> None:
    make_comment(by, note, words)
    Notification.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=5))


def be_due() -> None:
    """It is the hour, which was a moment ago."""
    Subscription.objects.update(next_at=datetime.now(UTC))
    begin_digests()


def next_day() -> None:
    """A day passes: what was, was a day earlier."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE digests_digest SET day = day - 1, due_at = due_at - interval '1 day'")
    be_due()


def said(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def finish(
    start: Callable[[], Process], mail_server: MailServer, note: Note, bob: User, *, before: int
) -> None:
    """A second worker sends nothing more that day, however often it looks, and all of it on the next."""
    worker = start()
    let_the_lease_end()
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_digest' AND status IN ('todo', 'doing')"
    until(lambda: _one(jobs) == 0)
    be_due()
    until(lambda: _one(jobs) == 0)
    assert len(mail_server.taken) == before
    tell(note, bob, "Second")
    next_day()
    wait_until(lambda: len(mail_server.taken) == before + 1, "No digest came", worker, 60)
    assert "First" in said(mail_server.taken[-1])
    assert "Second" in said(mail_server.taken[-1])
    until(lambda: Digest.objects.latest("pk").state == "sent")
    assert Digest.objects.count() == 2


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def test_before_it_is_claimed(
    start: Callable[[], Process], mail_server: MailServer, note: Note, bob: User, alice: User
) -> None:
    """The claim waits for a lock when the worker dies: nothing was claimed, so the digest comes, once."""
    worker = start()
    with psycopg.connect(database_url()) as other:
        Subscription.objects.update(next_at=datetime.now(UTC))
        other.execute("SELECT FROM digests_subscription FOR UPDATE")
        defer("send_digest", person_id=alice.pk)
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    assert not Digest.objects.exists()
    second = start()
    let_the_lease_end()
    wait_until(lambda: len(mail_server.taken) == 1, "No digest came", second, 90)
    until(lambda: Digest.objects.get().state == "sent")


@pytest.mark.parametrize("where", ["connect", "mail", "rcpt", "data"])
def test_before_the_server_has_it(
    start: Callable[[], Process], mail_server: MailServer, note: Note, bob: User, where: str
) -> None:
    mail_server.answers[where] = "hang"
    worker = start()
    be_due()
    until(lambda: where in mail_server.seen)
    worker.kill()
    mail_server.answers.clear()
    assert (Digest.objects.get().state, mail_server.taken) == ("claimed", [])
    finish(start, mail_server, note, bob, before=0)


def test_after_the_server_has_it_and_before_it_says_so(
    start: Callable[[], Process], mail_server: MailServer, note: Note, bob: User
) -> None:
    mail_server.answers["message"], mail_server.takes_before_hanging = "hang", True
    worker = start()
    be_due()
    until(lambda: mail_server.taken)
    worker.kill()
    mail_server.answers.clear()
    assert Digest.objects.get().state == "claimed"
    finish(start, mail_server, note, bob, before=1)


def test_between_the_mail_and_its_record(
    start: Callable[[], Process], mail_server: MailServer, note: Note, bob: User
) -> None:
    worker = start()
    with psycopg.connect(database_url()) as other:
        hold_the_record(other, mail_server)
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    assert (Digest.objects.get().state, len(mail_server.taken)) == ("claimed", 1)
    finish(start, mail_server, note, bob, before=1)


def hold_the_record(other: psycopg.Connection, mail_server: MailServer) -> None:
    """Lock the claimed row while the server has the connection, before it takes the mail."""
    mail_server.pause.clear()
    be_due()
    until(lambda: "connect" in mail_server.seen)
    other.execute("SELECT FROM digests_digest FOR UPDATE")
    mail_server.pause.set()
