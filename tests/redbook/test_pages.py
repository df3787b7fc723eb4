"""Pages and settings of no app."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client

from profiles.models import User
from tests.builders import signed_in


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/about/", "/terms/", "/privacy/", "/rules/", "/young-people/", "/support/"]
)
def test_texts_are_there_for_everybody(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "<h1>" in response.content.decode()
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_what_privacy_promises(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    for promise in ("lives a day at most", "is dropped", "is deleted as soon as", "never shown to anybody"):
        assert promise in page


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept_in_a_cookie(client: Client, theme: str) -> None:
    response = client.post("/theme/", {"theme": theme, "next": "/about/"})
    assert (response.status_code, response["Location"]) == (303, "/about/")
    assert f'data-theme="{theme}"' in client.get("/about/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert "data-theme" not in client.get("/about/").content.decode()


@pytest.mark.django_db
def test_the_language_is_kept_in_a_cookie_and_by_the_person(client: Client, alice: User) -> None:
    response = client.post("/language/", {"language": "zh-hans", "next": "/about/"})
    assert (response.status_code, response["Location"]) == (303, "/about/")
    assert '<html lang="zh-hans"' in client.get("/about/").content.decode()
    signed_in(alice).post("/language/", {"language": "zh-hans"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"


@pytest.mark.parametrize(("path", "value"), [("/theme/", "pink"), ("/language/", "tlh"), ("/language/", "")])
def test_switches_know_what_they_switch(client: Client, path: str, value: str) -> None:
    response = client.post(path, {path.strip("/"): value})
    assert response.status_code == 422
    assert not response.cookies
    assert client.get(path).status_code == 405


def test_keyboard_shortcuts_are_named_and_can_be_off(client: Client) -> None:
    page = client.get("/keys/")
    for key in ("j", "k", "l", "/", "Esc", "?"):
        assert f"<kbd>{key}</kbd>" in page.text
    sheet = client.get("/keys/", headers={"HX-Request": "true"})
    assert "<kbd>j</kbd>" in sheet.text
    assert "<html" not in sheet.text
    assert "data-keys" not in page.text
    assert client.post("/keys/", {"keys": "off", "next": "/about/"})["Location"] == "/about/"
    assert 'data-keys="off"' in client.get("/about/").text
    client.post("/keys/", {"keys": "on"})
    assert "data-keys" not in client.get("/about/").text
    assert client.post("/keys/", {"keys": "sometimes"}).status_code == 422


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_switches_lead_nowhere_else(client: Client, address: str) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": address}, headers={"Referer": address})
    assert response["Location"] == "/"


def test_up(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
    assert "no-store" in client.get("/healthz")["Cache-Control"]


@pytest.mark.django_db
def test_ready_means_database_and_storage(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert client.get("/readyz").content == b"ok\noldest waiting photo: none\n"
    assert not any(path.is_file() for path in tmp_path.rglob("*")), "nothing is left behind"
    with patch("redbook.views.default_storage.save", side_effect=OSError("No space left on device")):
        assert client.get("/readyz").status_code == 503
    with patch("redbook.views.Photo.objects.waiting", side_effect=DatabaseError):
        assert client.get("/readyz").status_code == 503
