"""Composing with photos: order, cover, descriptions, bad files among good ones, and buttons without JavaScript."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from notes.models import Note, Photo
from profiles.models import User
from tests.builders import picture, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send
from tests.servers import run_jobs

TEXT = b"This is not a photo."
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def photo_files(*sizes: tuple[int, int]) -> list:
    """Uploads named by their place: 0.jpg, 1.jpg, …"""
    return [upload(f"{number}.jpg", size=size) for number, size in enumerate(sizes)]


def sizes(note: Note) -> list[tuple[int, int]]:
    return [(photo.width, photo.height) for photo in note.photos.all()]


THREE = [(100, 200), (300, 200), (400, 400)]


def test_real_photos_are_published_in_their_order_once_they_are_ready(
    client: Client, quick_photographs: list[bytes]
) -> None:
    files = [upload(f"{number}.jpg", content) for number, content in enumerate(quick_photographs[:3])]
    alts = ["Roofs", "A flower", ""]
    note = made(send(client, title="A walk", photos=files, alt=alts, cover="1"))
    assert (note.status, note.published_at) == ("processing", None)
    assert [photo.alt for photo in note.photos.all()] == alts
    first, second, third = note.photos.all()
    assert note.cover == second
    assert "Your photos are being processed" in words(client.get(note.get_absolute_url()))
    run_jobs()
    note.refresh_from_db()
    assert (note.status, note.edited_at) == ("published", None)
    visitor = Client()
    page = visitor.get(note.get_absolute_url()).content.decode()
    places = [page.index(f'src="{photo.base}') for photo in (first, second, third)]
    assert places == sorted(places)
    assert 'alt="A flower"' in page
    card = visitor.get("/").content.decode()
    assert f'src="{second.base}cover480.jpg"' in card
    shown = b"".join(visitor.get(f"{second.base}cover480.jpg").streaming_content)
    with Image.open(io.BytesIO(shown)) as cover:
        assert cover.size == (480, 480 * second.snap // 24)


def test_the_cover_is_the_first_photo_unless_another_is_chosen(client: Client) -> None:
    for cover, chosen in (("", 0), ("0", 0), ("2", 2), ("3", 0), ("-1", 0), ("x", 0), ("9" * 30, 0)):
        note = made(send(client, action="draft", photos=photo_files(*THREE), cover=cover))
        assert (note.cover.width, note.cover.height) == THREE[chosen]
        note.delete()


def test_a_bad_photo_among_good_ones_is_named_and_the_good_ones_are_kept(client: Client, bomb: bytes) -> None:
    bad = [
        upload("notes.jpg", TEXT),
        upload("drawing.svg", SVG),
        upload("bomb.png", bomb),
        upload("empty.jpg", b""),
        upload("cut.png", picture((600, 800), "PNG")[:-200]),
        upload("tiny.jpg", size=(60, 60)),
        upload("ribbon.jpg", size=(2000, 64)),
    ]
    good = photo_files(*THREE)
    files = [good[0], *bad[:3], good[1], *bad[3:], good[2]]
    alts = [f"Photo {number}" for number in range(len(files))]
    response = send(client, title="Mixed", body="Words.", tags="tea", photos=files, alt=alts, cover="4")
    assert response.status_code == 422
    said = words(response)
    for line in (
        "“notes.jpg” is not a photo we can read.",
        "“drawing.svg” is not a photo we can read.",
        "“bomb.png” has too many pixels.",
        "“cut.png” is damaged or cut short.",
        "“tiny.jpg” is too small.",
        "“ribbon.jpg” is too long and narrow.",
        "Your text and photos are still here.",
    ):
        assert line in said
    draft = Note.objects.get()
    assert (draft.status, draft.title, sizes(draft)) == ("draft", "Mixed", THREE)
    kept = again(response)
    photos = list(draft.photos.all())
    assert kept["draft"] == [str(draft.pk)]
    assert kept["photo"] == [str(photo.pk) for photo in photos]
    assert [kept[f"alt-{photo.pk}"] for photo in photos] == [["Photo 0"], ["Photo 4"], ["Photo 9"]]
    assert kept["cover"] == ["1"]

    note = made(client.post(NEW, kept | {"photos": photo_files((500, 500))}))
    assert (note.pk, note.status, sizes(note)) == (draft.pk, "processing", [*THREE, (500, 500)])
    assert note.cover == photos[1]
    assert [photo.alt for photo in note.photos.all()] == ["Photo 0", "Photo 4", "Photo 9", ""]
    assert list(note.tags.names()) == ["tea"]


def test_an_empty_file_is_named(client: Client) -> None:
    response = send(client, title="Empty", photos=[upload("empty.jpg", b"")])
    assert response.status_code == 422
    assert "“empty.jpg” is empty." in words(response)


def test_photos_stay_where_the_words_are_refused(client: Client) -> None:
    response = send(client, title="x" * 41, photos=photo_files(*THREE), alt=["", "Two", ""], cover="2")
    assert response.status_code == 422
    draft = Note.objects.get()
    assert (draft.title, sizes(draft), draft.cover.width) == ("", THREE, 400)
    note = made(client.post(NEW, again(response, title="Short enough")))
    assert (note.pk, note.title, sizes(note), note.cover.width) == (draft.pk, "Short enough", THREE, 400)
    assert [photo.alt for photo in note.photos.all()] == ["", "Two", ""]


def test_the_nineteenth_photo_is_left_out_and_said_so(client: Client) -> None:
    response = send(client, title="Many", photos=photo_files(*[(64 + number, 64) for number in range(20)]))
    assert response.status_code == 422
    assert "A note holds 18 photos. The last 2 were left out." in words(response)
    draft = Note.objects.get()
    assert sizes(draft) == [(64 + number, 64) for number in range(18)]
    response = client.post(NEW, again(response, photos=photo_files((64, 64))))
    assert "A note holds 18 photos. The last one was left out." in words(response)
    assert made(client.post(NEW, again(response))).photos.count() == 18


@pytest.mark.parametrize(
    ("alt", "problem"),
    [
        ("x" * 501, "1 character too long"),
        ("\u202e", "This has no visible text"),
        ("\0", "control characters"),
    ],
)
def test_a_description_that_does_not_fit_is_said_and_kept(client: Client, alt: str, problem: str) -> None:
    response = send(client, title="Described", photos=photo_files((100, 100)), alt=[alt])
    assert response.status_code == 422
    assert "Photo description: " in words(response)
    assert problem in words(response)
    photo = Photo.objects.get()
    kept = again(response)
    assert kept[f"alt-{photo.pk}"] == [alt]
    note = made(client.post(NEW, kept | {f"alt-{photo.pk}": "👩‍👩‍👧‍👦" * 500}))
    assert len(note.photos.get().alt) == 3500


def test_an_unverified_person_keeps_photos_in_the_draft(client: Client, alice: User) -> None:
    alice.emailaddress_set.update(verified=False)
    response = send(client, title="Soon", photos=photo_files(*THREE))
    assert response.status_code == 403
    draft = Note.objects.get()
    assert (draft.status, sizes(draft)) == ("draft", THREE)
    alice.emailaddress_set.update(verified=True)
    assert made(client.post(NEW, again(response))).status == "processing"


def test_photos_are_arranged_by_buttons_before_anything_is_saved(client: Client) -> None:
    typed = {"title": "Arranged", "body": "Words.", "tags": "tea", "visibility": "followers", "place": "Gate"}
    data = filled_in(client, **typed, photos=photo_files(*THREE), alt=["a", "b", "c"], cover="1")
    del data["action"]
    response = client.post(NEW, data | {"move": "none"})
    assert response.status_code == 200
    assert not Note.objects.exists()
    first, second, third = (photo.pk for photo in Photo.objects.order_by("pk"))

    for name, value, order, cover in (
        ("move", f"{third}:up", [first, third, second], "2"),
        ("move", f"{first}:down", [third, first, second], "2"),
        ("move", f"{third}:up", [third, first, second], "2"),
        ("remove", f"{third}", [first, second], "1"),
    ):
        response = client.post(NEW, form_in(response, "compose").pressed(name, value))
        fields = form_in(response, "compose").fields
        assert response.status_code == 200
        assert {name: fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
        assert (fields["photo"], fields["cover"]) == ([str(pk) for pk in order], [cover])

    note = made(client.post(NEW, again(response)))
    assert [photo.pk for photo in note.photos.all()] == [first, second]
    assert [photo.alt for photo in note.photos.all()] == ["a", "b"]
    assert note.cover_id == second
    assert Photo.objects.loose(note.author).get().pk == third


def test_removing_the_cover_makes_the_first_photo_it(client: Client) -> None:
    response = send(client, title="x" * 41, photos=photo_files(*THREE), cover="2")
    form = form_in(response, "compose")
    response = client.post(NEW, form.pressed("remove", form.fields["photo"][2]))
    assert form_in(response, "compose").fields["cover"] == ["0"]


def test_photos_removed_from_a_kept_draft_stay_removed(client: Client) -> None:
    response = send(client, title="x" * 41, photos=photo_files(*THREE))
    for place in (1, 0):
        form = form_in(response, "compose")
        response = client.post(NEW, form.pressed("remove", form.fields["photo"][place]))
    assert sizes(Note.objects.get()) == THREE
    assert sizes(made(client.post(NEW, again(response, title="One")))) == [THREE[2]]


def test_a_photo_removed_by_script_leaves_the_places_of_the_others(client: Client) -> None:
    """Scripts drop the photo's own field, count the cover's place without it, and publish at once."""
    response = send(client, title="x" * 41, photos=photo_files(*THREE))
    kept = again(response, title="Two and one")
    gone, *photo = kept["photo"]
    changes = {
        "photo": photo,
        "remove": gone,
        "photos": photo_files((500, 500)),
        "cover": "2",
        "alt": ["New"],
    }
    note = made(client.post(NEW, kept | changes))
    assert sizes(note) == [(300, 200), (400, 400), (500, 500)]
    assert note.cover.width == 500


def test_the_chosen_cover_stays_when_a_photo_before_it_is_gone(client: Client) -> None:
    """It was deleted meanwhile: the places that the form counted include it."""
    response = send(client, title="x" * 41, photos=photo_files(*THREE), cover="1")
    kept = again(response, title="Two", cover="1")
    Photo.objects.get(pk=kept["photo"][0]).delete()
    assert made(client.post(NEW, kept)).cover_id == int(kept["photo"][1])


def test_a_photo_of_another_person_is_ignored(client: Client, charlie: User) -> None:
    send(signed_in(charlie), action="draft", title="Theirs", photos=photo_files((100, 100)))
    theirs = Photo.objects.get()
    loose = Photo.objects.create(owner=charlie, width=70, height=70)
    note_id = theirs.note_id
    assert (
        send(client, title="Mine", photo=[theirs.pk, loose.pk, "x", "9" * 30], cover="0").status_code == 303
    )
    mine = Note.objects.get(title="Mine")
    assert (mine.photos.count(), mine.cover) == (0, None)
    theirs.refresh_from_db()
    assert theirs.note_id == note_id


def test_files_stay_on_disk_until_they_are_decoded(client: Client) -> None:
    note = made(send(client, title="Waiting", photos=photo_files((100, 100))))
    photo = note.photos.get()
    assert default_storage.exists(photo.original)
    run_jobs()
    assert not default_storage.exists(photo.original)
