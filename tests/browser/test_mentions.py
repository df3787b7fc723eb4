"""People are suggested while an @mention is typed, by keyboard, by touch, and beside an input method."""

import pytest
from playwright.sync_api import expect

from notes.models import Mention
from profiles.models import Follow, User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)
KEY = """(field, isComposing) => field.dispatchEvent(new KeyboardEvent(
    "keydown", { key: "Enter", isComposing, bubbles: true, cancelable: true }))"""


@pytest.mark.parametrize(
    "screen", [pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop", marks=pytest.mark.long)]
)
def test_a_suggested_person_is_mentioned(visit: Visit, alice: User, bob: User, screen: dict) -> None:
    for handle in ("dana", "dana_zhou"):
        Follow.objects.create(follower=bob, followed=make_person(handle))
    page = visit(bob, screen)
    page.goto(make_note(alice).get_absolute_url())
    assert page.locator("script[src*=suggest], link[href*='mentions']").count() == 0, (
        "not before it is wanted"
    )
    field, options = page.locator("#id_body"), page.get_by_role("listbox").get_by_role("option")
    field.click()
    field.press_sequentially("Ask @da")
    expect(options).to_have_count(2)
    for option in options.all():
        box = option.bounding_box()
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert option.evaluate("(o, [x, y]) => o.contains(document.elementFromPoint(x, y))", middle)
        assert box["height"] >= 44
    expect(field).to_have_attribute("aria-activedescendant", "mention-1")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.evaluate(KEY, True), "an input method has the key"
    expect(field).to_have_value("Ask @da")
    field.press("Enter")
    expect(field).to_have_value("Ask @dana_zhou ")
    expect(options).to_have_count(0)

    field.press_sequentially("and @Dan")
    expect(options).to_have_count(2)
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press_sequentially("a")
    options.first.click()
    expect(field).to_have_value("Ask @dana_zhou and @dana ")
    field.press_sequentially("me@da")
    page.wait_for_timeout(300)
    expect(options.first).to_be_hidden()
    page.locator(".composer").get_by_role("button", name="Send").click()
    expect(page.locator(".comment__text a.at")).to_have_text(["@dana_zhou", "@dana"])
    assert set(Mention.objects.values_list("person__handle", flat=True)) == {"dana", "dana_zhou"}
