"""What a finger presses on a phone is 44px high, however it looks; the act of a long sheet stays in sight."""

import pytest
from playwright.sync_api import expect

from profiles.models import User
from tests.browser.conftest import PHONE, Visit
from tests.builders import make_campus, make_label, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)

# Controls on the screen, clear of the bars, of which a press 21px above or below the middle goes elsewhere.
SMALL = """() => [...document.querySelectorAll("main :is(.btn, .icon-btn, .chip, .seg > *, .react, .tabs > a, .check)")]
    .filter((control) => control.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((control) => [control, control.getBoundingClientRect()])
    .filter(([, box]) => box.top > 80 && box.bottom < innerHeight - 90 && box.left >= 0 && box.right <= innerWidth)
    .filter(([control, box]) => ![-21, 21].every((by) => {
        const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2 + by);
        return control.contains(there);
    }))
    .map(([control, box]) => `${control.className} ${control.textContent.trim()} ${Math.round(box.height)}`)"""


def test_controls_are_as_high_as_a_finger(visit: Visit, alice: User, bob: User) -> None:
    alice.campus = make_campus("Linhai University")
    alice.save()
    make_label(alice, "Night library", topics=["library", "exam"])
    make_label(bob, "Tea person", topics=["library"])
    note = make_note(bob, "A window seat", tags=["library", "exam"])
    make_person("charlie")
    page = visit(alice, PHONE, has_touch=True, is_mobile=True)
    pages = ("/", note.get_absolute_url(), "/@bob/", "/people/", "/settings/label/", "/settings/privacy/")
    for address in pages:
        page.goto(address)
        for down in (0, 500):
            page.evaluate("(down) => scrollTo(0, down)", down)
            assert page.evaluate(SMALL) == [], address


def test_the_act_of_a_long_sheet_is_in_sight(visit: Visit, alice: User, bob: User) -> None:
    note = make_note(bob, "A window seat")
    page = visit(alice, {"width": 390, "height": 600})
    page.goto(note.get_absolute_url())
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Send report")).to_be_in_viewport(ratio=1)
