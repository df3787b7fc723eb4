"""Alice gets a digest at 18:00, and a clock that the test moves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone

from core.jobs import app
from notes.models import Note
from notifications.digest import actions
from notifications.models import Notification
from profiles.models import User
from tests.builders import make_comment, make_note
from tests.notifications.digest.mail_server import MailServer, running

MORNING = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
EVENING = MORNING + timedelta(hours=9)


class Clock:
    """What time it is for the code under test. Notifications are as old as the clock says when they are written."""

    def __init__(self) -> None:
        self.now = MORNING

    def tick(self, **passed: float) -> datetime:
        self.now += timedelta(**passed)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, db: None) -> Clock:
    moved = Clock()
    monkeypatch.setattr(timezone, "now", lambda: moved.now)
    return moved


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running() as server:
        settings.MAILERS = server.mailers
        yield server


@pytest.fixture
def note(alice: User, clock: Clock) -> Note:
    return make_note(alice, "Matcha by the window", published_at=MORNING - timedelta(days=1))


@pytest.fixture
def reader(alice: User, bob: User, note: Note) -> User:
    turn_on(alice)
    return alice


def turn_on(person: User, hour: int = 18) -> None:
    actions.save_digest(person=person, is_on=True, hour=hour, language="en")


def tell(note: Note, by: User, clock: Clock, words: str = "Well put.") -> Notification:
    """Have someone comment, and the author told of it, at the clock's time."""
    comment = make_comment(by, note, words)
    Notification.objects.filter(comment=comment).update(created_at=clock.now)
    return Notification.objects.get(comment=comment)


def sweep() -> list[EmailMultiAlternatives]:
    """Run what the worker runs each minute, and return the mails of it."""
    actions.begin_digests()
    _run()
    sent = list(mail.outbox)
    mail.outbox.clear()
    return sent  # type: ignore[return-value]


def _run() -> None:
    """Run the queued digests, whatever the clock says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'send_digest' RETURNING (args->>'person_id')::bigint"
        )
        people = [person for (person,) in cursor.fetchall()]
    for person in people:
        app.tasks["send_digest"](person_id=person)
