"""No address that a request names leads to another site: one function tells, and every redirect goes by it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory

from profiles.models import User
from redbook.http import own_path
from tests.builders import PASSWORD, make_note, signed_in

OURS = {
    "/": "/",
    "/notes/1/?after=2": "/notes/1/?after=2",
    "/notes/1/#comments": "/notes/1/",
    "http://testserver/@alice/": "/@alice/",
    "/search/?q=http://evil.test/": "/search/?q=http://evil.test/",
    "/tags/茶/": "/tags/茶/",
    "/a//b/": "/a//b/",
}
NOT_OURS = [
    "",
    "notes/1/",
    "//evil.test/",
    "///evil.test/",
    "////evil.test/",
    "/\\evil.test/",
    "\\\\evil.test/",
    "\\/evil.test/",
    "/\t/evil.test/",
    "/\r\n/evil.test/",
    "\t//evil.test/",
    " //evil.test/",
    "/ok/\x00",
    "https:evil.test",
    "https:/evil.test",
    "https:///evil.test/",
    "http:////evil.test/",
    "http://evil.test/",
    "http://evil.test\\@testserver/",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "http://testserver",
    "http://testserver//evil.test/",
    "http://testserver////evil.test/",
    "http://testserver/\\evil.test/",
    "http://testserver/\t/evil.test/",
    "http://testserver/\n\\evil.test/",
    "／／evil.test/",  # full-width slashes
    "⁄⁄evil.test/",
    "http:／／evil.test/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[evil",
]


def is_elsewhere(address: str) -> bool:
    """Whether a browser on a page of ours would go to another site."""
    plain = "".join(letter for letter in address if letter not in "\t\r\n").replace("\\", "/").strip()
    return plain.startswith("//") or (bool(urlsplit(plain).scheme) and urlsplit(plain).netloc != "testserver")


@pytest.mark.parametrize(("address", "path"), OURS.items())
def test_addresses_of_ours(address: str, path: str) -> None:
    assert own_path(RequestFactory().get("/"), address) == path


@pytest.mark.parametrize("address", NOT_OURS)
def test_addresses_of_others(address: str) -> None:
    assert own_path(RequestFactory().get("/"), address) == ""


def test_plain_addresses_are_not_ours_where_https_is_on() -> None:
    assert own_path(RequestFactory().get("/", secure=True), "http://testserver/") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("address", NOT_OURS)
def test_no_redirect_leads_there(alice: User, bob: User, address: str) -> None:
    note = make_note(alice)
    client, visitor = signed_in(bob), Client()
    referring = {"Referer": address.replace("\r", "").replace("\n", "").replace("\x00", "")}
    answers = [
        client.post("/theme/", {"theme": "dark", "next": address}),
        client.post("/theme/", {"theme": "dark"}, headers=referring),
        client.post(f"/notes/{note.pk}/like/", {"next": address}),
        client.post(f"/notes/{note.pk}/like/", headers=referring),
        visitor.post(f"/notes/{note.pk}/like/", headers=referring),
        client.post("/settings/profile/?" + f"welcome=1&next={address}", {"name": "Bob", "handle": "bob"}),
        visitor.post("/accounts/login/", {"login": bob.email, "password": PASSWORD, "next": address}),
        signed_in(bob).post("/accounts/logout/", {"next": address}),
    ]
    for answer in answers:
        assert answer.status_code in {302, 303}, answer.content
        assert not is_elsewhere(answer["Location"]), answer["Location"]
        onward = parse_qs(urlsplit(answer["Location"]).query).get("next", ["/"])[0]
        assert not is_elsewhere(onward), onward
