"""Leaving a label and coming back to it, reading a chapter, and what a note's author sees.

On a phone and a laptop, with scripts and without, in both languages.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notes.models import NoteDay, NoteReader
from profiles.models import Positioning, User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_label, make_note, make_person, make_photo
from tests.storms.kills import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    """Five chapters, the first with a note."""
    alice = make_person("alice", name="Alice An")
    now = timezone.now()
    for place, wording in enumerate(
        ["Lost fresher", "Rice cook", "Night owl", "Tea person", "Library hermit"]
    ):
        said = make_label(
            alice, wording, topics=[wording], declared_at=now - timedelta(days=500 - 100 * place)
        )
        Positioning.objects.filter(retired_at__gt=now).update(retired_at=said.declared_at)
        if place == 0:
            make_note(alice, "Where is B12?", positioning=said, published_at=now - timedelta(days=450))
    return alice


@pytest.mark.parametrize(
    ("size", "scripts", "locale"),
    [
        (PHONE, True, "zh-CN"),
        pytest.param(PHONE, False, "en-US", marks=pytest.mark.long),
        pytest.param(LAPTOP, False, "en-US", marks=pytest.mark.long),
    ],
)
def test_a_label_is_left_and_taken_up_again(
    visit: Visit, alice: User, size: dict[str, int], scripts: bool, locale: str
) -> None:
    page = visit(alice, size, java_script_enabled=scripts, locale=locale)
    chinese = locale.startswith("zh")
    page.goto("/settings/label/")
    page.get_by_role("link", name="移除定位" if chinese else "Remove label").click()
    asks = page.get_by_role("dialog") if scripts else page
    expect(asks.get_by_role("heading", name=re.compile("Library hermit"))).to_be_visible()
    assert alice.positionings.current().exists()
    asks.get_by_role("button", name="移除定位" if chinese else "Remove label").click()
    assert not alice.positionings.current().exists()
    again = "重新使用“Library hermit”" if chinese else "Use “Library hermit” again"
    page.get_by_role("link", name=again).click()
    expect(page.get_by_label("我的定位" if chinese else "Label", exact=True)).to_have_value("Library hermit")
    page.get_by_role("button", name="保存定位" if chinese else "Save label").click()
    page.wait_for_url("**/@alice/")
    assert alice.positionings.current().get().wording == "Library hermit"
    assert alice.positionings.count() == 5, "the same chapter goes on"
    read_a_chapter(page, size["width"], "今天的主页" if chinese else "The profile today")


def read_a_chapter(page: Page, width: int, back: str) -> None:
    """From the thread, which is whole: no part of it lies outside the window."""
    links = page.locator(".thread a")
    expect(links).to_have_count(5)
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    expect(page.get_by_role("link", name="Where is B12?")).to_be_visible()
    page.get_by_role("link", name="Tea person", exact=True).click()
    expect(page).to_have_url(re.compile(r"/@alice/\?label=\d+$"))
    expect(page.get_by_role("link", name="Where is B12?")).to_have_count(0)
    page.get_by_role("link", name="Lost fresher", exact=True).last.click()
    expect(page.get_by_role("link", name="Where is B12?")).to_be_visible()
    page.get_by_role("link", name=back).click()
    expect(page).to_have_url(re.compile(r"/@alice/$"))


def test_what_is_read_is_told_to_the_author(visit: Visit, alice: User) -> None:
    bob, plain = make_person("bob"), make_person("plain")
    note = make_note(alice, "Three mornings")
    first = make_photo(alice, note=note, with_files=True)
    for position in (1, 2):
        make_photo(alice, note=note, position=position, folder=first.folder)
    reader, without = visit(bob, PHONE), visit(plain, LAPTOP, java_script_enabled=False)
    for page in (reader, without):
        page.goto("/?sort=latest")
        page.get_by_role("link", name="Three mornings").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Three mornings")
    reader.locator(".stage__track").press("End")
    expect(reader.locator("#photo-3")).to_be_in_viewport()
    reader.goto("/about/")
    until(lambda: NoteReader.objects.filter(note=note).count() == 2, 20)
    until(lambda: NoteReader.objects.filter(note=note, person=bob, reached=3).exists(), 20)
    assert NoteReader.objects.get(person=plain).reached is None
    until(lambda: NoteDay.objects.filter(note=note, source="explore", shown=2, opened=2).exists(), 30)
    for size, locale, words in ((PHONE, "zh-CN", "展示"), (LAPTOP, "en-US", "Shown")):
        own = visit(alice, size, locale=locale)
        own.goto(note.get_absolute_url())
        figures = own.locator(".figures div")
        expect(figures).to_have_count(4)
        assert [re.sub(r"\D", "", text) for text in figures.all_inner_texts()] == ["2", "2", "0", "0"]
        expect(figures.first).to_contain_text(words)
