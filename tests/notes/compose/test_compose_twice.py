"""The compose form sent twice, also at the same moment: one note, and the same response."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from zeal import zeal_ignore

from notes.compose import views as compose_views
from notes.compose.actions import ChangedMeanwhile, save_note, start_draft
from notes.compose.content import NoteContent
from notes.compose.tagging import tags_named
from notes.models import Note, Photo
from profiles.models import Campus, User
from tests.builders import make_draft, make_note, make_person, signed_in, upload
from tests.markup import words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send
from tests.servers import run_jobs


def at_once(*sendings: object) -> list:
    """Calls each in a thread and on a connection of its own, all starting together."""
    start = Barrier(len(sendings))

    def send_one(call: object) -> object:
        try:
            start.wait(10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sendings)) as threads:
        return list(threads.map(send_one, sendings))


@pytest.mark.parametrize("action", ["publish", "draft"])
def test_sent_again(alice: User, action: str) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once", action=action)
    first, second = (client.post(NEW, data | {"photos": [upload()]}) for _ in range(2))
    note = made(first)
    assert second["Location"] == first["Location"]
    assert (note.photos.count(), Photo.objects.count()) == (1, 1)


def test_sent_again_after_it_was_published(alice: User) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once")
    first = client.post(NEW, data)
    published_at = made(first).published_at
    note = made(client.post(NEW, data))
    assert (note.title, note.published_at, note.edited_at) == ("Once", published_at, None)


@pytest.mark.parametrize("began_as", ["publish", "draft"])
def test_other_words_with_the_same_key_come_back_and_make_a_note_of_their_own(
    alice: User, began_as: str
) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once", action=began_as)
    first = made(client.post(NEW, data))
    response = client.post(NEW, data | {"title": "Twice", "photos": [upload()], "action": "publish"})
    assert response.status_code == 409
    fresh = again(response)
    assert fresh["title"] == ["Twice"]
    if began_as == "draft":
        assert "This note was changed in another window" in words(response)
        return
    assert "This note is already published." in words(response)
    assert client.post(NEW, fresh).status_code == 303
    second = Note.objects.exclude(pk=first.pk).get()
    assert (second.title, second.photos.count(), first.photos.count()) == ("Twice", 1, 0)


@pytest.mark.parametrize("action", ["publish", "draft"])
def test_other_words_without_what_the_form_began_with_do_not_replace_a_draft(
    alice: User, action: str
) -> None:
    client, key = signed_in(alice), str(uuid4())
    note = made(client.post(NEW, {"title": "Once", "key": key, "action": "draft"}))
    response = client.post(NEW, {"title": "Twice", "key": key, "action": action})
    assert (response.status_code, again(response)["title"]) == (409, ["Twice"])
    assert made(client.post(NEW, {"title": "Once", "key": key, "action": "draft"})) == note
    assert Note.objects.get().title == "Once"


def test_another_photo_with_the_same_key_is_not_lost(alice: User) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once")
    first = made(client.post(NEW, data | {"photos": [upload()]}))
    response = client.post(NEW, data | {"photos": [upload(colour=(0, 0, 99))]})
    assert response.status_code == 409
    assert client.post(NEW, again(response)).status_code == 303
    assert Note.objects.exclude(pk=first.pk).get().photos.count() == 1


def test_what_is_kept_with_the_key_of_a_published_note_says_that_it_is_not(alice: User) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once")
    client.post(NEW, data)
    answer = client.post(NEW, data | {"title": "Twice", "action": "keep"})
    assert (answer.status_code, "Draft saved" in answer.text) == (409, False)


def test_a_key_is_free_once_its_note_is_deleted(alice: User) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once")
    made(client.post(NEW, data)).delete()
    assert made(client.post(NEW, data | {"title": "Twice"})).title == "Twice"


def test_sent_again_after_it_came_back(alice: User) -> None:
    client = signed_in(alice)
    response = send(client, title="", photos=[upload()])
    data = again(response, title="Titled")
    assert [client.post(NEW, data).status_code for _ in range(2)] == [303, 303]
    assert made(client.post(NEW, data)).photos.count() == 1


def test_a_key_belongs_to_its_author(alice: User, charlie: User) -> None:
    key = str(uuid4())
    for person in (alice, charlie):
        assert send(signed_in(person), title=f"By {person.handle}", key=key).status_code == 303
    assert set(Note.objects.values_list("title", flat=True)) == {"By alice", "By charlie"}


def test_a_note_that_its_twin_published_is_left_alone(alice: User) -> None:
    """As two processes meet it: both fetched the draft, and the other was quicker."""
    note = start_draft(author=alice, key=uuid4())
    said = {
        "title": "First",
        "body": "",
        "place": "",
        "visibility": "public",
        "disclosure": "none",
        "partner": "",
    }
    said |= {"campus": "", "tags": ["tea"]}
    first, second = NoteContent(words=said), NoteContent(words=said | {"title": "Second"})
    save_note(note=note, content=first, publish=True, only_draft=True)
    for publish in (True, False):
        left = save_note(note=note, content=first, publish=publish, only_draft=True)
        assert (left.title, left.status, left.edited_at, left.tags.count()) == ("First", "published", None, 1)
        with pytest.raises(ChangedMeanwhile):
            save_note(note=note, content=second, publish=publish, only_draft=True)
    note.refresh_from_db()
    assert note.title == "First"


@pytest.mark.parametrize(("action", "status"), [("publish", 303), ("draft", 303), ("keep", 409)])
def test_a_draft_is_deleted_in_another_window_while_its_form_is_answered(
    alice: User, monkeypatch: pytest.MonkeyPatch, action: str, status: int
) -> None:
    client = signed_in(alice)
    data = filled_in(client, title="Once", action="draft")
    draft = made(client.post(NEW, data))
    typed = data | {"title": "Typed since", "draft": draft.pk, "action": action, "photos": [upload()]}
    look_up = compose_views._note_of

    def and_delete(*given: Any) -> Note | None:
        found = look_up(*given)
        Note.objects.filter(pk=draft.pk).delete()
        return found

    monkeypatch.setattr(compose_views, "_note_of", and_delete)
    with zeal_ignore():  # the second attempt looks up what the first did
        answer = client.post(NEW, typed)
    assert answer.status_code == status
    if status == 303:
        note = made(answer)
        assert (note.title, note.photos.count()) == ("Typed since", 1)
        assert note.pk != draft.pk
    assert Photo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("photos", [0, 1])
def test_sent_twice_at_the_same_moment(alice: User, photos: int) -> None:
    def sending(data: dict) -> object:
        browser = signed_in(alice)
        return lambda: browser.post(NEW, data | {"photos": [upload() for _ in range(photos)]})

    for _round in range(3):
        data = filled_in(signed_in(alice), title="Once", tags="tea, noodles", campus="Linhai University")
        answers: list[HttpResponse] = at_once(*(sending(data) for _ in range(4)))
        address = made(answers[0]).get_absolute_url()
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, address)}
        run_jobs()
        note = Note.objects.get()
        assert (note.status, note.photos.count(), note.edited_at) == ("published", photos, None)
        assert set(note.tags.names()) == {"tea", "noodles"}
        note.delete()


@pytest.mark.django_db(transaction=True)
def test_the_same_tags_and_campus_named_by_many_at_once(alice: User, charlie: User) -> None:
    names = [f"tag {number}" for number in range(10)]
    orders = [names, names[::-1], names[5:] + names[:5], names[::-2] + names[::2]]
    calls = [lambda order=order: {tag.name for tag in tags_named(order)} for order in orders]
    assert at_once(*calls) == [set(names)] * 4
    posts = [(signed_in(person), make_draft(person)) for person in (alice, charlie)]
    edits = [
        (browser, f"{note.get_absolute_url()}edit/", filled_in(browser, f"{note.get_absolute_url()}edit/"))
        for browser, note in posts
    ]
    calls = [
        lambda browser=browser, address=address, data=data: browser.post(
            address, data | {"campus": "清华大学"}
        )
        for browser, address, data in edits
    ]
    assert [answer.status_code for answer in at_once(*calls)] == [303, 303]
    assert Campus.objects.count() == 1


def test_signs_make_two_tags_of_one_slug(db: None) -> None:
    tags = tags_named(["c", "C++", "C", "c#"])
    assert {tag.name for tag in tags} == {"c", "c++", "c#"}
    assert len({tag.slug for tag in tags}) == 3
    assert tags_named(["c++"])[0] in tags
    make_note(make_person(), tags=["c"])
    assert Client().get("/tags/c/").status_code == 200
