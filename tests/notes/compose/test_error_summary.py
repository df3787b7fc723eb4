"""The error summary above a rejected form: each error links to its field, and the summary has the focus."""

import re
from typing import Any

import pytest
from django.test import Client

from notes.models import Note
from profiles.models import User
from tests.builders import make_note, signed_in, upload
from tests.markup import form_in, main_html, words
from tests.notes.compose.filled_form import NEW, again, send

BOX = re.compile(
    r'<div class="notice notice--bad" role="alert" tabindex="-1" autofocus>.*?</div>\s*</div>', re.DOTALL
)
LINK = re.compile(r'href="#([^"]+)"\s*>([^<]*)</a>')


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def links(response: Any) -> dict[str, str]:
    """What the box says, by the id that it leads to, which the page has once."""
    html = main_html(response)
    (box,) = BOX.findall(html)
    found = dict(LINK.findall(box))
    assert all(len(re.findall(rf'\bid="{target}"', html)) == 1 for target in found)
    return found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, {"id_title": "Title: Give the note a title."}),
        ({"title": "x" * 41}, {"id_title": "Title: This is 1 character too long."}),
        ({"title": "Tea", "tags": "★"}, {"id_tags": "Tags: “★” needs a letter to be a tag."}),
        ({"title": "Tea", "campus": "x" * 61}, {"id_campus": "Campus: This is 1 character too long."}),
        (
            {"title": "Tea", "visibility": "all"},
            {"id_visibility_0": "Who can see it: Select a valid choice. all"},
        ),
        ({"title": "Tea", "photos": [upload("a.jpg", b"none")]}, {"photos": "“a.jpg” is not a photo"}),
    ],
)
def test_each_error_is_a_link_to_its_field(client: Client, changes: Any, expected: dict[str, str]) -> None:
    response = send(client, **changes)
    assert response.status_code == 422
    found = links(response)
    assert found.keys() == expected.keys()
    for target, said in expected.items():
        assert found[target].startswith(said)


def test_several_are_named_in_the_order_of_the_form(client: Client) -> None:
    response = send(client, title="", tags="★", place="x" * 41)
    assert list(links(response)) == ["id_title", "id_tags", "id_place"]


def test_a_description_is_named_as_its_photo_s(client: Client) -> None:
    first = send(client, title="", photos=[upload()])
    (pk,) = again(first)["photo"]
    response = client.post(NEW, again(first, title="Tea", **{f"alt-{pk}": "x" * 501}))
    assert response.status_code == 422
    assert links(response) == {f"alt-{pk}": "Photo description: This is 1 character too long."}
    html = main_html(response)
    assert f'aria-invalid="true" aria-describedby="alt-{pk}-error"' in html
    assert re.search(r'id="edit-photos"\s+checked', html), "On a phone its field would be behind a tap."


def test_a_draft_with_a_description_that_is_too_long_is_kept(client: Client) -> None:
    first = send(client, title="", photos=[upload()])
    (pk,) = again(first)["photo"]
    response = client.post(NEW, again(first, action="draft", **{f"alt-{pk}": "x" * 501}))
    assert response.status_code == 303
    assert Note.objects.get().status == Note.Status.DRAFT


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/settings/profile/", {"name": "", "handle": "a b"}, {"id_name": "Name: ", "id_handle": "Handle: "}),
        ("/settings/label/", {"label": "x", "topics": ""}, {"id_label": "Label: ", "id_topics": "Topics: "}),
    ],
)
def test_other_long_forms_do_so_too(
    client: Client, address: str, changes: Any, expected: dict[str, str]
) -> None:
    response = client.post(address, form_in(client.get(address), "").filled(**changes))
    assert response.status_code == 422
    found = links(response)
    assert list(found) == list(expected)
    assert all(found[target].startswith(said) for target, said in expected.items())


def test_a_photo_without_a_description_is_said_and_blocks_nothing(client: Client, alice: User) -> None:
    note = make_note(alice, photos=1)
    html = words(client.get(f"{note.get_absolute_url()}edit/"))
    assert "No description yet" in html
    assert "Some photos have no description. You can still publish." in html
    assert send(client, f"{note.get_absolute_url()}edit/").status_code == 303
