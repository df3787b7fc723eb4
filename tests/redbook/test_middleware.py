from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from notes.models import Note
from profiles.models import User
from tests.builders import signed_in, upload


@pytest.mark.parametrize("address", ["/tags/%00/", "/?channel=%00", "/@a%00b/", "/admin/?q=%00"])
def test_an_address_with_a_nul_is_refused(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 400
    assert "We couldn’t read that request" in response.text


def test_a_request_over_the_limit_is_refused_unread(client: Client) -> None:
    declared = str(settings.UPLOAD_REQUEST_BYTES + 1)
    response = client.post("/notes/new/", {"title": "Too heavy"}, headers={"content-length": declared})

    assert response.status_code == 413
    assert "Those photos are too large" in response.text


@pytest.mark.parametrize("path", ["/notes/new/", "/nowhere/", "/accounts/login/"])
def test_words_over_the_limit_are_refused_unread(client: Client, path: str) -> None:
    declared = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    sent = {"content_type": "application/x-www-form-urlencoded", "headers": {"content-length": declared}}
    response = client.post(path, "title=x", **sent)
    assert (response.status_code, "That’s too much text" in response.text) == (413, True)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/tags/" + "x" * 2_000, {}, 414),
        ("/?channel=" + "x" * 8_000, {}, 414),
        ("/about/", {"User-Agent": "x" * 16_001}, 431),
        ("/about/", {"Referer": "x" * 16_000, "Accept-Language": "x" * 16_000, "Cookie": "x" * 16_000}, 431),
        ("/tags/" + quote("e" + "\u0301" * 40), {}, 400),
        ("/?channel=" + quote("e" + "\u0301" * 40), {}, 400),
        ("/about/?q=" + quote("e" + "\u0301" * 30), {"User-Agent": "x" * 400}, 200),
    ],
)
def test_an_address_or_header_that_no_browser_sends(
    client: Client,
    db: None,
    address: str,
    headers: dict[str, str],
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = client.get(address, headers=headers)
    assert response.status_code == status
    assert all(len(record.getMessage()) < 400 for record in caplog.records)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_a_form_with_too_many_words_is_too_large(alice: User, encoding: str) -> None:
    words = {"title": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    body = words if encoding == MULTIPART_CONTENT else urlencode(words)
    response = signed_in(alice).post("/notes/new/", body, content_type=encoding)
    assert response.status_code == 413
    assert "That’s too much text" in response.text
    assert not Note.objects.exists()


@pytest.mark.django_db
def test_a_form_with_too_many_fields_or_files_is_too_large(alice: User) -> None:
    client = signed_in(alice)
    fields = client.post("/notes/new/", {"photo": [str(number) for number in range(1001)]})
    assert (fields.status_code, "That’s too much text" in fields.text) == (413, True)
    files = [upload(content=b"x") for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    response = client.post("/notes/new/", {"title": "Many", "photos": files})
    assert (response.status_code, "Those photos are too large" in response.text) == (413, True)


@pytest.mark.parametrize("address", ["/about/", "/nowhere/", "/healthz"])
def test_every_answer_keeps_to_itself(client: Client, address: str) -> None:
    response = client.get(address)

    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_session_cookie_that_is_none_is_a_visitors(db: None) -> None:
    for key in ('"\\000aaaaaaaaaaaaaaaaaaaaaa"', "é" * 32, "a b", ""):
        assert Client(headers={"Cookie": f"sessionid={key}"}).get("/about/").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "header", "warnings"),
    [
        (0, "X-Forwarded-For", 1),
        (0, "Forwarded", 1),
        (0, "X-Real-IP", 0),
        (1, "X-Forwarded-For", 0),
    ],
)
def test_a_proxy_that_is_not_expected_is_logged_once(
    proxies: int, header: str, warnings: int, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    browser = Client()
    for number in range(3):
        browser.get("/healthz", headers={header: f"203.0.113.{number}" + "x" * 5000})
    said = [record.getMessage() for record in caplog.records if "TRUSTED_PROXIES" in record.getMessage()]
    assert len(said) == warnings
    assert all(len(line) < 400 and "203.0.113" not in line for line in said)
