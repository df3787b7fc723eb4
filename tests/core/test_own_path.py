"""No address in a request leads to another site: one function decides, and every redirect uses it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver

from core.http import own_path
from profiles.models import User
from tests.builders import PASSWORD, make_comment, make_note, signed_in
from tests.markup import form_in
from tests.redbook.test_every_form import example, routes

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


@pytest.mark.django_db
def test_no_way_back_leads_to_an_address_that_only_takes_post(alice: User, bob: User) -> None:
    note = make_note(alice, tags=["tea"])
    comment = make_comment(alice, note)
    closed = 0
    for pattern, name in routes(get_resolver()):
        path = example(pattern, note, comment)
        is_page = signed_in(alice).get(path).status_code != 405
        request = RequestFactory().get("/")
        for address in (path, f"{path}?after=1", f"http://testserver{path}#here"):
            assert bool(own_path(request, address)) is is_page, (name, address)
        closed += not is_page
    assert closed > 15


@pytest.mark.django_db
def test_a_refused_press_leads_back_to_the_page_it_was_made_on(alice: User, bob: User) -> None:
    note = make_note(alice)
    like = f"/notes/{note.pk}/like/"
    refused = {"Referer": f"http://testserver{like}"}
    assert signed_in(bob).post("/theme/", {"theme": "dark"}, headers=refused)["Location"] == "/"
    assert signed_in(bob).post(like, headers=refused)["Location"] == note.get_absolute_url()
    signing_in = {"login": bob.email, "password": PASSWORD, "next": like}
    assert Client().post("/accounts/login/", signing_in)["Location"] == "/"
    words = {"body": "", "next": "/?sort=latest"}
    page = signed_in(bob).post(f"{note.get_absolute_url()}comments/", words)
    assert page.status_code == 422
    assert form_in(page, "act").fields["next"] == ["/?sort=latest"]
