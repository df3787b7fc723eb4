"""Searching as a student does: from the box of any page, by suggestion, by filter, on a phone and a laptop, in both
languages, with scripts and without.
"""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from notes.models import Note
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_campus, make_label, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop")]
SCRIPTS = [pytest.param(True, id="scripts"), pytest.param(False, id="plain")]


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
