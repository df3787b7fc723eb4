"""Compose saves as one goes, and asks which version stays where another window saved a newer one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.limits import Limit
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_draft, make_note, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def keep(client: Client, form: dict[str, Any]) -> tuple[int, str]:
    response = client.post(NEW, form | {"action": "keep"})
    return response.status_code, response.text


def test_the_first_words_make_a_draft_once(client: Client) -> None:
    form = filled_in(client, title="", body="")
    assert keep(client, form) == (204, "")
    assert not Note.objects.exists(), "Nothing is typed."
    status, text = keep(client, form | {"body": "A word"})
    note = Note.objects.get()
    assert (status, note.body) == (200, "A word")
    assert f'data-draft="{note.pk}"' in text
    seen = text.partition('data-seen="')[2].partition('"')[0]
    assert keep(client, form | {"body": "A word more", "draft": note.pk, "seen": seen})[0] == 200
    assert keep(client, form | {"body": "A word more"})[0] == 200, "An answer that was lost."
    assert Note.objects.get().body == "A word more"


def test_a_photo_that_came_ahead_stays(client: Client) -> None:
    form = filled_in(client)
    key = form["key"][0] if isinstance(form["key"], list) else form["key"]
    put = {"photos": upload(), "key": "0d9a8a4e-7c61-4a9f-8f1d-1d6c3a7e3d11", "note": key}
    assert client.post("/uploads/", put).status_code == 200
    assert keep(client, form | {"body": "Words"})[0] == 200
    assert Photo.objects.get().note == Note.objects.get()


def test_the_limit_of_drafts_is_said(client: Client, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS |= {"drafts": Limit(1, timedelta(hours=1))}
    assert keep(client, filled_in(client, body="One"))[0] == 200
    status, text = keep(client, filled_in(client, body="Two"))
    assert status == 429
    assert "Try again" in text


def test_the_script_is_told_and_offers_both(client: Client, alice: User) -> None:
    draft = make_draft(alice, "As begun")
    address = f"{draft.get_absolute_url()}edit/"
    here = filled_in(client, address, body="From this window")
    client.post(address, filled_in(client, address, body="From the other", action="keep"))
    answer = client.post(address, here | {"action": "keep"})
    assert answer.status_code == 409
    assert "Keep this version" in answer.text
    assert f'href="{address}"' in answer.text
    assert Note.objects.get().body == "From the other"
    version = answer.text.partition('name="replace" value="')[2].partition('"')[0]
    del here["action"]
    assert client.post(address, here | {"replace": version}).status_code == 303
    assert Note.objects.get().body == "From this window"


def test_a_third_version_is_asked_about_again(client: Client, alice: User) -> None:
    draft = make_draft(alice, "As begun")
    address = f"{draft.get_absolute_url()}edit/"
    here = filled_in(client, address, body="From this window")
    client.post(address, filled_in(client, address, body="From the second", action="keep"))
    answer = client.post(address, here | {"action": "keep"})
    version = answer.text.partition('name="replace" value="')[2].partition('"')[0]
    client.post(address, filled_in(client, address, body="From the third", action="keep"))
    del here["action"]
    assert client.post(address, here | {"replace": version}).status_code == 409
    assert Note.objects.get().body == "From the third"


def test_without_scripts_both_are_on_the_page(client: Client, alice: User) -> None:
    draft = make_draft(alice, "As begun")
    address = f"{draft.get_absolute_url()}edit/"
    here = filled_in(client, address, body="From this window", action="draft")
    client.post(address, filled_in(client, address, body="From <the> other", action="draft"))
    response = client.post(address, here)
    assert response.status_code == 409
    page = words(response)
    assert "Show the other version" in page
    assert "From <the> other" in page
    assert form_in(response, "compose").fields["body"] == ["From this window"]
    assert client.post(address, again(response, action="draft")).status_code == 303
    assert Note.objects.get().body == "From this window"


def test_the_other_version_is_the_edit_that_waits(client: Client, alice: User) -> None:
    note = make_note(alice, "Out", body="As it is")
    address = f"{note.get_absolute_url()}edit/"
    here = filled_in(client, address, body="From this window")
    client.post(address, filled_in(client, address, body="Waits for a photo", photos=[upload()]))
    page = words(client.post(address, here))
    assert "Waits for a photo" in page
    assert "As it is" not in page


def test_a_draft_deleted_in_another_window_is_said_and_not_made_again(client: Client, alice: User) -> None:
    draft = make_draft(alice, "As begun")
    form = filled_in(client, body="Goes on", draft=draft.pk)
    draft.delete()
    status, text = keep(client, form)
    assert status == 409
    assert "Not saved: this draft was deleted in another window." in text
    assert not Note.objects.exists()


def test_enter_does_not_press_the_choice(client: Client, alice: User) -> None:
    draft = make_draft(alice, "As begun")
    address = f"{draft.get_absolute_url()}edit/"
    here = filled_in(client, address, body="From this window", action="keep")
    client.post(address, filled_in(client, address, body="From the other", action="keep"))
    assert '<button type="button" class="link" name="replace"' in client.post(address, here).text
