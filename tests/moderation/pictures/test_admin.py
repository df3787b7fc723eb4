"""What moderators do about known pictures: read why a case is there, add a hidden photo in one step, retire."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from moderation.decisions.directly import decide_about
from moderation.models import Case, Finding, KnownPicture, Step
from moderation.pictures.looking import look_over_note
from notes.models import Note
from profiles.models import User
from tests.builders import make_person, signed_in
from tests.imaging.test_fingerprint import scene
from tests.markup import words
from tests.moderation.builders import make_rule, make_rules
from tests.moderation.pictures.scenes import known, note_with, shot
from tests.moderation.pictures.test_copies import said
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
LIST = "/admin/moderation/knownpicture/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, db: None) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_rules()


@pytest.fixture
def desk(mona: User) -> Client:
    return signed_in(mona)


@pytest.fixture
def held(alice: User, bob: User) -> Case:
    """The case of a note of Bob's with a photo that is known."""
    known(shot(alice, scene(1)), source="A list")
    look_over_note(note_with(bob, 1).pk)
    return Case.objects.open().get()


def test_a_case_says_what_was_found(held: Case, desk: Client) -> None:
    page = words(desk.get(f"/admin/cases/{held.pk}/"))
    source = KnownPicture.objects.get()
    for text in (
        "What a program found",
        "A photo looks like a known picture",
        source.said,
        "A list",
        "Held for review",
    ):
        assert text in page, text
    queue = words(desk.get("/admin/"))
    assert "Found by a program" in queue
    assert "Opened by a moderator" not in queue


def test_a_false_match_and_its_hash_go_with_one_press_each(held: Case, desk: Client) -> None:
    source = KnownPicture.objects.get()
    answer = desk.post(f"/admin/cases/{held.pk}/retire/{source.pk}/", follow=True)
    assert "off the list" in words(answer)
    source.refresh_from_db()
    assert source.retired_at is not None
    desk.post(f"/admin/cases/{held.pk}/", {"version": held.version, "step": "none"})
    assert held.note is not None
    assert Note.objects.get(pk=held.note_id).hidden_at is None


def test_a_hidden_photo_is_added_with_one_press(alice: User, bob: User, mona: User, desk: Client) -> None:
    note, other = note_with(alice, 1), note_with(bob, scene(1).reduce(2))
    photo = note.photos.get()
    made = decide_about(target=note, by=mona, step=Step.HIDE, rule=make_rule("sexual"))
    assert made is not None
    address = f"/admin/cases/{made.case_id}/"
    assert "Recognise photo 1 from now on" in words(desk.get(address))
    for _press in range(2):
        answer = desk.post(f"{address}recognise/{photo.pk}/", follow=True)
        assert "is recognised from now on" in words(answer)
    assert KnownPicture.objects.whole().get().rule.slug == "sexual"
    run_jobs()
    assert Note.objects.get(pk=other.pk).is_held
    elsewhere = other.photos.get().pk
    assert desk.post(f"{address}recognise/{elsewhere}/").status_code == 404


def test_only_what_a_moderator_hid_is_added(held: Case, desk: Client) -> None:
    assert held.note is not None
    photo = held.note.photos.get()
    assert "Recognise photo" not in words(desk.get(f"/admin/cases/{held.pk}/"))
    assert desk.post(f"/admin/cases/{held.pk}/recognise/{photo.pk}/").status_code == 404


def test_others_get_nowhere(held: Case, bob: User, client: Client) -> None:
    for visitor, status in ((signed_in(bob), 404), (client, 302)):
        assert visitor.get(LIST).status_code == status
        assert visitor.post(f"/admin/cases/{held.pk}/retire/1/").status_code == status
    about = make_person(is_staff=True)
    assert signed_in(about).get(LIST).status_code in {403, 404}


def test_the_list_finds_retires_and_renews(desk: Client, alice: User) -> None:
    first, second = known(shot(alice, scene(1))), known(shot(alice, scene(2)))
    KnownPicture.objects.create(fingerprint=9, cut_of=first, rule=first.rule)
    page = desk.get(LIST).text
    assert first.said in page
    assert second.said in page
    assert f"{9:016x}" not in page
    assert second.said not in desk.get(LIST, {"q": f"{9:016x}"}).text.partition("<tbody")[2]
    assert first.said in desk.get(LIST, {"q": f"{9:016x}"}).text.partition("<tbody")[2]
    assert "<tbody" not in desk.get(LIST, {"q": "nonsense"}).text
    desk.post(LIST, {"action": "retire", "_selected_action": [first.pk]})
    assert KnownPicture.objects.in_force().get() == second
    assert first.said not in desk.get(LIST, {"retired": "no"}).text.partition("<tbody")[2]
    desk.post(LIST, {"action": "renew", "_selected_action": [first.pk]})
    assert KnownPicture.objects.in_force().count() == 3
    assert desk.get(f"{LIST}{first.pk}/change/").status_code == 200
    assert desk.get(f"{LIST}add/").status_code == 403


def test_copies_link_to_one_another(desk: Client) -> None:
    notes = [said(make_person()) for _each in range(3)]
    page = desk.get(f"/admin/cases/{Case.objects.get().pk}/").text
    assert "Several accounts published the same within an hour" in page
    for note in notes:
        assert f"/admin/notes/note/{note.pk}/change/" in page
    assert Finding.objects.count() == 1
