"""One photo of a note is reported where it is seen large, or chosen in the report of its note; its author finds it
beside the note once it is hidden.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from moderation.decisions.actions import decide
from moderation.models import Case, Rule, Step
from notes.models import Note
from people.actions.moderators import appoint
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.measuring import inaccessible
from tests.builders import make_note, make_person, make_photo
from tests.moderation.builders import make_rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def note(alice: User) -> Note:
    make_rules()
    note = make_note(alice, "Three mornings")
    for position in range(3):
        make_photo(alice, note=note, position=position, with_files=True, alt=f"Morning {position + 1}")
    return note


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def sent(page: Page, note: Note) -> Case:
    page.get_by_label("Someone’s private information").check()
    page.get_by_role("button", name="Send report").click()
    expect(page).to_have_url(re.compile(f"{note.get_absolute_url()}(#.*)?$"))
    expect(page.get_by_text("Thank you. A moderator will read it.")).to_be_visible()
    return Case.objects.get()


def test_where_it_is_seen_large(visit: Visit, charlie: User, note: Note) -> None:
    page = visit(charlie, LAPTOP)
    page.goto(note.get_absolute_url())
    page.get_by_role("link", name="See photo 1 large").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".large__n")).to_have_text("2/3")
    page.get_by_role("link", name="Report this photo").click()
    expect(page.get_by_role("heading", name="Report this photo")).to_be_visible()
    expect(page.get_by_role("img", name="Morning 2").last).to_be_visible()
    shot(page, "large")
    assert inaccessible(page) == []
    second = note.photos.get(position=1)
    assert sent(page, note).photo == second


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_chosen_in_the_report_of_the_note(
    visit: Visit, alice: User, charlie: User, note: Note, has_scripts: bool
) -> None:
    page = visit(charlie, PHONE, java_script_enabled=has_scripts)
    page.goto(f"/report/?note={note.pk}")
    page.get_by_label("Photo 3").check()
    shot(page, f"choose-{has_scripts}")
    case = sent(page, note)
    third = note.photos.get(position=2)
    assert case.photo == third

    mona = make_person("mona")
    appoint(person=mona)
    rule = Rule.objects.get(slug="private")
    decide(case=case, version=case.version, by=mona, step=Step.HIDE, rule=rule, facts="It shows a number.")
    page.goto(note.get_absolute_url())
    expect(page.locator(".slide")).to_have_count(2)
    own = visit(alice, PHONE, java_script_enabled=has_scripts)
    own.goto(note.get_absolute_url())
    expect(own.get_by_text("A moderator has hidden this photo. Only you can see it.")).to_be_visible()
    expect(own.get_by_role("img", name="Morning 3")).to_be_visible()
    shot(own, f"hidden-{has_scripts}")
    assert not has_scripts or inaccessible(own) == []
    own.get_by_role("link", name="Read why, and how to appeal").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("A photo of yours is hidden")
    expect(own.get_by_text("It shows a number.")).to_be_visible()
    shot(own, f"decision-{has_scripts}")
