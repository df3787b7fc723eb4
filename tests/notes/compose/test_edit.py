"""Editing a note: its text, and its photos' order, cover, descriptions and number."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import again, filled_in, send
from tests.servers import run_jobs


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, "The first title", photos=3, tags=["tea"], body="Words.")


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"


def saved(client: Client, note: Note, **changes: object) -> Note:
    response = send(client, editor(note), **changes)
    assert (response.status_code, response["Location"]) == (303, note.get_absolute_url())
    return Note.objects.get(pk=note.pk)


def order(note: Note) -> list[int]:
    return [photo.pk for photo in note.photos.all()]


def test_saving_the_form_as_it_is_changes_nothing(client: Client, note: Note) -> None:
    before = Note.objects.filter(pk=note.pk).values().get()
    photos, tokens = order(note), [photo.token for photo in note.photos.all()]
    after = saved(client, note)
    assert after.edited_at is None
    assert Note.objects.filter(pk=note.pk).values().get() == before
    assert (order(after), [photo.token for photo in after.photos.all()]) == (photos, tokens)
    assert list(after.tags.names()) == ["tea"]
    assert "edited" not in words(client.get(note.get_absolute_url()))


def test_words_are_changed_and_published_at_is_not(client: Client, note: Note) -> None:
    after = saved(
        client, note, title="The second", body="More #noodles.", tags="", place="Gate", action="draft"
    )
    assert (after.title, after.body, after.place) == ("The second", "More #noodles.", "Gate")
    assert (after.status, after.published_at) == ("published", note.published_at), (
        "A note never goes back to a draft."
    )
    assert list(after.tags.names()) == ["noodles"]


def test_order_cover_and_descriptions(client: Client, note: Note) -> None:
    first, second, third = order(note)
    after = saved(
        client, note, photo=[third, first, second], cover=str(second), **{f"alt-{third}": " A  door "}
    )
    assert order(after) == [third, first, second]
    assert after.cover_id == second
    assert Photo.objects.get(pk=third).alt == "A door"
    assert saved(client, after, photo=[second]).photos.count() == 3, "What the form does not name stays."


def test_a_photo_is_removed_with_its_files(client: Client, alice: User) -> None:
    note = make_note(alice, photos=1)
    gone = make_photo(alice, note=note, position=1, with_files=True)
    note.cover = gone
    note.save()
    after = saved(client, note, remove=[str(gone.pk)])
    assert order(after) == [after.cover_id]
    run_jobs()
    assert not default_storage.exists(f"photos/{gone.folder}")
    assert Client().get(f"{gone.base}320.jpg").status_code == 404


def test_new_photos_come_after_the_old_once_they_are_ready(client: Client, note: Note) -> None:
    old = order(note)
    files = [upload("4.jpg", size=(100, 100)), upload("5.jpg", size=(200, 100))]
    after = saved(client, note, photos=files, alt=["", "Fifth"], cover="new:1")
    assert (order(after), after.status, after.edited_at) == (old, "published", None)
    assert Client().get(note.get_absolute_url()).status_code == 200
    run_jobs()
    after.refresh_from_db()
    assert (order(after)[:3], after.photos.count()) == (old, 5)
    assert (after.status, after.published_at) == ("published", note.published_at)
    assert (after.cover.width, after.cover.alt) == (200, "Fifth")


def test_photos_move_by_buttons_and_nothing_is_saved_until_asked(client: Client, note: Note) -> None:
    first, second, third = order(note)
    page = client.get(editor(note))
    for button, value, moved in (
        ("move", f"{first}:down", [second, first, third]),
        ("move", f"{third}:up", [second, third, first]),
        ("move", f"{second}:up", [second, third, first]),
        ("move", f"{third}:sideways", [second, third, first]),
        ("move", "nonsense", [second, third, first]),
    ):
        page = client.post(editor(note), again(page, action=[], title="Half typed") | {button: value})
        kept = form_in(page, "compose").fields
        assert page.status_code == 200
        assert [int(pk) for pk in kept["photo"]] == moved
        assert (kept["title"], kept["cover"]) == (["Half typed"], [str(first)])
    assert order(note) == [first, second, third]
    assert client.post(editor(note), again(page)).status_code == 303
    assert order(note) == [second, third, first]
    note.refresh_from_db()
    assert (note.title, note.cover_id) == ("Half typed", first)


def test_photos_removed_by_buttons_stay_removed_and_go_when_saved(client: Client, note: Note) -> None:
    first, second, third = order(note)
    page = client.get(editor(note))
    for gone, left in ((second, [first, third]), (first, [third])):
        page = client.post(editor(note), form_in(page, "compose").pressed("remove", str(gone)))
        assert form_in(page, "compose").fields["photo"] == [str(pk) for pk in left]
    assert order(note) == [first, second, third]
    assert client.post(editor(note), again(page)).status_code == 303
    assert order(note) == [third]


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_a_note_that_leaves_public_renews_the_names_of_its_photos(
    client: Client, alice: User, bob: User, visibility: str
) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    old = f"{photo.base}320.jpg"
    assert b"".join(Client().get(old).streaming_content)
    saved(client, note, visibility=visibility)
    photo.refresh_from_db()
    assert old != f"{photo.base}320.jpg"
    for viewer in (alice, bob, None):
        assert signed_in(viewer).get(old).status_code == 404
    assert b"".join(client.get(f"{photo.base}320.jpg").streaming_content)
    token = photo.token
    saved(client, note, visibility="public")
    photo.refresh_from_db()
    assert photo.token == token


def test_the_partner_goes_with_the_disclosure(client: Client, note: Note) -> None:
    after = saved(client, note, disclosure="own", partner="Alice’s pots")
    assert "My own brand: Alice’s pots" in words(client.get(note.get_absolute_url()))
    assert saved(client, after, disclosure="none").partner == ""


def test_bad_words_change_nothing_and_stay_in_the_form(client: Client, note: Note) -> None:
    response = send(
        client, editor(note), title="x" * 41, body="New words.", photos=[upload(), upload("bad.jpg", b"no")]
    )
    assert response.status_code == 422
    assert "1 character too long" in words(response)
    assert "“bad.jpg” is not a photo" in words(response)
    kept = again(response)
    assert (kept["title"], kept["body"], len(kept["photo"])) == (["x" * 41], ["New words."], 4)
    note.refresh_from_db()
    assert (note.title, note.status, note.edited_at, note.photos.count()) == (
        "The first title",
        "published",
        None,
        3,
    )
    assert client.post(editor(note), kept | {"title": "Shorter"}).status_code == 303
    run_jobs()
    assert [photo.state for photo in note.photos.all()] == ["ready"] * 4


def test_photos_of_others_are_ignored(client: Client, note: Note, charlie: User) -> None:
    loose = make_photo(charlie)
    (theirs,) = make_note(charlie, photos=1).photos.all()
    mine = order(note)
    after = saved(
        client, note, photo=[loose.pk, theirs.pk, *mine], cover=str(theirs.pk), remove=[str(theirs.pk)]
    )
    assert (order(after), after.cover_id) == (mine, mine[0])
    for photo in (loose, theirs):
        photo.refresh_from_db()
        assert photo.owner == charlie
    assert (loose.note, theirs.note.author) == (None, charlie)


def test_a_photo_of_another_note_of_ones_own_stays_there(client: Client, note: Note, alice: User) -> None:
    other = make_note(alice, photos=1)
    saved(client, note, photo=[other.cover_id])
    assert other.photos.get().pk == other.cover_id


@pytest.mark.parametrize("status", ["published", "processing", "draft"])
def test_a_stranger_gets_404_and_an_anonymous_visitor_signs_in(
    alice: User, bob: User, mona: User, status: str
) -> None:
    note = make_draft(alice, "Mine") if status == "draft" else make_note(alice, "Mine", status=status)
    for person in (bob, mona):
        assert signed_in(person).get(editor(note)).status_code == 404
        assert signed_in(person).post(editor(note), {"title": "Theirs"}).status_code == 404
    for response in (
        Client().get(editor(note)),
        Client().post(editor(note), headers={"Referer": f"http://testserver{editor(note)}"}),
    ):
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={editor(note)}")
    note.refresh_from_db()
    assert note.title == "Mine"


def test_what_is_not_there_is_404(client: Client) -> None:
    for address in ("/notes/1/edit/", f"/notes/{10**17}/edit/", f"/notes/{10**30}/edit/", "/notes/0/edit/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, note: Note, method: str) -> None:
    assert getattr(client, method)(editor(note)).status_code == 405


def test_saving_twice_is_as_saving_once(client: Client, note: Note) -> None:
    data = filled_in(client, editor(note), title="Again", tags="tea, noodles", remove=[str(order(note)[0])])
    for _ in range(2):
        assert client.post(editor(note), data).status_code == 303
    note.refresh_from_db()
    assert (note.title, note.photos.count(), note.tags.count()) == ("Again", 2, 2)


def test_a_hidden_note_can_be_mended_and_stays_hidden(client: Client, alice: User, mona: User) -> None:
    note = make_note(alice, hidden_at="2026-11-01T00:00Z", hidden_by=mona, hidden_reason="No ads.")
    after = saved(client, note, title="Without the ad")
    assert (after.title, after.hidden_reason) == ("Without the ad", "No ads.")
    assert after.hidden_at
    assert Client().get(note.get_absolute_url()).status_code == 404
