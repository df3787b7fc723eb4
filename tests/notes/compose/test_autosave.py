"""Drafts saved while typing, never over the text of another window."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from notes.models import Note
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def draft(alice: User) -> Note:
    return make_draft(alice, "As it was")


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"


def keep(client: Client, note: Note, form: dict, **changes: object) -> HttpResponse:
    return client.post(editor(note), form | changes | {"action": "keep"})


def test_words_order_and_descriptions_are_kept(client: Client, alice: User, draft: Note) -> None:
    one, two = (make_photo(alice, note=draft, position=position) for position in range(2))
    form = filled_in(client, editor(draft))
    answer = keep(
        client, draft, form, title="", body="More #tea", photo=[two.pk, one.pk], **{f"alt-{one.pk}": "A door"}
    )
    assert answer.status_code == 200
    assert "Draft saved" in answer.text
    assert "<html" not in answer.text
    draft.refresh_from_db()
    assert (draft.status, draft.title, draft.body, list(draft.tags.names())) == (
        "draft",
        "",
        "More #tea",
        ["tea"],
    )
    assert [(photo.pk, photo.alt) for photo in draft.photos.all()] == [(two.pk, ""), (one.pk, "A door")]
    assert draft.cover == one
    assert not list(client.get(editor(draft)).context["messages"]), "It is quiet."


def test_what_is_not_fit_yet_is_left_as_it_was(client: Client, draft: Note) -> None:
    form = filled_in(client, editor(draft))
    assert keep(client, draft, form, title="x" * 41, body="Fit").status_code == 200
    draft.refresh_from_db()
    assert (draft.title, draft.body) == ("As it was", "Fit")
    again = form_in(client.get(editor(draft)), "compose").fields
    assert (again["title"], again["body"]) == (["x" * 41], ["Fit"]), "and what was typed is there"


UNFIT = {
    "title": "图" * 41 + " \u202e\x0b ",
    "body": "\x00 nul, \x0b tab\r\n" + "x" * 2100,
    "tags": ", ".join(f"tag {number}" for number in range(30)) + ", ★",
    "campus": "c" * 700,
    "place": " p" * 60,
    "disclosure": "none",
    "partner": "Nobody asked " * 9,
    "visibility": "followers",
    "text_tone": "leaf",
}


@pytest.mark.parametrize("action", ["keep", "draft"])
def test_a_draft_keeps_whatever_was_typed(client: Client, alice: User, draft: Note, action: str) -> None:
    photo = make_photo(alice, note=draft)
    sent = filled_in(client, editor(draft), action=action) | UNFIT | {f"alt-{photo.pk}": "d" * 600}
    for _ in range(2):
        answer = client.post(editor(draft), sent)
        assert answer.status_code == {"keep": 200, "draft": 303}[action]
    again = form_in(client.get(editor(draft)), "compose").fields
    for name, typed in (UNFIT | {f"alt-{photo.pk}": "d" * 600}).items():
        assert [value.replace("\r\n", "\n") for value in again[name]] == [typed.replace("\r\n", "\n")], name

    refused = client.post(editor(draft), again | {"action": "publish"})
    assert refused.status_code == 422
    assert "1 character too long" in words(refused) or "characters too long" in words(refused)
    fit = {
        "title": "Fit",
        "body": "Fit",
        "tags": "tea",
        "campus": "",
        "place": "",
        f"alt-{photo.pk}": "A door",
    }
    published = client.post(editor(draft), again | fit | {"partner": "", "action": "publish"})
    assert published.status_code == 303
    draft.refresh_from_db()
    assert (draft.title, draft.typed, draft.photos.get().alt) == ("Fit", "", "A door")


def test_a_new_draft_keeps_whatever_was_typed(client: Client) -> None:
    note = made(send(client, action="draft", **UNFIT))
    again = form_in(client.get(editor(note)), "compose").fields
    assert {name: again[name][0].replace("\r\n", "\n") for name in UNFIT} == {
        name: typed.replace("\r\n", "\n") for name, typed in UNFIT.items()
    }


def test_unfit_words_of_another_window_are_not_replaced_unseen(client: Client, draft: Note) -> None:
    one = two = filled_in(client, editor(draft))
    assert keep(client, draft, two, title="x" * 60).status_code == 200
    assert keep(client, draft, one, title="y" * 60).status_code == 409
    assert form_in(client.get(editor(draft)), "compose").fields["title"] == ["x" * 60]


def test_a_note_that_is_out_is_not_kept_by_itself(client: Client, alice: User) -> None:
    note = make_note(alice, "Out")
    answer = keep(client, note, filled_in(client, editor(note)), title="Half typed")
    assert answer.status_code == 409
    assert "Changed in another window" in answer.text
    assert "Keep this version" not in answer.text
    note.refresh_from_db()
    assert (note.title, note.edited_at) == ("Out", None)


def test_words_alone_make_a_draft_and_nothing_makes_none(client: Client) -> None:
    assert send(client, action="keep").status_code == 204
    assert not Note.objects.exists()
    assert send(client, title="Half a thought", action="keep").status_code == 200
    assert Note.objects.get().title == "Half a thought"


def test_what_another_window_wrote_stays(client: Client, draft: Note) -> None:
    one = two = filled_in(client, editor(draft))
    assert keep(client, draft, two, body="Of the other").status_code == 200
    answer = keep(client, draft, one, body="Of the first")
    assert answer.status_code == 409
    assert "Changed in another window" in answer.text
    draft.refresh_from_db()
    assert draft.body == "Of the other"


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_saving_over_another_window_is_asked_once(client: Client, draft: Note, action: str) -> None:
    one = filled_in(client, editor(draft))
    send(client, editor(draft), body="Of the other", action="draft")
    response = client.post(editor(draft), one | {"body": "Of the first", "action": action})
    assert response.status_code == 409
    assert "Save again to replace those changes." in words(response)
    assert again(response)["body"] == ["Of the first"]
    draft.refresh_from_db()
    assert (draft.body, draft.status) == ("Of the other", "draft")
    assert client.post(editor(draft), again(response, action=action)).status_code == 303
    draft.refresh_from_db()
    assert draft.body == "Of the first"


def test_the_same_words_twice_are_no_quarrel(client: Client, draft: Note) -> None:
    form = filled_in(
        client, editor(draft), body="Once", tags="Tea", campus="ＬＩＮＨＡＩ  university", action="draft"
    )
    assert [client.post(editor(draft), form).status_code for _ in range(2)] == [303, 303]
    new = filled_in(
        client, title="New", campus="Linhai University", tags="tea", action="draft", alt=["A door"]
    )
    answers = [client.post(NEW, new | {"photos": [upload()]}).status_code for _ in range(2)]
    assert answers == [303, 303]


def test_an_answer_that_was_kept_is_what_the_next_begins_with(client: Client, draft: Note) -> None:
    form = filled_in(client, editor(draft))
    for body in ("One", "Two", "Three"):
        answer = keep(client, draft, form, body=body)
        assert answer.status_code == 200
        form["seen"] = answer.text.split('data-seen="')[1].split('"')[0]


def test_a_draft_begun_today_is_offered_and_no_other(client: Client, alice: User, charlie: User) -> None:
    make_draft(charlie, "Theirs")
    make_note(alice, "Out")
    assert "have not published" not in words(client.get(NEW))
    draft = make_draft(alice, "A slow morning")
    page = client.get(NEW)
    assert "You began “A slow morning” and have not published it." in words(page)
    assert f'href="{editor(draft)}"' in page.text
    Note.objects.filter(pk=draft.pk).update(title="")
    assert "have not published" not in words(client.get(NEW)), "It is empty."
    make_photo(alice, note=draft)
    assert "You began a note with 1 photo and have not published it." in words(client.get(NEW))
    Note.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert "have not published" not in words(client.get(NEW))


def test_photos_that_joined_meanwhile_stay(client: Client, alice: User) -> None:
    draft = made(send(client, action="draft", title="One", photos=[upload()]))
    form = filled_in(client, editor(draft))
    joined = make_photo(alice, note=draft, position=1)
    assert client.post(editor(draft), form).status_code == 303
    assert joined in draft.photos.all()
