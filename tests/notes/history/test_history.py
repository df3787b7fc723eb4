"""Earlier versions of a published note: what is recorded, who reads it, and how it goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leaving.contents.notes import versions as archived
from moderation.actions import close_report
from moderation.models import Report
from notes.compose.actions import delete_note
from notes.history import actions
from notes.models import Note, NoteVersion
from profiles.models import User
from tests.builders import make_campus, make_comment, make_draft, make_note, signed_in
from tests.markup import words
from tests.notes.compose.filled_form import filled_in, send


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(
        alice, "The first title", photos=3, tags=["tea"], body="Words.", campus=make_campus(), place="Gate"
    )


def edit(client: Client, note: Note, **changes: Any) -> None:
    response = send(client, f"/notes/{note.pk}/edit/", **changes)
    assert (response.status_code, response["Location"]) == (303, note.get_absolute_url())


def history(note: Note) -> str:
    return f"/notes/{note.pk}/history/"


def test_an_edit_records_what_the_note_said(client: Client, note: Note) -> None:
    photos = [photo.pk for photo in note.photos.all()]
    edit(client, note, title="The second", body="More #noodles.", tags="", place="")
    version = NoteVersion.objects.get()
    assert (version.title, version.body, version.tags) == ("The first title", "Words.", ["tea"])
    assert (version.campus, version.place, version.brand) == ("Linhai University", "Gate", "")
    assert version.photos == photos
    note.refresh_from_db()
    assert (version.since, version.until) == (note.published_at, note.edited_at)
    edit(client, note, title="The third")
    second = NoteVersion.objects.latest("pk")
    assert (second.title, second.since) == ("The second", version.until)


@pytest.mark.parametrize(
    "change", [{}, {"commenters": "followers"}, {"visibility": "private"}, {"text_tone": "sky"}]
)
def test_what_readers_do_not_read_is_no_edit(client: Client, note: Note, change: dict[str, str]) -> None:
    edit(client, note, **change)
    note.refresh_from_db()
    assert (note.edited_at, NoteVersion.objects.count()) == (None, 0)


def test_the_same_edit_sent_twice_records_one_version(client: Client, note: Note) -> None:
    words_sent = filled_in(client, f"/notes/{note.pk}/edit/", title="The second")
    for _again in range(2):
        assert client.post(f"/notes/{note.pk}/edit/", words_sent).status_code == 303
    assert NoteVersion.objects.count() == 1


def test_a_draft_has_no_history(client: Client, alice: User) -> None:
    draft = make_draft(alice, "Not yet")
    send(client, f"/notes/{draft.pk}/edit/", title="Soon", action="draft")
    assert NoteVersion.objects.count() == 0
    assert client.get(history(draft)).status_code == 404


def test_all_read_when_it_was_edited_and_its_author_is_led_to_the_versions(
    client: Client, note: Note, bob: User
) -> None:
    edit(client, note, title="The second")
    Note.objects.update(edited_at=timezone.now() - timedelta(days=400))
    day = f"{timezone.localdate(timezone.now() - timedelta(days=400)):%Y}"
    for reader, leads in [(client, True), (signed_in(bob), False), (Client(), False)]:
        page = reader.get(note.get_absolute_url())
        assert "edited" in words(page)
        assert day in words(page)
        assert (history(note) in page.content.decode()) is leads


def test_its_author_reads_the_versions_with_what_changed(client: Client, note: Note) -> None:
    assert "No earlier versions" in words(client.get(history(note)))
    edit(client, note, title="The second")
    edit(client, note, title="The second", body="Other words.", tags="")
    page = words(client.get(history(note)))
    assert page.index("The second") < page.index("The first title")
    assert "Changed afterwards: story, tags" in page
    assert "Changed afterwards: title" in page


def test_versions_are_for_nobody_else(client: Client, note: Note, bob: User, mona: User) -> None:
    edit(client, note, title="The second")
    version = NoteVersion.objects.get()
    delete = f"{history(note)}{version.pk}/delete/"
    for other in (bob, mona):
        assert signed_in(other).get(history(note)).status_code == 404
        assert signed_in(other).post(delete).status_code == 404
    assert Client().get(history(note)).status_code in {302, 303}
    assert NoteVersion.objects.count() == 1


def test_a_photo_that_was_taken_out_is_in_no_version(client: Client, note: Note) -> None:
    first, *_rest = note.photos.all()
    edit(client, note, remove=[str(first.pk)])
    assert note.photos.count() == 2
    page = client.get(history(note))
    assert "1 photo is no longer in this note." in words(page)
    assert first.token not in page.content.decode()
    assert page.content.decode().count("<img") >= 2


def test_its_author_deletes_a_version(client: Client, note: Note) -> None:
    edit(client, note, title="The second")
    edit(client, note, title="The third")
    first, second = NoteVersion.objects.order_by("pk")
    address = f"{history(note)}{first.pk}/delete/"
    assert "Delete this version?" in words(client.get(address))
    for _twice in range(2):
        assert client.post(address)["Location"] == history(note)
    assert NoteVersion.objects.get() == second
    assert client.get(address).status_code == 404


def test_a_version_of_another_note_is_not_deleted_under_this_one(
    client: Client, alice: User, note: Note
) -> None:
    other = make_note(alice, "Another")
    edit(client, note, title="The second")
    client.post(f"{history(other)}{NoteVersion.objects.get().pk}/delete/")
    assert NoteVersion.objects.count() == 1


def test_only_the_latest_are_kept(client: Client, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "VERSIONS_MAX", 2)
    for title in ("Two", "Three", "Four"):
        edit(client, note, title=title)
    assert list(NoteVersion.objects.order_by("pk").values_list("title", flat=True)) == ["Two", "Three"]


def test_moderators_read_versions_while_the_note_is_reported(
    client: Client, note: Note, bob: User, mona: User
) -> None:
    edit(client, note, title="The second")
    page, moderator = f"/admin/notes/note/{note.pk}/change/", signed_in(mona)
    assert "The first title" not in words(moderator.get(page))
    report = Report.objects.create(reporter=bob, note=note, reason="harassment")
    before = LogEntry.objects.count()
    assert "The first title" in words(moderator.get(page))
    assert LogEntry.objects.count() == before + 1
    close_report(report=report, by=mona, reason="Nothing")
    assert "The first title" not in words(moderator.get(page))


def test_a_report_of_a_comment_opens_no_versions(client: Client, note: Note, bob: User, mona: User) -> None:
    edit(client, note, title="The second")
    comment = make_comment(bob, note)
    Report.objects.create(reporter=bob, note=note, comment=comment, reason="harassment")
    assert "The first title" not in words(signed_in(mona).get(f"/admin/notes/note/{note.pk}/change/"))


def test_a_version_shows_photos_as_they_were_described(client: Client, note: Note) -> None:
    first, *_rest = note.photos.all()
    first.alt = "A window"
    first.save()
    edit(client, note, **{f"alt-{first.pk}": "A door"})
    page = client.get(history(note))
    assert "Changed afterwards: photo descriptions" in words(page)
    assert 'alt="A window"' in page.content.decode()


@pytest.mark.parametrize("number", [1, 3, 10])
def test_the_page_asks_as_much_for_any_number(
    client: Client, note: Note, number: int, django_assert_num_queries: Any
) -> None:
    for turn in range(number):
        edit(client, note, title=f"Title {turn}")
    with CaptureQueriesContext(connection) as asked:
        client.get(history(note))
    assert len(asked) <= 8


def test_the_archive_has_them_and_they_go_with_the_note(client: Client, alice: User, note: Note) -> None:
    edit(client, note, title="The second")
    assert [(each["note"], each["title"]) for each in archived(alice)] == [(note.pk, "The first title")]
    delete_note(note=note)
    assert NoteVersion.objects.count() == 0


def test_the_release_before_deletes_a_note_with_versions(client: Client, note: Note) -> None:
    edit(client, note, title="The second")
    note.photos.all().delete()
    note.taggings.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notes_note WHERE id = %s", [note.pk])
    connection.check_constraints()
    assert NoteVersion.objects.count() == 0
