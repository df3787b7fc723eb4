"""Crawl: every link leads to a page, for a visitor, a student and an author, and every button's request is accepted."""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from math import inf
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Locator, expect

from notes.models import Collect, Comment, Like, Note
from profiles.models import Follow
from tests.browser.conftest import Visit
from tests.browser.site import Site, fill
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.markup import form_in, listed

pytestmark = pytest.mark.django_db(transaction=True)

LINKS = {"href", "src", "data-hx-get"}
ACTIONS = {"action", "formaction"}
NUMBERS = re.compile(r"[0-9a-f]{20,}|\d+")
HARMLESS = re.compile(r"/(like|collect|follow)/$|^/(theme|language)/$")


class Leads(HTMLParser):
    """Where a page leads: addresses to get and addresses to post to, as they stand in its markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.actions: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LINKS:
                self.links.add(value or "")
            elif name == "srcset":
                self.links |= {part.split()[0] for part in (value or "").split(",")}
            elif name in ACTIONS and (tag != "form" or dict(attrs).get("method") == "post"):
                self.actions.add(value or "")


def plain(address: str) -> str:
    """Without its fragment, where one came from and what days it looks back on, by which every page is several."""
    parts = urlsplit(address)
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] not in {"next", "period"}])
    return parts._replace(query=query, fragment="").geturl()


def kind(address: str) -> str:
    """Without numbers and values: all notes have pages of one kind, and all photos files of one."""
    parts = urlsplit(address)
    names = sorted(name for name, _ in parse_qsl(parts.query))
    return f"{NUMBERS.sub('0', parts.path)}?{','.join(names)}"


def crawl(client: Client, most: float) -> tuple[dict[str, int], set[str]]:
    """Every page that links lead to from Explore, with its status, and every address that a form or button names: at
    most so many of a kind.
    """
    seen: dict[str, int] = {}
    actions: set[str] = set()
    kinds: Counter[str] = Counter()
    todo = deque(["/"])
    while todo:
        address = todo.popleft()
        if (
            address in seen
            or urlsplit(address).netloc
            or urlsplit(address).scheme == "tel"
            or kinds[kind(address)] >= most
        ):
            continue
        kinds[kind(address)] += 1
        if address.startswith("/static/"):
            seen[address] = 200 if finders.find(address.removeprefix("/static/")) else 404
            continue
        answer = client.get(address)
        seen[address] = answer.status_code
        if 300 <= answer.status_code < 400:
            todo.append(plain(urljoin(address, answer["Location"])))
        if answer.streaming:
            answer.close()
        elif answer["Content-Type"].startswith("text/html"):
            leads = Leads(answer.content.decode())
            todo.extend(plain(urljoin(address, link)) for link in leads.links)
            for action in sorted({urljoin(address, action) for action in leads.actions} - actions):
                if kinds[f"to {kind(action)}"] < most:
                    kinds[f"to {kind(action)}"] += 1
                    actions.add(action)
    return seen, actions


@pytest.fixture
def site(db: None) -> Site:
    return fill()


@pytest.mark.parametrize(
    ("who", "most"),
    [
        ("student", 3),
        *(pytest.param(who, inf, marks=pytest.mark.long) for who in ("visitor", "student", "author")),
    ],
)
def test_every_link_and_button_leads_somewhere(site: Site, who: str, most: float) -> None:
    """A few of each kind; in the long tests, each."""
    client = signed_in({"visitor": None, "student": site.student, "author": site.author}[who])
    seen, actions = crawl(client, most)
    assert len(seen) > 100
    assert {address: status for address, status in seen.items() if status not in {200, 301, 302}} == {}

    visitor = Client()
    for action in sorted(actions):
        path = urlsplit(action).path
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{who}: nothing answers {action}")
        assert visitor.post(action).status_code in {200, 302, 303, 422}, action
        if HARMLESS.search(path):
            assert client.post(action).status_code in {302, 303, 422}, action
    assert any(path.endswith("/like/") for path in actions)


def test_cards_are_taken_with_csrf_checks_on(site: Site) -> None:
    """The buttons of a card carry no token: that of the page's one form is good for all, for what htmx brings too."""
    newcomer = make_person("dana")
    client = Client(enforce_csrf_checks=True)
    client.force_login(newcomer)
    first = client.get("/")
    token = form_in(first, "act").fields["csrfmiddlewaretoken"][0]
    more = re.search(r'hx-get="([^"]+)"', first.content.decode()).group(1).replace("&amp;", "&")
    second = client.get(f"/{more}", headers={"HX-Request": "true"})
    assert "<html" not in second.content.decode()
    assert "csrfmiddlewaretoken" not in second.content.decode()

    for page in (first, second):
        pk = listed(page)[0]
        for act, rows in (("like", Like), ("collect", Collect)):
            address = f"/notes/{pk}/{act}/"
            assert f'formaction="{address}"' in page.content.decode()
            assert client.post(address).status_code == 403
            assert client.post(address, {"csrfmiddlewaretoken": token}).status_code == 303
            assert rows.objects.filter(person=newcomer, note=pk).exists()
            fragment = client.post(
                address, {"csrfmiddlewaretoken": token}, headers={"HX-Request": "true"}
            ).content.decode()
            assert f'formaction="{address}delete/"' in fragment
            undone = client.post(f"{address}delete/", {"csrfmiddlewaretoken": token})
            assert undone.status_code == 303
            assert not rows.objects.filter(person=newcomer, note=pk).exists()


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=pytest.mark.long)]
)
def test_cards_are_taken_in_a_browser(visit: Visit, site: Site, scripts: bool) -> None:
    dana = make_person("dana")
    page = visit(dana, java_script_enabled=scripts)
    page.goto("/")
    expect(page.locator(".waterfall__grid > [id]")).to_have_count(24)
    if scripts:
        page.locator(".waterfall__grid > [id]").last.scroll_into_view_if_needed()
    else:
        page.get_by_role("link", name="More notes").click()
    card = page.locator(".waterfall__grid > [id]").nth(30 if scripts else 6)
    note = Note.objects.get(pk=card.get_attribute("id").removeprefix("note-"))
    press(card, "Like")
    press(card, "Save")
    assert Like.objects.filter(person=dana, note=note).exists()
    assert Collect.objects.filter(person=dana, note=note).exists()
    press(card, "Like", on=False)
    assert not Like.objects.filter(person=dana, note=note).exists()


