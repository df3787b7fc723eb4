"""Fill in the compose form as a browser without JavaScript does."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from notes.models import Note
from tests.markup import form_in

NEW = "/notes/new/"


def filled_in(client: Client, address: str = NEW, **changes: Any) -> dict[str, Any]:
    """What the form at this address sends with these changes, its button Publish pressed unless they say otherwise."""
    return form_in(client.get(address), "compose").filled(**{"action": "publish"} | changes)


def send(client: Client, address: str = NEW, **changes: Any) -> HttpResponse:
    return client.post(address, filled_in(client, address, **changes))


def again(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What the form that came back sends, with these changes."""
    return form_in(response, "compose").filled(**{"action": "publish"} | changes)


def made(response: HttpResponse) -> Note:
    """The one note there is, to whose page or editor the answer leads."""
    note = Note.objects.get()
    assert response.status_code == 303, response.content.decode()
    assert response["Location"].removesuffix("edit/") == note.get_absolute_url()
    return note
