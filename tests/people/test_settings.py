from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError
from django.test import Client

from profiles.models import Campus, User
from tests.builders import make_campus, signed_in

PATH = "/settings/profile/"
WORDS = {
    "name": "林夏 Lin",
    "handle": "alice",
    "bio": "Second-year.\r\nTea.",
    "campus": "",
    "city": "",
    "stage": "college",
}


def save(person: User, **changed: Any) -> Any:
    return signed_in(person).post(PATH, WORDS | changed)


def test_saving(alice: User) -> None:
    response = save(alice, handle="Alice_An", campus="Linhai University", city="Linhai")
    assert (response.status_code, response["Location"]) == (303, "/@Alice_An/")
    alice.refresh_from_db()
    assert (alice.name, alice.handle, alice.bio, alice.stage) == (
        "林夏 Lin",
        "Alice_An",
        "Second-year.\nTea.",
        "college",
    )
    assert alice.campus is not None
    assert (alice.campus.name, alice.campus.city) == ("Linhai University", "Linhai")


def test_twice_is_once(alice: User) -> None:
    for _ in range(2):
        save(alice, campus="Linhai University")
    assert Campus.objects.count() == 1


def test_a_campus_is_the_same_in_any_case_and_width(alice: User) -> None:
    campus = make_campus("Linhai University", "Linhai")
    save(alice, campus="ＬＩＮＨＡＩ university", city="Elsewhere")
    alice.refresh_from_db()
    assert alice.campus == campus
    assert Campus.objects.get().city == "Linhai"
    save(alice, campus="")
    alice.refresh_from_db()
    assert alice.campus is None


def test_the_form_offers_campuses_and_shows_what_is_saved(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(campus=make_campus(), bio="Tea.")
    page = signed_in(alice).get(PATH).content.decode()
    for part in ('<option value="Linhai University">', 'value="Alice An"', ">\nTea.</textarea>", alice.email):
        assert part in page, part


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "required"),
        ("name", "\u3164", "This has no visible text"),
        ("name", "Lin\x07xia", "invisible control characters"),
        ("name", "Lin\x00", "invisible control characters"),
        ("name", "a" * 31, "1 character too long"),
        ("handle", "lin xia", "try lin_xia"),
        ("handle", "settings", "reserved"),
        ("bio", "字" * 161, "1 character too long"),
        ("campus", "a" * 61, "1 character too long"),
        ("stage", "king", "Select a valid choice"),
        ("language", "tlh", "Select a valid choice"),
    ],
)
def test_bad_input_is_422_and_kept(alice: User, field: str, value: str, message: str) -> None:
    response = save(alice, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "林夏 Lin" in page or field == "name"
    alice.refresh_from_db()
    assert alice.name == "Alice An"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "👩‍👩‍👧‍👦" * 30), ("bio", "👩‍👩‍👧‍👦" * 160), ("campus", "ﷺ" * 60), ("campus", "😀")],
)
def test_what_fits_is_stored_whatever_its_code_points(alice: User, field: str, value: str) -> None:
    assert save(alice, **{field: value}).status_code == 303


def test_a_handle_taken_before_or_at_the_same_moment(alice: User, bob: User) -> None:
    assert b"This handle is taken" in save(alice, handle="BOB").content
    with patch("people.views.settings.save_profile", side_effect=IntegrityError):
        response = save(alice, handle="somebody")
    assert response.status_code == 422
    assert b"This handle is taken" in response.content


def test_a_chosen_language_speaks_at_once(alice: User) -> None:
    response = save(alice, language="zh-hans")
    assert response.cookies["language"].value == "zh-hans"
    alice.refresh_from_db()
    assert alice.language == "zh-hans"


def test_visitors_and_other_methods(client: Client, alice: User) -> None:
    for response in (client.get(PATH), client.post(PATH, WORDS)):
        assert response["Location"].startswith("/accounts/login/")
    assert signed_in(alice).delete(PATH).status_code == 405
