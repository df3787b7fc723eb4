"""The Mirror as its creator meets it: empty, full, and changing the label after a finding.

On a phone and a laptop, in both languages, with scripts and without.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.measuring import SIZES, WIDER, inaccessible
from tests.builders import make_label, make_note, make_person
from tests.insights.full_mirror import fill_mirror

pytestmark = pytest.mark.django_db(transaction=True)

WAYS: dict[str, tuple[Any, dict[str, Any]]] = {
    "phone-zh-plain": (PHONE, {"locale": "zh-CN", "java_script_enabled": False}),
    "laptop-en": (LAPTOP, {"locale": "en-US", "color_scheme": "dark"}),
}
PHONE_FIRST = ["phone-zh-plain", pytest.param("laptop-en", marks=pytest.mark.long)]
LAPTOP_FIRST = ["laptop-en", pytest.param("phone-zh-plain", marks=pytest.mark.long)]


def whole(page: Page, size: Any) -> None:
    """Nothing on the page is wider than it, and nothing breaks a rule of accessibility."""
    if page.evaluate("() => document.documentElement.dataset.js") is not None:
        assert inaccessible(page) == []
    for each in (size, SIZES[0]):
        page.set_viewport_size(each)
        assert page.evaluate(WIDER) == []
    page.set_viewport_size(size)


@pytest.mark.parametrize("way", LAPTOP_FIRST)
def test_the_first_days(visit: Visit, way: str) -> None:
    size, options = WAYS[way]
    newcomer = make_person("newcomer")
    page = visit(newcomer, size, **options)
    chinese = options["locale"] == "zh-CN"
    page.goto("/@newcomer/")
    page.get_by_role("link", name="镜像" if chinese else "Mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "镜子还要一点光" if chinese else "The mirror needs more light"
    )
    expect(page.locator(".steps")).to_contain_text("已有 0，共需 5" if chinese else "0 of 5")
    whole(page, size)
    page.get_by_role("main").get_by_role(
        "link", name="选择你的定位" if chinese else "Choose your label"
    ).click()
    expect(page).to_have_url(re.compile(r"/settings/label/$"))
    make_label(newcomer, "Night owl")
    make_note(newcomer)
    page.goto("/insights/")
    expect(page.locator(".steps")).to_contain_text("已有 1，共需 5" if chinese else "1 of 5")
    expect(
        page.get_by_role("main").get_by_role("link", name="发布笔记" if chinese else "Post a note")
    ).to_be_visible()


@pytest.mark.parametrize("way", PHONE_FIRST)
def test_a_finding_is_read_and_the_label_changed(visit: Visit, way: str) -> None:
    size, options = WAYS[way]
    alice = make_person("alice", name="Alice An")
    fill_mirror(alice)
    page = visit(alice, size, **options)
    chinese = options["locale"] == "zh-CN"
    page.goto("/insights/")
    lede = page.get_by_role("heading", level=1)
    expect(lede).to_contain_text("Campus plog master")
    expect(lede).to_contain_text("study spots")
    whole(page, size)
    how = page.locator(".how", has_text="怎么算的" if chinese else "How this is counted").first
    how.locator("summary").press("Enter")
    expect(how).to_contain_text("十四天前" if chinese else "14 days ago")
    look_at_the_notes(page, alice, size, chinese)
    finding = page.locator(".findings li", has_text="study spots")
    finding.get_by_role("link", name=re.compile("写进定位" if chinese else "Add it to your label")).click()
    expect(page).to_have_url(re.compile(r"/settings/label/\?topic=study-spots$"))
    page.get_by_role("button", name="保存定位" if chinese else "Save label").click()
    page.wait_for_url("**/@alice/")
    topics = {tag.name for tag in alice.positionings.current().get().topics_in_order()}
    assert {"daily life", "study spots"} <= topics


def look_at_the_notes(page: Page, alice: User, size: Any, chinese: bool) -> None:
    """To the notes of the topic, and one of them, and back to the overview."""
    page.locator(".findings li", has_text="study spots").get_by_role("link").first.click()
    rows = page.locator(".notes-table tbody tr")
    expect(rows).to_have_count(3)
    whole(page, size)
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Study spots, day 0")
    expect(page.locator(".bar-list").first).to_contain_text("发现" if chinese else "Explore")
    whole(page, size)
    tabs = page.get_by_role("navigation", name="镜像" if chinese else "Mirror")
    tabs.get_by_role("link", name="定位" if chinese else "Label").click()
    expect(page.locator(".chapters tbody tr")).to_have_count(2)
    whole(page, size)
    page.get_by_role("navigation", name="镜像" if chinese else "Mirror").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Campus plog master")