def test_other_buttons_are_taken_in_a_browser(visit: Visit, site: Site) -> None:
    dana = make_person("dana")
    note = make_note(dana, "Mine")
    comment = make_comment(dana, note, "I will take this back")
    page = visit(dana)
    page.goto("/@alice/")
    follow = page.get_by_role("button", name=re.compile("^Follow")).first
    follow.click()
    expect(follow).to_have_attribute("formaction", "/@alice/follow/delete/")
    expect(follow).to_have_accessible_name("Following Alice An")
    assert Follow.objects.filter(follower=dana, followed=site.author).exists()

    page.goto(note.get_absolute_url())
    more = page.get_by_role("button", name="More about the comment by")
    more.click()
    page.get_by_role("link", name="Delete I will take this back").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(more).to_be_focused()
    more.click()
    page.get_by_role("link", name="Delete I will take this back").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete comment").click()
    expect(page.get_by_text("No comments yet.")).to_be_visible()
    comment.refresh_from_db()
    assert comment.deleted_at
    assert Comment.objects.get(pk=comment.pk).body == ""

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch to the dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dana.refresh_from_db()
    assert dana.language == "zh-hans"


def press(card: Locator, name: str, *, on: bool = True) -> None:
    """Presses the card's button and waits until the server has had its say."""
    button = card.get_by_role("button", name=re.compile(f"^{name}"))
    card.hover()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true" if on else "false")
    expect(button).to_have_attribute("formaction", re.compile("/delete/$" if on else r"/(like|collect)/$"))
