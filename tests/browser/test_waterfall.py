"""Explore loads more by itself, stops where the foot can be reached, and is found again where it was left."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.site import Site, fill

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = 24
CARDS = ".waterfall__grid > [id]"


@pytest.fixture
def site(db: None) -> Site:
    return fill(cards=4 * PAGE)


@pytest.fixture(
    params=[pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop", marks=pytest.mark.long)]
)
def page(request: pytest.FixtureRequest, visit: Visit, site: Site) -> Page:
    opened = visit(site.student, request.param)
    opened.goto("/")
    return opened


def go_on(page: Page, pages: int) -> None:
    """Scrolls to the last card until so many pages are there."""
    for number in range(1, pages + 1):
        expect(page.locator(CARDS)).to_have_count(number * PAGE)
        page.locator(CARDS).last.scroll_into_view_if_needed()


def top_of(card: Locator) -> float:
    return card.evaluate("(card) => card.getBoundingClientRect().top")


def columns_of(page: Page) -> dict[str, int]:
    """Where each card begins, from the left, by its id."""
    lefts = "(cards) => cards.map((card) => [card.id, Math.round(card.getBoundingClientRect().left)])"
    return dict(page.locator(CARDS).evaluate_all(lefts))


def expect_where_it_was(page: Page, name: str, top: float) -> None:
    """Wait for the card of that id to stand where it stood: a short page has to wait for more notes before."""
    stands = "([id, top]) => Math.abs(document.getElementById(id).getBoundingClientRect().top - top) <= 100"
    expect(page.locator(f"#{name}")).to_be_in_viewport()
    page.wait_for_function(stands, arg=[name, top])


def test_two_pages_come_by_themselves_and_the_rest_when_asked(page: Page) -> None:
    first = page.url
    go_on(page, 3)
    assert page.url.startswith(f"{first}?after=")
    ids = page.locator(CARDS).evaluate_all("(cards) => cards.map((card) => card.id)")
    assert len(set(ids)) == len(ids)

    second = page.url
    page.locator(".foot").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    expect(page.locator(CARDS)).to_have_count(3 * PAGE)
    expect(page.get_by_role("link", name="About").locator("visible=true").first).to_be_in_viewport()
    page.get_by_role("link", name="More notes").click()
    expect(page.locator(CARDS)).to_have_count(4 * PAGE)
    expect(page).not_to_have_url(second)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(20, id="page 1", marks=pytest.mark.long),
        pytest.param(30, id="page 2", marks=pytest.mark.long),
        pytest.param(66, id="page 3", marks=pytest.mark.long),
        pytest.param(71, id="the last"),
    ],
)
def test_back_from_a_note_leads_to_its_card(page: Page, number: int) -> None:
    go_on(page, 3)
    card = page.locator(CARDS).nth(number)
    name = card.get_attribute("id")
    card.scroll_into_view_if_needed()
    before, columns = top_of(card), columns_of(page)
    card.locator(".card__link").click()
    expect(page).to_have_url(re.compile("/notes/"))
    page.go_back()
    page.wait_for_load_state("networkidle")
    expect_where_it_was(page, str(name), before)
    for card_id, left in columns_of(page).items():
        assert left == columns.get(card_id, left), card_id
    if number >= PAGE:
        assert page.locator("#" + next(iter(columns))).count() == 0
        page.get_by_role("link", name="Earlier notes").click()
        expect(page.locator("#" + next(iter(columns)))).to_be_visible()
        expect(page.get_by_role("link", name="Earlier notes")).to_have_count(0)


def test_back_from_elsewhere_leads_to_what_was_in_sight(page: Page) -> None:
    go_on(page, 2)
    tops = page.locator(CARDS).evaluate_all(
        "(cards) => cards.map((card) => [card.getBoundingClientRect().top, card.id])"
    )
    before, name = min((top, name) for top, name in tops if top > 0)
    page.get_by_role("link", name="Following", exact=True).locator("visible=true").click()
    expect(page).to_have_url(re.compile("/following/"))
    page.go_back()
    expect_where_it_was(page, name, before)
