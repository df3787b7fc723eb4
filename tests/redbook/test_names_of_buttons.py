"""Accessible names of buttons: two buttons that do different things have different names."""

from collections import defaultdict
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.builders import make_note, make_person, signed_in
from tests.redbook.full_site import make_site

pytestmark = pytest.mark.django_db


class Buttons(HTMLParser):
    """By accessible name, what the buttons of that name do."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.does: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.open: tuple[str, tuple[str, ...]] | None = None
        self.text = ""
        self.form = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = at.get("action", "")
        if tag == "button" and not at.keys() & {"hidden", "aria-hidden"}:
            act = at.get("popovertarget") or at.get("formaction") or at.get("form") or self.form
            self.open = (
                at.get("aria-label", ""),
                # Two buttons of one thing, on the phone's bar and beside the text, may share a name.
                (
                    act.removesuffix("-top").removesuffix("-text"),
                    at.get("name", ""),
                    at.get("value", ""),
                    at.get("data-by", ""),
                ),
            )
            self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ""
        if tag == "button" and self.open:
            label, does = self.open
            self.does[label or " ".join(self.text.split())].add(does)
            self.open = None


def test_on_no_page_do_two_buttons_share_a_name() -> None:
    site = make_site()
    pages = [(None, path) for path in site.open_pages]
    pages += [(site.author, path) for path in site.author_pages]
    clients = {None: Client(), site.author: signed_in(site.author)}
    seen = 0
    for person, path in pages:
        buttons = Buttons(clients[person].get(path).content.decode()).does
        shared = {name: does for name, does in buttons.items() if len(does) > 1 or not name}
        assert not shared, (path, shared)
        seen += len(buttons)
    assert seen > 200


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Like: {}, 3", "Save: {}"]), ("zh-hans", ["赞： {}, 3", "收藏： {}"])]
)
def test_a_card_s_buttons_name_its_note(language: str, names: list[str]) -> None:
    titles = ["Flowers instead of sleep", "不睡觉的花"]
    for title in titles:
        note = make_note(make_person(), title)
        type(note).objects.filter(pk=note.pk).update(like_count=3)
    client = Client()
    client.cookies["language"] = language
    for path in ("/?sort=latest", note.get_absolute_url()):
        found = Buttons(client.get(path).content.decode()).does
        for title in titles if path.startswith("/?") else titles[-1:]:
            for name in names:
                assert name.format(title) in found, (path, list(found))
