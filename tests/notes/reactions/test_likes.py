"""Likes and saves: created once, deleted once, and answered as a page or a fragment."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from notes.models import Collect, Collection, Like, Note
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.markup import form_in

MODELS = {"like": Like, "collect": Collect}
HTMX = {"HX-Request": "true"}
kinds = pytest.mark.parametrize("kind", MODELS)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def path(note: Note, kind: str, end: str = "") -> str:
    return f"{note.get_absolute_url()}{kind}/{end}"


@kinds
def test_twice_is_once(note: Note, bob: User, kind: str) -> None:
    browser, rows = signed_in(bob), MODELS[kind].objects
    for end, there in (("", 1), ("", 1), ("delete/", 0), ("delete/", 0), ("", 1)):
        assert browser.post(path(note, kind, end)).status_code == 303
        assert rows.filter(person=bob, note=note).count() == there
        note.refresh_from_db()
        assert getattr(note, f"{kind}_count") == there


@kinds
def test_by_its_author_a_follower_and_a_stranger(
    note: Note, alice: User, bob: User, charlie: User, kind: str
) -> None:
    for person in (alice, bob, charlie):
        assert signed_in(person).post(path(note, kind)).status_code == 303
    note.refresh_from_db()
    assert getattr(note, f"{kind}_count") == 3


@kinds
def test_without_htmx_one_comes_back_to_the_card(note: Note, bob: User, kind: str) -> None:
    browser = signed_in(bob)
    for referer, address in (
        ("http://testserver/tags/tea/?after=t1_2", f"/tags/tea/?after=t1_2#note-{note.pk}"),
        ("http://elsewhere.test/page/", note.get_absolute_url()),
        ("", note.get_absolute_url()),
    ):
        response = browser.post(path(note, kind), headers={"Referer": referer} if referer else {})
        assert (response.status_code, response["Location"]) == (303, address)
    response = browser.post(path(note, kind), {"next": "/following/"})
    assert response["Location"] == f"/following/#note-{note.pk}"
    response = browser.post(path(note, kind), {"next": "//elsewhere.test/"})
    assert response["Location"] == note.get_absolute_url()


@kinds
def test_with_htmx_the_button_comes_back_pressed(note: Note, bob: User, kind: str) -> None:
    browser = signed_in(bob)
    for end, pressed, back, number in (("", "true", "delete/", "1"), ("delete/", "false", "", "")):
        response = browser.post(path(note, kind, end), headers=HTMX)
        button = " ".join(response.content.decode().split())
        assert response.status_code == 200
        assert button.startswith("<button")
        assert f'formaction="{path(note, kind, back)}"' in button
        assert f'aria-pressed="{pressed}"' in button
        assert f">{number}</span> </button>" in button
        said = {"like": ["", ""], "collect": ["Saved.", "Removed from your saved notes."]}[kind][end != ""]
        assert said in button
        assert ("data-undo" in button) == (kind == "collect")


def test_undo_takes_a_save_back_and_gives_it_again(note: Note, bob: User) -> None:
    browser = signed_in(bob)
    for end, back in (("", "delete/"), ("delete/", "")):
        page = browser.get(browser.post(path(note, "collect", end))["Location"])
        buttons = form_in(page, "act").buttons
        assert buttons[-1][0] == path(note, "collect", back), "the toast stands last"
        assert "Undo" in page.text
        assert "Undo" not in browser.get("/").text, "it is said once"
        assert browser.post(buttons[-1][0]).status_code == 303
        assert Collect.objects.filter(person=bob).exists() == (back == "")
        browser.get("/")


@kinds
@pytest.mark.parametrize("end", ["", "delete/"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_other_methods_are_refused(note: Note, bob: User, kind: str, end: str, method: str) -> None:
    for browser in (signed_in(bob), Client()):
        assert getattr(browser, method)(path(note, kind, end)).status_code == 405
    assert not MODELS[kind].objects.exists()


@kinds
@pytest.mark.parametrize("end", ["", "delete/"])
def test_a_visitor_signs_in_and_comes_back_to_the_page(note: Note, bob: User, kind: str, end: str) -> None:
    if end:
        MODELS[kind].objects.create(person=bob, note=note)
    for headers, page in (({"Referer": "http://testserver/?sort=latest"}, "/?sort=latest"), ({}, "/")):
        response = Client().post(path(note, kind, end), headers=headers)
        assert response.status_code == 302
        onward = parse_qs(urlsplit(response["Location"]).query)["next"][0]
        assert onward.startswith(page), "Never to a path that only takes POST."
        assert ("pressed=" in onward) == (end == ""), "core/pending_presses.py"
    response = Client().post(path(note, kind, end), {"next": note.get_absolute_url()}, headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (
        204,
        f"/accounts/login/?next={note.get_absolute_url()}",
    )
    assert MODELS[kind].objects.count() == bool(end)


@kinds
def test_of_a_note_that_is_not_there(bob: User, kind: str) -> None:
    for pk in (1, 10**17, 10**18, 10**30):
        assert signed_in(bob).post(f"/notes/{pk}/{kind}/").status_code == 404


@kinds
def test_the_button_of_a_card_works_as_rendered_with_csrf_checks_on(note: Note, bob: User, kind: str) -> None:
    browser = signed_in(bob, enforce_csrf_checks=True)
    for page in ("/", note.get_absolute_url()):
        for there in (True, False):
            form = form_in(browser.get(page), "act")
            (address, *_) = [address for address, *_ in form.buttons if address.startswith(path(note, kind))]
            assert browser.post(address).status_code == 403
            response = browser.post(address, form.filled())
            assert (response.status_code, response["Location"]) == (303, f"{page}#note-{note.pk}")
            assert MODELS[kind].objects.exists() == there


def test_saving_adds_to_no_collection(alice: User, bob: User) -> None:
    browser, notes = signed_in(bob), [make_note(alice) for _ in range(2)]
    for note in (*notes, *notes):
        browser.post(path(note, "collect"))
    assert Collect.objects.filter(person=bob).count() == 2
    assert not Collection.objects.exists()


def test_pages_show_ones_own_reactions_and_not_those_of_others(note: Note, bob: User, charlie: User) -> None:
    browser = signed_in(bob)
    for kind in MODELS:
        browser.post(path(note, kind))
    for page in ("/", "/?sort=latest", "/following/", "/@alice/", note.get_absolute_url()):
        addresses = {address for address, *_ in form_in(browser.get(page), "act").buttons}
        assert {path(note, kind, "delete/") for kind in MODELS} <= addresses
    for viewer in (charlie, None):
        addresses = {address for address, *_ in form_in(signed_in(viewer).get("/"), "act").buttons}
        assert {path(note, kind) for kind in MODELS} <= addresses
