"""Publishing what is due: never before its time, once, in order, and nothing that must not go out."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from notes.compose.actions import delete_note, keep_to_followers
from notes.models import Mention, Note, Photo
from notes.moderation import hide_note
from notes.photos import publishing
from notes.photos.actions import process_photo
from notes.schedule.actions import publish_due
from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import make_draft, make_label, make_person, make_photo, signed_in, upload
from tests.markup import words
from tests.notes.photos.receiving import broken
from tests.notes.schedule.scheduling import DRAFTS, ahead, editor, is_out, schedule, scheduled
from tests.servers import run_jobs


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def test_it_is_published_at_its_time_never_before_and_once(client: Client, alice: User) -> None:
    label = make_label(alice, "Night library")
    at = ahead(hours=2)
    note = scheduled(client, at, tags="tea")
    assert (note.status, note.scheduled_for, note.published_at, note.typed) == ("draft", at, None, "")
    publish_due(now=at - timedelta(seconds=1))
    assert not is_out(note)
    publish_due(now=at)
    assert is_out(note)
    assert (note.scheduled_for, note.positioning, list(note.tags.names())) == (None, label, ["tea"])
    assert timezone.now() - note.published_at < timedelta(minutes=1), "the real time, not the planned one"
    before = note.published_at
    publish_due(now=at + timedelta(days=1))
    note.refresh_from_db()
    assert (note.published_at, Note.objects.count(), note.edited_at) == (before, 1, None)
    assert Client().get(note.get_absolute_url()).status_code == 200


def test_late_ones_go_out_in_order(client: Client, bob: User) -> None:
    first, second = ahead(hours=2), ahead(hours=3)
    late = scheduled(client, second, title="Second")
    other = scheduled(signed_in(bob), first, title="First")
    third = scheduled(client, second, title="Third")
    publish_due(now=ahead(days=13))
    assert list(Note.objects.filter(status="published").order_by("published_at")) == [other, late, third]


def suspend(note: Note) -> None:
    suspend_person(person=note.author, by=make_person("mod", is_staff=True), reason="A rule")


def leave(note: Note) -> None:
    User.objects.filter(pk=note.author_id).update(leaving_at=timezone.now())


def unconfirm(note: Note) -> None:
    User.objects.filter(pk=note.author_id).update(unconfirmed_until=ahead(days=9))


def hide(note: Note) -> None:
    hide_note(note=note, by=make_person("mod", is_staff=True), reason="A rule")


def empty(note: Note) -> None:
    """As the version before may leave it."""
    Note.objects.filter(pk=note.pk).update(title="", typed='{"title": ""}')


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (suspend, "account"),
        (leave, "account"),
        (unconfirm, "unconfirmed"),
        (hide, "hidden"),
        (empty, "unfinished"),
    ],
)
def test_what_must_not_go_out_is_a_draft_again_and_says_why(
    client: Client, alice: User, happens: Callable[[Note], None], why: str
) -> None:
    note = scheduled(client, ahead(hours=3))
    happens(note)
    publish_due(now=ahead(days=1))
    note.refresh_from_db()
    assert (note.status, note.scheduled_for, note.not_published, note.published_at) == (
        "draft",
        None,
        why,
        None,
    )
    restore_person(person=alice)
    User.objects.update(leaving_at=None)
    publish_due(now=ahead(days=2))
    assert not is_out(note), "not later either, when nobody thinks of it"
    page = words(signed_in(alice).get(DRAFTS))
    assert "This note was not published as scheduled." in page
    assert note.get_not_published_display() in page


def test_a_photo_that_is_not_ready_holds_it_back_until_it_is(client: Client) -> None:
    note = scheduled(client, ahead(hours=3), photos=[upload()])
    publish_due(now=ahead(days=1))
    assert not is_out(note)
    assert note.scheduled_for
    process_photo(Photo.objects.get().pk)
    publish_due(now=ahead(days=1))
    assert is_out(note)


def test_a_photo_that_fails_sends_it_back_to_drafts_at_once(client: Client) -> None:
    note = scheduled(client, ahead(hours=3), photos=[upload("b.png", broken())])
    run_jobs()
    note.refresh_from_db()
    assert (note.scheduled_for, note.not_published, note.status) == (None, "photo", "draft")
    assert "This note is no longer scheduled. A photo could not be prepared." in words(client.get(DRAFTS))
    assert "“b.png” is damaged" in words(client.get(editor(note)))
    response = schedule(client, ahead(hours=5), editor(note))
    assert response.status_code == 422
    assert "“b.png” is damaged" in words(response)


def test_only_the_author_sees_it(client: Client, bob: User, mona: User) -> None:
    note = scheduled(client, ahead(hours=3))
    for other in (bob, mona, None):
        assert signed_in(other).get(note.get_absolute_url()).status_code == 404
    assert "Until then only you can see it." in words(client.get(note.get_absolute_url()))
    assert "In good time" not in words(client.get("/@alice/"))


def test_an_author_who_approves_followers_meanwhile_publishes_to_them(client: Client, alice: User) -> None:
    note = scheduled(client, ahead(hours=3))
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    keep_to_followers(author=alice)
    publish_due(now=ahead(days=1))
    assert is_out(note)
    assert note.visibility == "followers"


def test_people_are_told_of_mentions_when_it_is_out(client: Client, bob: User) -> None:
    scheduled(client, ahead(hours=3), body=f"With @{bob.handle}")
    assert not Mention.objects.exists()
    publish_due(now=ahead(days=1))
    assert Mention.objects.get().person == bob


def test_what_the_version_before_published_stays_as_it_is(alice: User) -> None:
    """It knows no schedule and leaves it on the row."""
    draft = make_draft(alice, scheduled_for=ahead(hours=3))
    Note.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    before = Note.objects.values().get()
    publish_due(now=ahead(days=1))
    assert Note.objects.values().get() == before


def test_deleted_while_scheduled(client: Client, alice: User) -> None:
    note = scheduled(client, ahead(hours=3))
    make_photo(alice, note=note)
    delete_note(note=note)
    publish_due(now=ahead(days=1))
    assert (Note.objects.count(), Photo.objects.count()) == (0, 0)


def test_one_that_fails_holds_up_no_other_and_comes_next_time(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = scheduled(client, ahead(hours=2), title="Bad"), scheduled(client, ahead(hours=3))
    finish = publishing.finish_publishing

    def finish_or_fail(note: Note) -> None:
        if note.title == "Bad":
            raise RuntimeError
        finish(note)

    monkeypatch.setattr("notes.schedule.actions.finish_publishing", finish_or_fail)
    publish_due(now=ahead(days=1))
    assert (is_out(bad), is_out(good)) == (False, True)
    assert bad.scheduled_for
    assert f"The scheduled note {bad.pk} could not be published." in caplog.text
    monkeypatch.undo()
    publish_due(now=ahead(days=1))
    assert is_out(bad)


def test_one_that_fails_for_a_day_is_a_draft_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = ahead(hours=2)
    note = scheduled(client, at)

    def fail(_note: Note) -> None:
        raise RuntimeError

    monkeypatch.setattr("notes.schedule.actions.finish_publishing", fail)
    publish_due(now=at + timedelta(hours=23))
    note.refresh_from_db()
    assert note.scheduled_for == at
    publish_due(now=at + timedelta(days=1))
    monkeypatch.undo()
    publish_due(now=at + timedelta(days=2))
    note.refresh_from_db()
    assert (note.status, note.scheduled_for, note.not_published) == ("draft", None, "failed")
    assert "Something went wrong on our side." in words(client.get(DRAFTS))


@pytest.mark.django_db(transaction=True)
def test_an_author_who_is_locked_for_long_holds_up_no_other(alice: User, bob: User) -> None:
    first = make_draft(alice, "First", scheduled_for=ahead(hours=2))
    second = make_draft(bob, "Second", scheduled_for=ahead(hours=3))
    is_locked, is_done = Event(), Event()

    def lock() -> None:
        with transaction.atomic():
            User.objects.filter(pk=alice.pk).lock()
            is_locked.set()
            is_done.wait(20)
        connection.close()

    other = Thread(target=lock)
    other.start()
    try:
        assert is_locked.wait(5)
        publish_due(now=ahead(days=1) - timedelta(hours=1))
        assert (is_out(first), is_out(second)) == (False, True)
    finally:
        is_done.set()
        other.join()
    publish_due(now=ahead(days=1) - timedelta(hours=1))
    assert is_out(first)
