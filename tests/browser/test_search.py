"""Searching as a student does: from the box of any page, by suggestion, by filter, on a phone and a laptop, in both
languages, with scripts and without.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from notes.models import Note
from profiles.models import User
from search.models import RecentSearch
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.measuring import inaccessible
from tests.builders import make_campus, make_label, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop")]
SCRIPTS = [pytest.param(True, id="scripts"), pytest.param(False, id="plain")]
KEY = """(field, key) => field.dispatchEvent(new KeyboardEvent(
    "keydown", { key, isComposing: true, bubbles: true, cancelable: true }))"""


@pytest.fixture
def notes(alice: User) -> list[Note]:
    campus = make_campus("临海大学", "临海")
    make_label(alice, "Library cat")
    make_person("libby", name="Library Liu")
    first = make_note(alice, "A quiet library table", tags=["library"], campus=campus)
    make_note(alice, "图书馆靠窗的桌子", body="清晨七点，没有人。", tags=["自习"])
    for number in range(40):
        make_note(alice, f"Library morning {number}")
    return [first]


def find(page: Page, what: str) -> None:
    """From Explore: on phones by the bar below, else by the box at the top."""
    page.goto("/?sort=latest")
    tab = page.locator(".tabbar a[href='/search/']")
    if tab.is_visible():
        tab.click()
        expect(page).to_have_url(re.compile("/search/$"))
        expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox"))).to_be_focused()
    page.locator("#q").fill(what)
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    expect(page.locator("#q")).to_have_value(what)


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("has_scripts", SCRIPTS)
def test_a_word_is_found_narrowed_and_opened(
    visit: Visit, notes: list[Note], bob: User, screen: ViewportSize, has_scripts: bool
) -> None:
    page = visit(bob, screen, java_script_enabled=has_scripts)
    find(page, "library")
    cards = page.locator(".card")
    expect(cards.first).to_be_visible()
    expect(page.get_by_role("link", name="library", exact=True)).to_be_visible()
    kinds = page.get_by_role("navigation", name="Kinds of results")
    kinds.get_by_role("link", name="People").click()
    expect(page.locator(".results-rows")).to_contain_text("Library Liu")
    kinds.get_by_role("link", name="Notes").click()
    page.get_by_role("button", name="Filters").click()
    page.locator("#filters").get_by_role("link", name="临海大学").click()
    expect(cards).to_have_count(1)
    expect(page.locator("#q")).to_have_value("library")
    page.get_by_role("link", name="Remove filter: 临海大学").click()
    expect(cards).not_to_have_count(1)
    page.get_by_role("navigation", name="Order").get_by_role("link", name="Latest").click()
    expect(cards.first).to_contain_text("Library morning 39")
    cards.first.get_by_role("link", name="Library morning 39").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library morning 39")
    page.go_back()
    expect(page.locator("#q")).to_have_value("library")


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("has_scripts", SCRIPTS)
def test_in_chinese(visit: Visit, notes: list[Note], screen: ViewportSize, has_scripts: bool) -> None:
    page = visit(None, screen, locale="zh-CN", java_script_enabled=has_scripts)
    find(page, "靠窗")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card")).to_contain_text("图书馆靠窗的桌子")
    find(page, "鳄鱼")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()


def test_results_go_on_by_themselves_and_back_is_where_one_was(visit: Visit, notes: list[Note]) -> None:
    page = visit(None, LAPTOP)
    page.goto("/search/?q=library&kind=notes&sort=latest")
    page.mouse.wheel(0, 20_000)
    expect(page.get_by_role("link", name="A quiet library table")).to_be_visible()
    expect(page.locator(".card")).to_have_count(41)
    page.get_by_role("link", name="A quiet library table").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A quiet library table")
    page.go_back()
    expect(page.get_by_role("link", name="A quiet library table")).to_be_in_viewport()


@pytest.mark.parametrize("screen", WIDTHS)
def test_suggestions_by_keyboard(visit: Visit, notes: list[Note], bob: User, screen: ViewportSize) -> None:
    page = visit(bob, screen)
    page.goto("/?sort=latest")
    assert page.locator("script[src*=suggest], link[href*=suggestions]").count() == 0, (
        "not before it is wanted"
    )
    page.keyboard.press("/")
    box = page.locator("#q")
    expect(box).to_be_focused()
    options = page.get_by_role("listbox").get_by_role("option")
    box.press_sequentially("lib")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None, "Enter searches for what is typed"
    assert all(option.bounding_box()["height"] >= 44 for option in options.all())  # type: ignore[index]
    assert inaccessible(page) == []
    texts = options.all_inner_texts()
    assert any("library" in text for text in texts)
    assert any("Library Liu" in text for text in texts)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert box.evaluate(KEY, "Enter"), "an input method has the key"
    expect(page).to_have_url(re.compile(r"sort=latest"))
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("lib")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    person = options.filter(has_text="Library Liu")
    while person.get_attribute("aria-selected") != "true":
        box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/@libby/$"))


def test_suggestions_by_touch_and_enter_searches(visit: Visit, notes: list[Note]) -> None:
    page = visit(None, PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    page.locator("#q").tap()
    page.locator("#q").press_sequentially("libr")
    option = page.get_by_role("option").filter(has_text="library").first
    box: Any = option.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    option.tap()
    expect(page).to_have_url(re.compile("/tags/library/"))
    page.go_back()
    page.locator("#q").fill("library")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=library"))


def test_a_text_that_is_being_composed_asks_for_nothing(visit: Visit, notes: list[Note]) -> None:
    page = visit(None, LAPTOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.locator("#q").focus()
    page.wait_for_load_state("networkidle")
    asked.clear()
    session = page.context.new_cdp_session(page)
    for typed in ("t", "tu", "tushu"):
        place = {"selectionStart": len(typed), "selectionEnd": len(typed)}
        session.send("Input.imeSetComposition", {"text": typed, **place})
    page.wait_for_timeout(400)
    assert [url for url in asked if "suggestions/" in url] == []
    session.send("Input.insertText", {"text": "自习"})
    expect(page.get_by_role("option").first).to_contain_text("自习")
    assert sum("typed=" in url for url in asked) == 1


def test_recent_searches_come_with_the_focus_and_go_one_by_one(
    visit: Visit, notes: list[Note], bob: User
) -> None:
    page = visit(bob, LAPTOP)
    for words in ("library", "图书馆", "morning"):
        page.goto("/")
        page.locator("#q").fill(words)
        page.locator("#q").press("Enter")
        expect(page).to_have_url(re.compile("/search/"))
    while RecentSearch.objects.count() < 3:  # a thread of the server writes them
        page.wait_for_timeout(100)
    page.goto("/about/")
    page.locator("#q").click()
    options = page.get_by_role("option")
    expect(options).to_have_text([re.compile(words) for words in ("morning", "图书馆", "library")])
    page.goto("/search/")
    page.get_by_role("button", name="Remove “图书馆”").click()
    expect(page.locator(".results-recent a")).to_have_text(["morning", "library"])
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".results-recent a")).to_have_count(0)
