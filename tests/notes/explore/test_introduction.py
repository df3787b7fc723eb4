"""The introduction that Explore shows visitors until they hide it."""

import pytest
from django.test import Client

from profiles.models import User
from tests.builders import make_note, signed_in
from tests.markup import words

SENTENCE = "Say how you want to be seen, post what fits, learn who answers."


def test_a_stranger_reads_what_this_is_and_where_to_go(client: Client, alice: User) -> None:
    for number in range(30):
        make_note(alice, f"Note {number}", tags=["tea"])
    for address in ("/", "/?sort=latest", "/?channel=tea"):
        page = client.get(address)
        assert SENTENCE in words(page), address
        assert 'href="/accounts/signup/"' in page.text
        assert 'href="/about/"' in page.text.partition("<main")[2].partition("waterfall")[0]
        assert "Cookie" in page["Vary"], "no cache shows it to another person"
        assert "introduction" not in page.cookies
    assert SENTENCE not in words(client.get("/?sort=latest&after=t9000000000000000_1"))
    assert SENTENCE not in words(signed_in(alice).get("/"))


def test_put_away_it_stays_away(client: Client, db: None) -> None:
    client.get("/")
    for _ in range(2):
        answer = client.post("/introduction/", {"next": "/?sort=latest"})
        assert (answer.status_code, answer["Location"]) == (303, "/?sort=latest")
    cookie = answer.cookies["introduction"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"] > 300 * 86400) == (True, "Lax", True)
    assert SENTENCE not in words(client.get("/"))
    assert SENTENCE in words(Client().get("/"))
    assert client.get("/introduction/").status_code == 405


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test", ""])
def test_it_leads_nowhere_else(client: Client, db: None, onward: str) -> None:
    assert client.post("/introduction/", {"next": onward})["Location"] == "/"


def test_in_chinese(client: Client, db: None) -> None:
    client.cookies["language"] = "zh-hans"
    assert "说说想让大家怎么认识你，发合适的内容，看看谁会回应。" in words(client.get("/"))
