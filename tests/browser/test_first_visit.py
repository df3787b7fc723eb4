"""A visitor's first two minutes on a phone: the introduction, a label, an account, three steps, and what is next."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from notes.models import Note
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.steps import PASSWORD, confirm_address
from tests.builders import make_campus, make_label, make_note, make_person
from tests.servers import Process, WebServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campus_life(db: None) -> list[User]:
    """Three people of one campus with a label and notes on its topics."""
    campus, people = make_campus("Linhai University"), []
    for handle, name in (("alice", "Alice An"), ("bob", "Bob Bai"), ("charlie", "Charlie Chen")):
        person = make_person(handle, name=name, campus=campus)
        make_label(person, "Night library", topics=["library"])
        for number in range(2):
            make_note(person, f"{name}'s window seat {number}", tags=["library"], campus=campus)
        people.append(person)
    return people


@pytest.fixture
def own_server(collected_files: None, campus_life: list[User]) -> Iterator[WebServer]:
    """A web server of its own: the others keep for a minute which labels there were."""
    server = WebServer(workers=1)
    yield server
    server.stop()


def test_two_minutes_on_a_phone(visit: Visit, own_server: WebServer) -> None:
    page = visit(None, PHONE, base_url=own_server.url)
    page.goto("/")
    introduction = page.get_by_role("complementary", name="About Red Book")
    expect(introduction).to_contain_text("Say how you want to be seen, post what fits, learn who answers.")
    expect(page.locator("html[data-js]")).to_be_attached()
    with page.expect_response("**/introduction/"):
        introduction.get_by_role("button", name="Hide this introduction").click()
    expect(introduction).to_have_count(0)
    page.reload()
    expect(introduction).to_have_count(0)

    page.locator(".tile").get_by_role("link", name="Night library").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Night library")
    expect(page.locator(".rows li")).to_have_count(3)
    expect(page.locator(".rows li").first).to_contain_text("Linhai University")
    page.get_by_role("link", name="Choose this label").click()
    page.get_by_label("E-mail address").fill("lin_xia@campus.test")
    page.get_by_label("Handle").fill("lin_xia")
    page.get_by_label("Year of birth").fill("2004")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    expect(page.get_by_label("Label", exact=True)).to_have_value("Night library")
    page.get_by_label("What you post, and who it’s for").fill("Window seats after ten.")
    page.get_by_label("Label", exact=True).fill("")
    page.get_by_label("Topics").fill("")
    page.locator(".examples").get_by_role("link", name="Night library").click()  # fills in, and goes nowhere
    expect(page.get_by_label("Label", exact=True)).to_have_value("Night library")
    expect(page.get_by_label("Topics")).to_have_value("library")
    page.set_viewport_size({"width": 195, "height": 422})  # a phone zoomed to 200%
    assert page.evaluate("document.documentElement.scrollWidth") == 195
    page.set_viewport_size(PHONE)
    expect(page.get_by_label("What you post, and who it’s for")).to_have_value("Window seats after ten.")
    page.get_by_role("button", name="Save label").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What should people call you?")
    page.get_by_label("Name", exact=True).fill("Lin Xia")
    page.get_by_label(re.compile("^Campus")).fill("Linhai University")
    page.get_by_role("button", name="Save and continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Three people to follow")
    expect(page.locator(".rows li")).to_have_count(3)
    follow = page.get_by_role("button", name=re.compile("^Follow")).first
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_text("Next: confirm your address, then post")).to_be_visible()
    expect(page.get_by_text("Until then, publishing and commenting wait.")).to_be_visible()
    person = User.objects.get(handle="lin_xia")
    assert (person.name, person.following_count) == ("Lin Xia", 1)
    assert person.positionings.get().statement == "Window seats after ten."


def test_a_first_visit_without_scripts(
    visit: Visit, worker: Process, campus_life: list[User], album: dict[str, Path]
) -> None:
    """From a stranger's first page to a first note, by links and forms alone; the like is given on the way."""
    page = visit(None, PHONE, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("complementary", name="About Red Book").get_by_role(
        "link", name="About Red Book"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A quiet book of campus photographs")
    page.goto("/?sort=latest")
    title = "Bob Bai's window seat 1"
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name=f"Like: {title}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("like")
    expect(page.get_by_role("button", name="Sign in")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Create an account").click()
    expect(page.get_by_role("button", name="Create account")).to_be_in_viewport(ratio=1)
    page.get_by_label("E-mail address").fill("lin_xia@campus.test")
    page.get_by_label("Handle").fill("lin_xia")
    page.get_by_label("Year of birth").fill("2004")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    page.get_by_label("Label", exact=True).fill("Night library")
    page.get_by_label("Topics").fill("library")
    page.get_by_role("button", name="Save label").click()
    expect(page.get_by_text("Choose the part that is shown")).to_be_hidden()  # there is no photo yet
    expect(page.get_by_text("Which part of your new photo is shown")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Lin Xia")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three people to follow")
    page.get_by_role("button", name="Follow Alice An").click()
    expect(page.get_by_role("button", name="Follow Alice An")).to_have_count(0)
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("button", name=f"Like: {title}, 1")).to_have_attribute("aria-pressed", "true")

    confirm_address(page, "lin_xia")
    page.goto("/notes/new/")
    page.get_by_label("Add photos").set_input_files(album["sk_flower.jpg"])
    page.get_by_label("Title").fill("My first evening here")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My first evening here")
    person = User.objects.get(handle="lin_xia")
    assert (person.name, person.following_count, person.notes.count()) == ("Lin Xia", 1, 1)


def test_a_label_shows_under_the_name_and_nothing_moves(visit: Visit, campus_life: list[User]) -> None:
    """While a card is pointed at or has the focus; a long one takes no room from what stands beside it."""
    make_label(campus_life[0], "W" * 32, topics=["library"])
    Note.objects.update(disclosure="gifted")
    page = visit(None, LAPTOP)
    page.goto("/?sort=latest")
    cards = page.locator(".card").filter(has=page.locator(".card__label"))
    boxes = """(card) => {
        const { x, y } = card.getBoundingClientRect(), parts = ".card__meta, .card__meta .react, .card__tag, .av";
        return [...card.querySelectorAll(parts)].map((each) => {
            const box = each.getBoundingClientRect();
            return [box.x - x, box.y - y, box.width, box.height].map(Math.round);
        });
    }"""
    for number in range(cards.count()):
        card = cards.nth(number)
        label = card.locator(".card__label")
        expect(label).not_to_be_visible()
        card.locator(".card__media").scroll_into_view_if_needed()
        before = card.evaluate(boxes)
        card.hover()
        expect(label).to_be_visible()
        assert card.evaluate(boxes) == before
        page.mouse.move(0, 0)
        expect(label).not_to_be_visible()
    page.keyboard.press("Tab")  # the keyboard is in use
    cards.first.locator(".card__link").focus()
    expect(cards.first.locator(".card__label")).to_be_visible()


def test_a_phone_reads_the_label_on_the_note(visit: Visit, campus_life: list[User]) -> None:
    page = visit(None, size=PHONE, has_touch=True, is_mobile=True)
    page.goto("/?sort=latest")
    expect(page.locator(".card__label").first).not_to_be_visible()
    page.locator(".card__link").first.tap()
    expect(page.locator(".topbar__author .label")).to_contain_text("Night library")
    topics = page.locator(".about:visible")
    expect(topics).to_contain_text("Topics of the label: #library")
    expect(topics.locator(".vh")).to_have_count(0)  # no bare tags before the title
