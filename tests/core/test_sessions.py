"""The size of a session is bounded."""

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import RequestDataTooBig
from django.test import Client

from core.messages import MESSAGES_MAX
from core.sessions import BYTES_MAX, SessionStore
from profiles.models import User
from tests.builders import make_draft, make_person, make_photo, signed_in

pytestmark = pytest.mark.django_db


def size_of(client: Client) -> int:
    store = SessionStore(client.session.session_key)
    return len(store.serializer().dumps(store.load()))


def test_a_session_takes_no_more_than_its_limit_and_keeps_what_it_had() -> None:
    store = SessionStore()
    store["little"] = "kept"
    store.save()
    store["much"] = "a" * BYTES_MAX  # little once it is compressed
    with pytest.raises(RequestDataTooBig):
        store.save()
    assert SessionStore(store.session_key).load() == {"little": "kept"}


def test_forms_put_aside_leave_it_small(alice: User) -> None:
    client = signed_in(alice)
    photo = make_photo(alice, note=make_draft(alice), with_files=True)
    for _ in range(6):
        form = {"title": "t", "body": uuid.uuid4().hex * 7_500, "key": uuid.uuid4(), "crop": photo.pk}
        form["photo"] = photo.pk
        assert client.post(f"/notes/{photo.note_id}/edit/", form).status_code == 303
    assert size_of(client) < 2_000


def test_a_form_that_waits_for_the_password_is_refused_where_it_is_too_long(alice: User) -> None:
    client = signed_in(alice)
    for size in (1_000, 600_000):
        answer = client.post("/accounts/email/", {"email": "a@b.test", "action_add": "", "more": "x" * size})
        assert answer.status_code == (302 if size == 1_000 else 413)
    assert size_of(client) < BYTES_MAX


def test_messages_that_no_page_has_shown_do_not_pile_up(alice: User) -> None:
    client = signed_in(alice)
    people = [make_person(f"person{number:03}", name="界" * 30) for number in range(MESSAGES_MAX + 15)]
    for person in people:
        client.post(f"/@{person.handle}/block/")
    assert len(client.session.get("_messages", "")) < 20_000
    shown = client.get("/about/").text.count("no longer see each other")
    assert 0 < shown <= MESSAGES_MAX
    assert Session.objects.count() == 1
