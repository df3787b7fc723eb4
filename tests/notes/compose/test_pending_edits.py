"""Edits of published notes that add a photo: the note stays as it is until the photo is ready."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from leaving.contents.notes import notes
from notes.compose import pending_edits
from notes.compose.actions import delete_note, keep_to_followers
from notes.compose.pending_edits import apply_edit, apply_ready_edits
from notes.models import Mention, Note, PendingEdit, Photo
from notes.photos.actions import process_photo, sweep_loose_photos
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import make_note, make_person, make_photo, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import again, filled_in, send
from tests.notes.compose.test_compose_twice import at_once
from tests.notes.photos.receiving import broken
from tests.servers import run_jobs


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, "As it was", body="Old words", photos=2, tags=["tea"])


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"


def edit(client: Client, note: Note, *, photo: str = "new.jpg", **changes: object) -> Note:
    said = {
        "title": "As it will be",
        "body": "New words",
        "tags": "cake",
        "photos": [upload(photo)],
    } | changes
    response = send(client, editor(note), **said)
    assert response.status_code == 303, words(response)
    return Note.objects.get(pk=note.pk)


def break_new_photo() -> None:
    """The upload is damaged after its headers."""
    photo = Photo.objects.get(pending_edit__isnull=False)
    Photo.objects.filter(pk=photo.pk).update(state="failed", reason="damaged")


def test_the_note_stands_until_the_photo_is_ready_then_all_appears_at_once(
    client: Client, note: Note
) -> None:
    before = Note.objects.filter(pk=note.pk).values().get()
    edit(client, note, cover="new:0")
    assert Note.objects.filter(pk=note.pk).values().get() == before
    assert list(note.tags.names()) == ["tea"]
    page = words(Client().get(note.get_absolute_url()))
    assert "As it was" in page
    assert "As it will be" not in page
    assert "Old words" in page
    assert "Your changes appear as soon as the new photos are ready" in words(
        client.get(note.get_absolute_url())
    )

    run_jobs()
    note.refresh_from_db()
    assert (note.title, note.body, list(note.tags.names())) == ("As it will be", "New words", ["cake"])
    assert (note.photos.count(), note.cover.width, note.status) == (3, 600, "published")
    assert note.published_at == before["published_at"]
    assert note.edited_at
    assert not PendingEdit.objects.exists()
    assert "Your changes" not in words(client.get(note.get_absolute_url()))


def test_the_new_photo_is_seen_by_the_author_alone_meanwhile(client: Client, note: Note, bob: User) -> None:
    edit(client, note)
    photo = Photo.objects.get(pending_edit__note=note)
    process_photo(photo.pk)
    photo.refresh_from_db()
    address = f"{photo.base}320.jpg"
    assert photo.note_id is None
    statuses = {who: answer(client, address) for who, client in _viewers(bob, client).items()}
    assert statuses == {"author": 200, "other": 404, "visitor": 404, "moderator": 404}


def _viewers(other: User, own: Client) -> dict[str, Client]:
    staff = make_person("mod", is_staff=True)
    return {"author": own, "other": signed_in(other), "visitor": Client(), "moderator": signed_in(staff)}


def answer(client: Client, address: str) -> int:
    response = client.get(address)
    response.getvalue()
    return response.status_code


def test_the_edit_page_has_what_was_typed_and_saving_again_replaces_it(client: Client, note: Note) -> None:
    edit(client, note)
    fields = form_in(client.get(editor(note)), "compose").fields
    assert (fields["title"], fields["body"], len(fields["photo"])) == (["As it will be"], ["New words"], 3)
    send(client, editor(note), title="Later still")
    assert PendingEdit.objects.get().words["title"] == "Later still"
    run_jobs()
    note.refresh_from_db()
    assert (note.title, note.photos.count()) == ("Later still", 3)


def test_taking_the_new_photo_out_again_lets_the_edit_take_effect(client: Client, note: Note) -> None:
    edit(client, note)
    new = Photo.objects.get(pending_edit__note=note)
    send(client, editor(note), remove=[str(new.pk)])
    note.refresh_from_db()
    assert (note.title, note.photos.count()) == ("As it will be", 2)
    assert not PendingEdit.objects.exists()
    assert not Photo.objects.filter(pk=new.pk).exists()


def test_a_removed_photo_stays_until_the_edit_takes_effect(client: Client, note: Note) -> None:
    first, second = note.photos.all()
    edit(client, note, remove=[str(first.pk)])
    assert note.photos.count() == 2
    assert form_in(client.get(editor(note)), "compose").fields["remove"] == [str(first.pk)]
    send(client, editor(note))
    run_jobs()
    assert next(photo.pk for photo in note.photos.all()) == second.pk
    assert not Photo.objects.filter(pk=first.pk).exists()


def test_a_photo_that_fails_leaves_the_note_and_tells_the_author(client: Client, note: Note) -> None:
    edit(client, note)
    break_new_photo()
    apply_edit(note_id=note.pk)
    note.refresh_from_db()
    assert (note.title, note.status) == ("As it was", "published")
    page = client.get(editor(note))
    assert "These changes have not been made yet: a photo could not be prepared." in words(page)
    assert "“new.jpg” is damaged or cut short." in words(page)
    assert form_in(page, "compose").fields["body"] == ["New words"]
    assert "Your changes have not been made yet" in words(client.get(note.get_absolute_url()))

    response = client.post(editor(note), again(page))
    assert response["Location"] == editor(note), "With the photo still in it, there is more to do here."
    bad = Photo.objects.get(state="failed")
    send(client, editor(note), remove=[str(bad.pk)])
    note.refresh_from_db()
    assert (note.title, note.photos.count()) == ("As it will be", 2)


def test_a_damaged_upload_fails_by_itself(client: Client, note: Note) -> None:
    edit(client, note, photos=[upload("b.png", broken())])
    run_jobs()
    note.refresh_from_db()
    edited = PendingEdit.objects.get()
    assert (note.title, edited.has_failed) == ("As it was", True)


@pytest.mark.parametrize(
    ("stored", "wanted", "now"),
    [
        ("public", "private", "private"),
        ("public", "followers", "followers"),
        ("followers", "private", "private"),
        ("private", "public", "private"),
        ("followers", "public", "followers"),
    ],
)
def test_closing_a_note_does_not_wait_and_opening_it_does(
    client: Client, note: Note, stored: str, wanted: str, now: str
) -> None:
    Note.objects.filter(pk=note.pk).update(visibility=stored)
    tokens = {photo.token for photo in note.photos.all()}
    after = edit(client, note, visibility=wanted)
    assert (after.visibility, after.title) == (now, "As it was")
    names_are_new = {photo.token for photo in note.photos.all()} != tokens
    assert names_are_new == (stored == "public")
    run_jobs()
    assert Note.objects.get(pk=note.pk).visibility == wanted


def test_fewer_commenters_do_not_wait_either(client: Client, note: Note) -> None:
    assert edit(client, note, commenters="nobody").commenters == "nobody"


def test_an_author_who_approves_followers_meanwhile_publishes_to_them(
    client: Client, note: Note, alice: User
) -> None:
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    edit(client, note, visibility="public")
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    keep_to_followers(author=alice)
    run_jobs()
    note.refresh_from_db()
    assert (note.title, note.visibility) == ("As it will be", "followers")


def test_mentions_are_told_when_the_edit_takes_effect(client: Client, note: Note, bob: User) -> None:
    edit(client, note, body=f"With @{bob.handle}")
    assert not Mention.objects.exists()
    run_jobs()
    assert Mention.objects.get().person == bob


def test_discarding_asks_and_deletes_the_new_photo(client: Client, note: Note) -> None:
    address = f"{editor(note)}delete/"
    assert client.get(address).status_code == 404, "There is nothing to discard."
    edit(client, note)
    assert "Discard these changes?" in words(client.get(address))
    assert PendingEdit.objects.exists(), "GET changes nothing."
    for _twice in range(2):
        assert client.post(address)["Location"] == note.get_absolute_url()
    assert not PendingEdit.objects.exists()
    assert Photo.objects.count() == 2
    run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it was"


def test_discarding_is_for_the_author_alone(client: Client, note: Note, bob: User) -> None:
    edit(client, note)
    address = f"{editor(note)}delete/"
    assert [signed_in(bob).get(address).status_code, signed_in(bob).post(address).status_code] == [404, 404]
    assert PendingEdit.objects.exists()


def test_deleting_the_note_deletes_the_edit_with_its_photo(client: Client, note: Note) -> None:
    edit(client, note)
    delete_note(note=note)
    run_jobs()
    assert not PendingEdit.objects.exists()
    assert not Photo.objects.exists()


def hide(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(hidden_at=timezone.now(), hidden_reason="A rule")


def suspend_author(note: Note) -> None:
    suspend_person(person=note.author, by=make_person("mod", is_staff=True), reason="A rule")


@pytest.mark.parametrize("happens", [hide, suspend_author])
def test_hidden_or_suspended_meanwhile_nobody_sees_the_edit(
    client: Client, note: Note, happens: Callable[[Note], None]
) -> None:
    edit(client, note)
    happens(note)
    run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it will be"
    assert Client().get(note.get_absolute_url()).status_code == 404


def test_reports_are_of_the_note_that_people_saw(client: Client, note: Note, bob: User) -> None:
    edit(client, note)
    page = signed_in(bob).get(f"/report/?note={note.pk}")
    assert page.status_code == 200
    assert "As it was" in words(page)
    assert "As it will be" not in words(page)


def test_another_window_does_not_replace_what_waits_unseen(client: Client, note: Note) -> None:
    stale = filled_in(client, editor(note), title="From the other window")
    edit(client, note)
    response = client.post(editor(note), stale)
    assert response.status_code == 409
    assert PendingEdit.objects.get().words["title"] == "As it will be"
    assert len(form_in(response, "compose").fields["photo"]) == 3, "The new photo is listed too."
    assert client.post(editor(note), again(response)).status_code == 303
    assert PendingEdit.objects.get().words["title"] == "From the other window"


def test_the_same_form_sent_twice_adds_one_photo(client: Client, note: Note) -> None:
    form = filled_in(client, editor(note), title="As it will be")
    for _twice in range(2):
        assert client.post(editor(note), form | {"photos": [upload("new.jpg")]}).status_code == 303
    run_jobs()
    assert note.photos.count() == 3
    assert form_in(client.get(editor(note)), "compose").fields["title"] == ["As it will be"]


@pytest.mark.parametrize("owner", ["note", "account"])
def test_the_release_before_deletes_a_note_with_a_pending_edit(
    client: Client, note: Note, alice: User, owner: str
) -> None:
    edit(client, note)
    photo = Photo.objects.get(pending_edit__note=note)
    note.photos.all().delete()
    note.taggings.all().delete()
    with connection.cursor() as cursor:
        if owner == "account":
            cursor.execute("DELETE FROM notes_photo WHERE owner_id = %s", [alice.pk])
        cursor.execute("DELETE FROM notes_note WHERE id = %s", [note.pk])
    connection.check_constraints()
    assert not PendingEdit.objects.exists()
    assert Photo.objects.filter(pk=photo.pk, pending_edit=None).exists() == (owner == "note")


def reword(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(body="Reworded by the release before")


def sweep(note: Note) -> None:
    Photo.objects.filter(pending_edit__note=note).delete()


@pytest.mark.parametrize("happens", [reword, sweep])
def test_an_edit_that_the_release_before_overtook_waits_for_its_author(
    client: Client, note: Note, happens: Callable[[Note], None]
) -> None:
    edit(client, note)
    happens(note)
    run_jobs()
    for _twice in range(2):
        apply_ready_edits()
        run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it was"
    said = "have not been made: the note was changed meanwhile, or a photo is missing."
    assert f"Your changes {said}" in words(client.get(note.get_absolute_url()))
    page = client.get(editor(note))
    assert f"These changes {said}" in words(page)
    assert client.post(editor(note), again(page)).status_code == 303
    run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it will be"


def test_a_stale_form_that_is_refused_stays_stale(client: Client, note: Note) -> None:
    stale = filled_in(client, editor(note), title="")
    edit(client, note)
    response = client.post(editor(note), stale)
    assert response.status_code == 422
    assert client.post(editor(note), again(response, title="From the other window")).status_code == 409
    assert PendingEdit.objects.get().words["title"] == "As it will be"


def test_a_stale_window_keeps_what_the_pending_edit_removes_and_describes(client: Client, note: Note) -> None:
    first = note.photos.first()
    stale = filled_in(client, editor(note), title="From the other window")
    edit(client, note, remove=[str(first.pk)], alt="Described")
    response = client.post(editor(note), stale)
    assert response.status_code == 409
    assert client.post(editor(note), again(response)).status_code == 303
    edited = PendingEdit.objects.get()
    new = Photo.objects.get(pending_edit=edited)
    assert first.pk in edited.removed
    assert edited.alts[str(new.pk)] == "Described"
    kept = next(each for each in notes(note.author) if each["note"] == note.pk)
    assert "Described" in kept["pending_changes"]["descriptions"]


def test_approving_followers_for_a_while_keeps_a_pending_edit_from_everyone(
    client: Client, note: Note, alice: User
) -> None:
    edit(client, note)
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    keep_to_followers(author=alice)
    User.objects.filter(pk=alice.pk).update(approves_followers=False)
    assert PendingEdit.objects.get().words["visibility"] == "followers"
    run_jobs()
    after = Note.objects.get(pk=note.pk)
    assert (after.title, after.visibility) == ("As it will be", "followers")


def test_it_is_said_that_who_can_see_the_note_has_changed(client: Client, note: Note) -> None:
    said = "Who can see it has changed already."
    pages = [note.get_absolute_url(), editor(note), f"{editor(note)}delete/"]
    edit(client, note)
    assert [said in words(client.get(page)) for page in pages] == [False] * 3
    edit(client, note, photo="more.jpg", visibility="private")
    assert [said in words(client.get(page)) for page in pages] == [True] * 3


def test_a_failed_edit_says_that_removed_photos_are_still_there(client: Client, note: Note) -> None:
    edit(client, note, remove=[str(note.photos.first().pk)])
    pages, said = [note.get_absolute_url(), editor(note)], "The photos you removed are still in it."
    assert [said in words(client.get(page)) for page in pages] == [False] * 2
    break_new_photo()
    assert [said in words(client.get(page)) for page in pages] == [True] * 2


def test_cropping_a_waiting_photo_leads_back_to_its_note(client: Client, note: Note) -> None:
    edit(client, note, photos=[upload("a.jpg"), upload("b.jpg", size=(300, 300))])
    photo = Photo.objects.filter(pending_edit__note=note).first()
    process_photo(photo.pk)
    assert f'href="{editor(note)}"' in client.get(f"/photos/{photo.pk}/edit/").text


@pytest.mark.django_db(transaction=True)
def test_an_edit_form_sent_twice_at_the_same_moment_keeps_the_photo_that_waits(alice: User) -> None:
    for _round in range(3):
        client = signed_in(alice)
        note = make_note(alice, "As it was", photos=2)
        edit(client, note)
        new = Photo.objects.get(pending_edit__note=note)
        form = filled_in(client, editor(note), title="Later still")
        answers = at_once(*(partial(signed_in(alice).post, editor(note), form) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {303}
        assert Photo.objects.filter(pk=new.pk, pending_edit__note=note).exists()
        assert Note.objects.get(pk=note.pk).title == "As it was"
        run_jobs()
        assert (Note.objects.get(pk=note.pk).title, note.photos.count()) == ("Later still", 3)


def test_a_window_from_before_the_effect_can_save_after_it(client: Client, note: Note) -> None:
    edit(client, note)
    open_form = filled_in(client, editor(note), body="More")
    run_jobs()
    assert client.post(editor(note), open_form).status_code == 303
    note.refresh_from_db()
    assert (note.body, note.photos.count()) == ("More", 3)


def test_a_waiting_photo_is_not_swept_nor_taken_back(client: Client, note: Note) -> None:
    edit(client, note)
    Photo.objects.update(created_at=timezone.now() - timedelta(days=3))
    sweep_loose_photos()
    assert Photo.objects.filter(pending_edit__note=note).exists()


def test_a_photo_that_the_version_before_prepared_is_found(client: Client, note: Note) -> None:
    edit(client, note)
    apply_ready_edits()
    assert Note.objects.get(pk=note.pk).title == "As it was", "Its photo is not ready."
    Photo.objects.update(state="ready", roles=["320"])
    for _twice in range(2):
        apply_ready_edits()
        run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it will be"


def test_an_edit_that_raises_stops_no_other(
    client: Client, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(client, note)
    Photo.objects.update(state="ready", roles=["320"])

    def fail(**given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pending_edits, "apply_edit", fail)
    apply_ready_edits()
    monkeypatch.undo()
    run_jobs()
    assert Note.objects.get(pk=note.pk).title == "As it will be", "Each has a job of its own."


def test_two_photos_that_get_ready_one_after_the_other(client: Client, note: Note) -> None:
    edit(client, note, photos=[upload("a.jpg"), upload("b.jpg", size=(300, 300))])
    first, second = Photo.objects.filter(pending_edit__note=note)
    process_photo(first.pk)
    apply_edit(note_id=note.pk)
    assert Note.objects.get(pk=note.pk).title == "As it was"
    process_photo(second.pk)
    apply_edit(note_id=note.pk)
    assert (Note.objects.get(pk=note.pk).title, note.photos.count()) == ("As it will be", 4)


def test_a_waiting_photo_may_not_join_another_note(client: Client, note: Note, alice: User) -> None:
    edit(client, note)
    photo = Photo.objects.get(pending_edit__note=note)
    other = make_note(alice, "Another")
    send(client, editor(other), photo=[str(photo.pk)])
    run_jobs()
    assert Photo.objects.get(pk=photo.pk).note_id == note.pk


def test_a_photo_made_elsewhere_is_no_part_of_it(client: Client, note: Note, bob: User) -> None:
    foreign = make_photo(bob)
    edit(client, note, photo="mine.jpg")
    assert foreign.pk not in PendingEdit.objects.get().photos
