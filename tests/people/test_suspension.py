"""From the next request on, a suspended person's content is gone from every page; after restoring it is back."""

import pytest
from django.test import Client

from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import (
    PASSWORD,
    make_campus,
    make_comment,
    make_label,
    make_note,
    make_photo,
    signed_in,
    status,
)


@pytest.fixture
def scene(alice: User, bob: User) -> dict[str, str]:
    """The places where Alice shows, each with what shows her there."""
    make_label(alice, "Night library")
    make_label(bob, "Night library")
    campus = make_campus()
    note = make_note(alice, "A window seat", tags=["tea"], campus=campus)
    make_comment(alice, make_note(bob, "Bob’s own", tags=["tea"]), "Alice was here")
    bobs = bob.notes.get()
    return {
        "/": "A window seat",
        "/?sort=latest": "A window seat",
        "/following/": "A window seat",
        note.get_absolute_url(): "A window seat",
        "/tags/tea/": "A window seat",
        "/labels/night-library/": "Alice An",
        campus.get_absolute_url(): "A window seat",
        "/@alice/": "Alice An",
        "/@bob/following/": "Alice An",
        bobs.get_absolute_url(): "Alice was here",
    }


def shown(person: User | None, scene: dict[str, str]) -> set[str]:
    client = signed_in(person)
    return {path for path, part in scene.items() if part in client.get(path, follow=True).content.decode()}


def test_gone_and_back(alice: User, bob: User, mona: User, scene: dict[str, str]) -> None:
    assert shown(bob, scene) == set(scene)
    suspend_person(person=alice, by=mona, reason="Spam")
    assert shown(bob, scene) == shown(None, scene) == set()
    restore_person(person=alice)
    assert shown(bob, scene) == set(scene)


def test_every_session_ends_and_none_begins(alice: User, mona: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert client.get("/settings/profile/").status_code == 200
    suspend_person(person=alice, by=mona, reason="Spam")
    assert client.get("/settings/profile/").status_code == 302
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert client.get("/settings/profile/").status_code == 302
    restore_person(person=alice)
    assert client.get("/settings/profile/").status_code == 302, "an ended session stays ended"


def test_photos_get_new_names(client: Client, alice: User, mona: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    old = f"{photo.base}320.jpg"
    assert status(client, old) == 200
    suspend_person(person=alice, by=mona, reason="Spam")
    photo.refresh_from_db()
    assert status(client, old) == 404
    assert status(client, f"{photo.base}320.jpg") == 404
    restore_person(person=alice)
    assert status(client, old) == 404
    assert status(client, f"{photo.base}320.jpg") == 200


def test_who_and_why_is_kept_and_the_first_decision_stands(alice: User, mona: User, charlie: User) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    suspend_person(person=alice, by=charlie, reason="Something else")
    alice.refresh_from_db()
    assert (alice.suspended_by, alice.suspended_reason, alice.is_active) == (mona, "Spam", False)
    restore_person(person=alice)
    restore_person(person=alice)
    alice.refresh_from_db()
    assert (alice.suspended_at, alice.suspended_by, alice.suspended_reason) == (None, None, "")
    assert alice.is_active
