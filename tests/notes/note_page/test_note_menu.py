"""The menu of a note for its author, for others, and for visitors."""

import re

import pytest
from django.test import Client

from profiles.models import Mute, User
from tests.builders import make_note, signed_in
from tests.markup import form_in

pytestmark = pytest.mark.django_db


def menu(html: str) -> str:
    """The text of the first menu of the page."""
    inside = html.partition('id="menu-text"')[2].partition("</details>")
    inside = inside[0] + inside[2].partition("</div>")[0] if inside[1] else inside[0].partition("</div>")[0]
    return " ".join(re.sub("<[^>]*>", " ", inside.partition(">")[2]).split())


def test_it_offers_not_to_meet_more_like_it(alice: User, charlie: User) -> None:
    note = make_note(alice, "Flowers", tags=["tea", "dorm"])
    page = signed_in(charlie).get(note.get_absolute_url())
    said = menu(page.text)
    assert (
        "Copy link Less like this Mute Alice An Mute a tag Mute #tea Mute #dorm Block Alice An Report" in said
    )
    assert f'data-copy="http://testserver{note.get_absolute_url()}"' in page.text
    assert 'href="/@alice/block/"' in page.text


def test_its_author_and_visitors_are_offered_none_of_that(alice: User) -> None:
    note = make_note(alice, "Flowers", tags=["tea"])
    own = menu(signed_in(alice).get(note.get_absolute_url()).text)
    visitor = menu(Client().get(note.get_absolute_url()).text)
    assert "Mute notifications Pin to profile Series Edit Delete" in own
    assert "Report" in visitor
    assert "Copy link" in visitor
    for said in (own, visitor):
        assert "Mute" not in said.replace("Mute notifications", "")
        assert "Block" not in said


def test_muting_from_it_comes_back_to_the_note_and_is_undone_there(alice: User, charlie: User) -> None:
    note = make_note(alice, "Flowers", tags=["tea"])
    client, address = signed_in(charlie), note.get_absolute_url()
    act = form_in(client.get(address), "act")
    assert client.post("/@alice/mute/", act.filled())["Location"] == address
    assert client.post("/settings/privacy/muted/words/", act.pressed("word", "#tea"))["Location"] == address
    assert Mute.objects.get().muted == alice
    charlie.refresh_from_db()
    assert charlie.muted_words == ["#tea"]
    page = client.get(address)
    assert "Unmute Alice An Mute a tag Unmute #tea" in menu(page.text)
    act = form_in(page, "act")
    assert ("/@alice/mute/delete/", "", "") in act.buttons
    assert ("/settings/privacy/muted/words/delete/", "word", "#tea") in act.buttons
