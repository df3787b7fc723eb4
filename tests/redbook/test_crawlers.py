"""Links with rel=nofollow: parts of lists and threads, and the page that explains why a note is shown."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from profiles.models import User
from tests.builders import make_comment, make_note, signed_in

pytestmark = pytest.mark.django_db
PARTS = {"after", "thread", "reply", "comments"}


def parts_led_to(page: str) -> dict[str, bool]:
    """Each kind of link to a part of a list, a thread or a why page; whether all of them say nofollow."""
    found: dict[str, bool] = {}
    for link in re.findall(r"<a\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', link))
        address = urlsplit(attributes.get("href", "").replace("&amp;", "&"))
        kinds = PARTS & parse_qs(address.query).keys()
        kinds |= {"why"} if address.path.endswith("/why/") else set()
        for kind in kinds:
            found[kind] = found.get(kind, True) and "nofollow" in attributes.get("rel", "").split()
    return found


def test_parts_of_lists_are_not_followed(alice: User, bob: User) -> None:
    notes = [make_note(alice, f"Note {number}", tags=["tea"]) for number in range(26)]
    for _ in range(21):
        first = make_comment(bob, notes[0])
    for _ in range(4):
        make_comment(alice, notes[0], parent=first)
    found: dict[str, bool] = {}
    for reader in (signed_in(None), signed_in(bob)):
        for path in ("/?sort=latest", "/tags/tea/", "/@alice/", notes[0].get_absolute_url()):
            for kind, is_so in parts_led_to(reader.get(path).text).items():
                found[kind] = found.get(kind, True) and is_so
    assert found == dict.fromkeys({"after", "thread", "comments", "reply", "why"}, True)
