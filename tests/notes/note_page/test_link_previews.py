"""Link previews of notes on other sites, which show nothing of a note that is not public."""

import io
import re
from functools import cache
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from imaging import Rendered, render
from notes.models import Note
from notes.photos import text_picture
from notes.photos.text_picture import title_image_name
from profiles.models import User
from tests.builders import make_campus, make_label, make_note, make_person, make_photo, signed_in
from tests.imaging.images import encoded
from tests.markup import form_in
from tests.notes.note_page.link_readers import READERS, SITE, Mastodon, Shown, WeChat

pytestmark = pytest.mark.django_db

LONG = "Steam over the bowls, two students at the window. " * 30


@pytest.fixture
def stranger(settings: Any) -> Client:
    """As the programs that read links: no cookie, no language, by https."""
    settings.ALLOWED_HOSTS = ["redbook.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(headers={"host": "redbook.example", "x-forwarded-proto": "https"})


@cache
def noisy_photo() -> Rendered:
    """Return a photo whose files are as large as they get, rendered once."""
    return render(io.BytesIO(encoded(Image.effect_noise((1600, 1200), 120).convert("RGB"), quality=95)))


@pytest.fixture
def pictured(alice: User) -> Note:
    note = make_note(alice, "Soup at seven", body=f"{LONG} #soup", disclosure="paid", partner="Bowl & Co")
    photo = make_photo(alice, note=note, width=1600, height=1200, snap=18, alt=LONG, roles=["320", "1600"])
    rendered = noisy_photo()
    for made in rendered.renditions:
        default_storage.save(photo.path(f"{made.role}.{made.extension}"), ContentFile(made.content))
    photo.roles = [*dict.fromkeys(made.role for made in rendered.renditions)]
    photo.save()
    Note.objects.filter(pk=note.pk).update(cover=photo)
    return note


def picture_of(stranger: Client, shown: Shown) -> tuple[Image.Image, int]:
    answer = stranger.get(shown.image.removeprefix(SITE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"].startswith("public")
    content = answer.getvalue()
    return Image.open(io.BytesIO(content)), len(content)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: type(reader).__name__)
def test_each_site_shows_title_words_brand_and_photo(stranger: Client, pictured: Note, reader: Any) -> None:
    shown = reader.read(stranger.get(pictured.get_absolute_url() + "?thread=1").content)
    assert "Soup at seven" in shown.title
    assert shown.description.startswith("Paid partnership with Bowl & Co · Steam over the bowls")
    assert len(shown.description) <= 200
    assert shown.address == f"{SITE}/notes/{pictured.pk}/", "one address, without what was asked for"
    picture, weight = picture_of(stranger, shown)
    assert (picture.format, weight < reader.BYTES) == ("JPEG", True)
    if not isinstance(reader, WeChat):
        assert picture.size == (shown.width, shown.height) == (960, 720)
        assert shown.alt.startswith("Steam over the bowls")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: type(reader).__name__)
def test_a_note_without_a_photo_shows_its_title_drawn(stranger: Client, alice: User, reader: Any) -> None:
    make_note(alice, "Another, with a photo", photos=1)
    note = make_note(alice, "三块钱的早餐☕️能不能撑到中午？", disclosure="own")
    shown = reader.read(stranger.get(note.get_absolute_url()).content)
    assert shown.description == "My own brand · A note by Alice An"
    picture, weight = picture_of(stranger, shown)
    assert (picture.format, picture.size, weight < 200_000) == ("JPEG", (1200, 630), True)
    assert (shown.width, shown.height) == picture.size
    assert len(picture.convert("L").getcolors() or []) > 2, "letters on paper"
    assert shown.alt in {note.title, ""}


def test_a_title_that_the_font_lacks_and_a_small_photo(stranger: Client, alice: User, settings: Any) -> None:
    arabic = make_note(alice, "مرحبا بكم")
    shown = Mastodon().read(stranger.get(arabic.get_absolute_url()).content)
    assert shown.image == f"{SITE}/static/preview.jpg"
    assert (shown.title, shown.width) == ("مرحبا بكم", 1200)
    small = make_note(alice, "Small")
    photo = make_photo(
        alice, note=small, width=200, height=160, roles=["320", "cover320", "cover480", "cover960"]
    )
    Note.objects.filter(pk=small.pk).update(cover=photo)
    assert "/picture-" in Mastodon().read(stranger.get(small.get_absolute_url()).content).image


def test_without_a_font_our_sign_is_shown(
    stranger: Client, alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_picture, "_has_font", lambda: False)
    page = stranger.get(make_note(alice, "Tea").get_absolute_url()).content
    assert Mastodon().read(page).image == f"{SITE}/static/preview.jpg"


CLOSED = {
    "followers": {"visibility": "followers"},
    "private": {"visibility": "private"},
    "hidden": {"hidden_at": "2026-11-01T00:00Z"},
    "draft": {"status": "draft"},
}


@pytest.mark.parametrize("state", [*CLOSED, "approves", "suspended", "deleted"])
def test_of_a_closed_note_nothing_is_said_and_its_picture_is_gone(
    stranger: Client, alice: User, state: str
) -> None:
    note = make_note(alice, "Tea at four", body="Only for a few.")
    shown = stranger.get(note.get_absolute_url()).text
    picture = re.search(r'og:image" content="https://redbook.example([^"]+)', shown)
    assert picture
    assert stranger.get(picture[1]).status_code == 200
    if state == "deleted":
        note.delete()
    elif state in CLOSED:
        Note.objects.filter(pk=note.pk).update(**CLOSED[state])
    else:
        fields = {"approves": {"approves_followers": True}, "suspended": {"suspended_at": timezone.now()}}[
            state
        ]
        User.objects.filter(pk=alice.pk).update(**fields)
    page = stranger.get(note.get_absolute_url())
    assert page.status_code == 404
    for word in ("og:", "canonical", "Tea at four", "Only for a few"):
        assert word not in page.text, word
    gone = stranger.get(picture[1])
    assert (gone.status_code, gone["Cache-Control"]) == (404, "no-store")
    if state in CLOSED:
        own = signed_in(alice, headers={"host": "redbook.example"}).get(note.get_absolute_url()).text
        assert "og:" not in own, "its author sees the page, and a link of theirs shows nothing"


def test_the_picture_of_what_was_edited_has_another_address(
    stranger: Client, alice: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    note = make_note(alice, "Tea")
    before = f"/notes/{note.pk}/picture-{title_image_name(note)}.jpg"
    assert stranger.get(before).status_code == 200
    own, address = signed_in(alice), f"{note.get_absolute_url()}edit/"
    for visibility in ("private", "public"):
        sent = form_in(own.get(address), "compose").filled(visibility=visibility, action="publish")
        assert own.post(address, sent).status_code == 303
    assert stranger.get(before).status_code == 404, "closed once, it never comes back under that name"
    shown = Mastodon().read(stranger.get(note.get_absolute_url()).content)
    assert stranger.get(shown.image.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("is_indexed", [True, False])
def test_search_engines_are_told_what_the_person_decided(stranger: Client, is_indexed: bool) -> None:
    note = make_note(make_person(is_indexed=is_indexed), "Tea")
    page = stranger.get(note.get_absolute_url())
    assert ('content="noindex"' in page.text) is not is_indexed
    shown = Mastodon().read(page.content)
    picture = stranger.get(shown.image.removeprefix(SITE))
    assert picture.get("X-Robots-Tag") == (None if is_indexed else "noindex")


TITLES = ['"><script>', "W" * 40, "一" * 40, "a", "1", "…", "😀", "é", "/" * 40, "啊" * 20 + " b"]


@pytest.mark.parametrize("title", TITLES)
def test_every_title_is_drawn_or_passed_over(title: str) -> None:
    if text_picture.can_letter(title):
        assert Image.open(io.BytesIO(text_picture.letter(title, "leaf"))).size == (1200, 630)
        size, lines = text_picture._set(title)
        assert all(text_picture._fits(line, size) for line in lines)
    else:
        assert title in {"…", "😀", "/" * 40}


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [
        ({}, True),
        ({"visibility": "followers"}, True),
        ({"visibility": "private"}, False),
        (CLOSED["draft"], False),
    ],
    ids=["public", "followers", "private", "draft"],
)
def test_the_link_stands_on_the_page_to_be_copied_without_script(
    alice: User, fields: dict[str, str], is_offered: bool
) -> None:
    note = make_note(alice, "Tea", **fields)
    page = signed_in(alice).get(f"{note.get_absolute_url()}?thread=1").text
    assert (f'value="http://testserver/notes/{note.pk}/"' in page) is is_offered
    assert ("Only people who follow Alice An can open it." in page) is (
        fields.get("visibility") == "followers"
    )


def test_every_open_page_has_a_description_and_one_address(stranger: Client, alice: User) -> None:
    tagged = make_note(alice, "Tea", tags=["茶"], campus=make_campus())
    make_label(alice, "Tea person", topics=["茶"], statement="A cup a day.")
    found = {}
    for path, address in {
        "/?sort=latest&after=": "/",
        "/?channel=茶": "/?channel=%E8%8C%B6",
        "/tags/茶/?after=": "/tags/%E8%8C%B6/",
        "/labels/tea-person/": "/labels/tea-person/",
        "/campuses/linhai-university/": "/campuses/linhai-university/",
        "/@alice/?show=notes": "/@alice/",
        tagged.get_absolute_url(): tagged.get_absolute_url(),
        "/about/": "/about/",
        "/accounts/login/?next=/": "/accounts/login/",
    }.items():
        page = stranger.get(path).text
        (said,) = re.findall(r'<meta\s+name="description"\s+content="([^"]+)"', page)
        assert re.findall(r'<link rel="canonical" href="([^"]+)"', page) == [SITE + address], path
        found[path] = said
    assert found["/@alice/?show=notes"] == "Tea person · A cup a day."
    assert len({*found.values()}) == 6, "about and signing in say what the site is, as Explore does"
