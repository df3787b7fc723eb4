"""Writing a label with feedback from one's notes, and a note with feedback from the label; with scripts and without."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_label, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    """Five notes of one age: three of campus, one of library and food, one of travel."""
    alice = make_person("alice", name="Alice An")
    make_label(alice, "Campus plog", topics=["campus"])
    for tags in (["campus"], ["campus"], ["campus"], ["library", "food"], ["travel"]):
        make_note(alice, tags=tags)
    return alice


def test_words_follow_what_is_typed(visit: Visit, alice: User) -> None:
    page = visit(alice, LAPTOP)
    page.goto("/settings/label/")
    meets, topics = page.locator(".meets"), page.get_by_label("Topics", exact=True)
    expect(meets).to_contain_text("6 in 10 of your recent notes are about this")
    expect(meets).not_to_contain_text("No note yet")
    topics.press("End")
    topics.press_sequentially(", library, exam")
    expect(meets).to_contain_text("7 in 10 of your recent notes are about this")
    expect(meets).to_contain_text("No note yet about: #exam")
    assert alice.positionings.get().topics_in_order()[-1].name == "campus", "nothing is saved"
    topics.fill("")
    expect(meets).to_have_text("")
    say_what_the_label_does_not_know(page)


def say_what_the_label_does_not_know(page: Page) -> None:
    page.goto("/notes/new/?tags=travel")
    unknown, tags = page.locator("#unknown-tags"), page.locator("#id_tags")
    expect(tags).to_have_value("travel")
    expect(unknown).to_contain_text("Not among your label’s topics: #travel")
    tags.press("End")
    tags.press_sequentially(", Campus, te")
    expect(names(unknown)).to_have_text(["#travel"])
    tags.press_sequentially("a, ")
    expect(names(unknown)).to_have_text(["#travel", "#tea"])
    page.get_by_label("Story").fill("Of #exam and #CAMPUS")
    expect(names(unknown)).to_have_text(["#travel", "#tea", "#exam"])
    page.get_by_label("Story").fill("")
    tags.fill("campus")
    expect(unknown).to_be_hidden()


def names(place: Locator) -> Locator:
    return place.locator("bdi")


def test_without_scripts_they_stand_there_once_it_is_saved(visit: Visit, alice: User) -> None:
    options: dict[str, Any] = {"java_script_enabled": False, "locale": "zh-CN"}
    page = visit(alice, PHONE, **options)
    page.goto("/settings/label/?topic=exam")
    meets = page.locator(".meets")
    expect(meets).to_contain_text("最近每 10 篇笔记有 6 篇与此有关")
    expect(meets).to_contain_text("还没有笔记写到： #exam")
    page.get_by_label("话题", exact=True).fill("campus, library")
    page.get_by_label("展示我有多少笔记与此有关").check()
    page.get_by_role("button", name="保存定位").click()
    page.wait_for_url("**/@alice/")
    expect(page.locator(".profile__facts")).to_contain_text("每 10 篇笔记有 7 篇相关")
    page.goto("/settings/label/")
    expect(meets).to_contain_text("最近每 10 篇笔记有 7 篇与此有关")
    expect(meets).not_to_contain_text("还没有笔记写到")
    page.goto("/notes/new/?tags=travel")
    expect(page.locator("#unknown-tags")).to_contain_text("#travel")
