"""Input that compose rejects: with 422, a message, and all text still in the form."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from notes.models import Note
from profiles.models import User
from tests.builders import signed_in
from tests.markup import words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send

FAMILY = "👩‍👩‍👧‍👦"  # one to a reader, seven code points


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.mark.parametrize("title", ["x" * 40, "图" * 40, FAMILY * 40, "é" * 40, "e\u0301" * 40, "🇨🇳" * 40])
def test_forty_characters_as_people_count_them_fit(client: Client, title: str) -> None:
    note = made(send(client, title=title))
    assert note.title_width == 48 or title.startswith("x")
    assert words(client.get(note.get_absolute_url()))


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("x" * 41, "This is 1 character too long."),
        ("图" * 42, "This is 2 characters too long."),
        (FAMILY * 41, "This is 1 character too long."),
        ("x" * 100_000, "characters too long."),
        ("e" + "\u0301" * 100_000, "characters too long."),
        ("e" + "\u0301" * 40, "Too many marks on one character"),
        ("nul\0l", "Remove the invisible control characters behind “nul”."),
        ("bell\x07", "Remove the invisible control characters behind “bell”."),
        ("\u200b\u200d\ufeff", "This has no visible text."),
        ("\u3164\u2800", "This has no visible text."),
    ],
)
def test_a_title_that_does_not_fit_or_hides_something(client: Client, title: str, message: str) -> None:
    response = send(
        client, title=title, body="My words.", tags="tea", place="Gate", disclosure="paid", partner="Pot"
    )
    assert response.status_code == 422
    assert message in words(response)
    kept = again(response)
    assert (kept["body"], kept["tags"], kept["place"]) == (["My words."], ["tea"], ["Gate"])
    assert (kept["disclosure"], kept["partner"]) == (["paid"], ["Pot"])
    assert kept["title"] == [title]
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("body", "x" * 2001, "This is 1 character too long."),
        ("body", "\0", "Remove the invisible control characters at the start."),
        ("body", "\u202e", "This has no visible text."),
        ("body", "\u200b\n\u200b", "This has no visible text."),
        ("tags", "a\0b", "Remove the invisible control characters behind “a”."),
        ("tags", "tea, ★", "needs a letter to be a tag."),
        ("tags", "x" * 51, "is too long for a tag."),
        ("tags", "ﷺ" * 3, "is too long for a tag."),
        ("campus", "x" * 61, "This is 1 character too long."),
        ("campus", "\u200b", "This has no visible text."),
        ("place", "x" * 41, "This is 1 character too long."),
        ("partner", "x" * 41, "This is 1 character too long."),
        ("visibility", "friends", "Select a valid choice."),
        ("disclosure", "secret", "Select a valid choice."),
    ],
)
def test_another_field_that_does_not_fit(client: Client, field: str, value: str, message: str) -> None:
    response = send(client, **{"title": "Kept title", field: value})
    assert response.status_code == 422
    assert message in words(response)
    assert again(response)["title"] == ["Kept title"]
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("visibility", "friends"), ("disclosure", "secret"), ("campus", "\0")]
)
def test_a_draft_keeps_what_was_fit_of_a_form_that_was_not(client: Client, field: str, value: str) -> None:
    draft = made(send(client, action="draft", title="First", tags="tea"))
    address = f"{draft.get_absolute_url()}edit/"
    response = send(client, address, **{"title": "Second", "partner": "Pot", field: value})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.visibility, draft.partner) == ("Second", "draft", "public", "")


def test_two_thousand_characters_of_story_fit(client: Client) -> None:
    assert len(made(send(client, title="Long", body=FAMILY * 2000)).body) == 14_000


def test_bytes_that_are_no_text_are_read_as_signs_for_them(client: Client) -> None:
    data = {name: values for name, values in filled_in(client).items() if name != "title"}
    body = urlencode(data, doseq=True) + "&title=half%ED%A0%80pair"
    response = client.post(NEW, body, content_type="application/x-www-form-urlencoded")
    assert made(response).title == "half\ufffd\ufffd\ufffdpair"


@pytest.mark.parametrize("key", ["", "no-key", "\0", "0" * 5000])
def test_a_broken_key_never_breaks_the_page(client: Client, key: str) -> None:
    response = send(client, title="Keyless", key=key)
    assert response.status_code == (422 if key else 303)
    assert Note.objects.count() == (0 if key else 1)


@pytest.mark.parametrize("draft", ["", "x", "0", "9" * 18, "9" * 400, "٣", "-1"])
def test_a_draft_that_is_none_of_ours_is_ignored(client: Client, draft: str) -> None:
    assert send(client, title="Anyway", draft=draft).status_code == 303
    assert Note.objects.get().title == "Anyway"


def test_a_draft_of_another_person_is_left_alone(client: Client, charlie: User) -> None:
    theirs = made(send(signed_in(charlie), action="draft", title="Theirs"))
    assert send(client, title="Mine", draft=str(theirs.pk)).status_code == 303
    theirs.refresh_from_db()
    assert (theirs.title, theirs.author, theirs.status) == ("Theirs", charlie, "draft")
