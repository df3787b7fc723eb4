"""Schedule notes by the form, for the tests of this folder."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from notes.models import Note
from tests.markup import words
from tests.notes.compose.filled_form import NEW, filled_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
DRAFTS = "/notes/drafts/"


def ahead(**span: float) -> datetime:
    """A time so far ahead, to the minute, as a field has it."""
    return (timezone.now() + timedelta(**span)).replace(second=0, microsecond=0)


def typed(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def schedule(client: Client, at: datetime | str, address: str = NEW, **changes: Any) -> HttpResponse:
    when = at if isinstance(at, str) else typed(at)
    said = {"title": "In good time", "body": "Words", "publish_at": when, "action": "schedule"} | changes
    return client.post(address, filled_in(client, address, **said))


def scheduled(client: Client, at: datetime, **changes: Any) -> Note:
    response = schedule(client, at, **changes)
    assert (response.status_code, response["Location"]) == (303, DRAFTS), words(response)
    return Note.objects.latest("pk")


def is_out(note: Note) -> bool:
    note.refresh_from_db()
    return note.status == "published"


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"
