"""A series, put in order and read on; the reading history, cleared; "Less like this", undone; pins, what was seen, and
words in what one saved. By keyboard, on a phone and a laptop, with and without scripts, in both languages.
"""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from notes.explore.epochs import write_epoch
from notes.models import Collect, HistoryEntry, Less, Note, Series
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.measuring import inaccessible
from tests.builders import make_note

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "First year"
WAYS = [
    (PHONE, False, "en-US"),
    *(
        pytest.param(*way, marks=pytest.mark.long)
        for way in [
            (PHONE, True, "zh-CN"),
            (LAPTOP, False, "zh-CN"),
            (LAPTOP, True, "en-US"),
        ]
    ),
]


def press(button: Locator) -> None:
    """Press a button by keyboard."""
    button.focus()
    button.page.keyboard.press("Enter")


def answered(page: Page, scripts: bool) -> AbstractContextManager[Any]:
    """Wait for the page that answers a press where there are no scripts."""
    return nullcontext() if scripts else page.expect_navigation()


def wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_a_series_is_made_ordered_and_read_on(
    alice: User, bob: User, visit: Visit, size: dict[str, int], scripts: bool, locale: str
) -> None:
    notes = [make_note(alice, f"Chapter {number}") for number in (1, 2, 3)]
    page = visit(alice, size, java_script_enabled=scripts, locale=locale)
    for note in notes:
        page.goto(f"/notes/{note.pk}/series/")
        page.locator("#series [name=name]").fill(NAME)
        press(page.locator("#series button"))
        expect(page.locator(".around")).to_contain_text(NAME)
    series = Series.objects.get()
    page.goto(f"/series/{series.pk}/edit/")
    assert not scripts or inaccessible(page) == []
    press(page.locator(f"#note-{notes[2].pk} [data-step='-1']"))
    wait_until(lambda: list(series.notes.order_by("series_place")) == [notes[0], notes[2], notes[1]])
    if scripts:
        page.locator(f"#note-{notes[1].pk}").drag_to(page.locator(f"#note-{notes[0].pk}"))
        wait_until(lambda: series.notes.order_by("series_place").first() == notes[1])
    order: list[Note] = list(series.notes.order_by("series_place"))

    reader = visit(bob, size, java_script_enabled=scripts, locale=locale)
    reader.goto(order[0].get_absolute_url())
    expect(reader.locator(".around__number")).to_contain_text("3")
    for note in order[1:]:
        press(reader.locator(".around [rel=next]"))
        reader.wait_for_url(f"**{note.get_absolute_url()}")
    expect(reader.locator(".around [rel=next]")).to_have_count(0)
    reader.locator(".around p a").click()
    expect(reader.locator(".chapter")).to_have_count(3)
    assert not scripts or inaccessible(reader) == []


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_what_was_opened_is_found_again_and_cleared(
    alice: User, bob: User, visit: Visit, size: dict[str, int], scripts: bool, locale: str
) -> None:
    notes = [make_note(alice, f"Number {number}") for number in (1, 2)]
    page = visit(bob, size, java_script_enabled=scripts, locale=locale)
    for note in notes:
        page.goto(note.get_absolute_url())
    wait_until(lambda: HistoryEntry.objects.count() == 2)
    page.goto("/history/")
    assert not scripts or inaccessible(page) == []
    expect(page.locator(".read__link")).to_have_text(["Number 2", "Number 1"])
    press(page.locator(f"#note-{notes[0].pk} button"))
    expect(page.locator(".read__link")).to_have_text(["Number 2"])
    press(page.locator("[data-undo]"))
    expect(page.locator(".read__link")).to_have_text(["Number 2", "Number 1"])
    page.locator("[href='/history/delete/']").click()
    press(page.locator("form[action='/history/delete/'] .btn--danger"))
    expect(page.locator(".read__row")).to_have_count(0)
    assert not HistoryEntry.objects.exists()


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_less_like_this_takes_the_card_away_and_is_undone(
    alice: User, bob: User, visit: Visit, size: dict[str, int], scripts: bool, locale: str
) -> None:
    away, stays = make_note(alice, "Away", tags=["tea"]), make_note(alice, "Stays")
    write_epoch(made_at=timezone.now())
    page = visit(bob, size, java_script_enabled=scripts, locale=locale)
    page.goto(f"{away.get_absolute_url()}why/")
    with answered(page, scripts):
        press(page.locator(f"[formaction='{away.get_absolute_url()}less/']"))
    wait_until(lambda: Less.objects.exists())
    page.goto("/")
    expect(page.locator(".card__link")).to_have_text([stays.title])
    page.goto("/settings/less/")
    assert not scripts or inaccessible(page) == []
    with answered(page, scripts):
        press(page.locator(f"[formaction='{away.get_absolute_url()}less/delete/']").first)
    wait_until(lambda: not Less.objects.exists())
    page.goto("/")
    expect(page.locator(".card__link")).to_have_count(2)


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_a_note_is_pinned_first_and_unpinned(
    alice: User, bob: User, visit: Visit, size: dict[str, int], scripts: bool, locale: str
) -> None:
    old, new = make_note(alice, "Old but good"), make_note(alice, "New")
    page, reader = (visit(who, size, java_script_enabled=scripts, locale=locale) for who in (alice, bob))
    page.goto(alice.get_absolute_url())
    expect(page.locator(".card__link")).to_have_text([new.title, old.title])
    with answered(page, scripts):
        press(page.locator(f"[formaction='{old.get_absolute_url()}pin/']"))
    wait_until(lambda: Note.objects.get(pk=old.pk).pinned_at is not None)
    for browser in (page, reader):
        browser.goto(alice.get_absolute_url())
        expect(browser.locator(".card__link")).to_have_text([old.title, new.title])
        assert not scripts or inaccessible(browser) == []
    with answered(page, scripts):
        press(page.locator(f"[formaction='{old.get_absolute_url()}pin/delete/']"))
    wait_until(lambda: Note.objects.get(pk=old.pk).pinned_at is None)
    reader.goto(alice.get_absolute_url())
    expect(reader.locator(".card__link")).to_have_text([new.title, old.title])


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_what_was_seen_and_what_was_saved_are_found(
    alice: User, bob: User, visit: Visit, size: dict[str, int], scripts: bool, locale: str
) -> None:
    seen, fresh = make_note(alice, "A library table"), make_note(alice, "A library stair")
    Collect.objects.create(person=bob, note=seen)
    page = visit(bob, size, java_script_enabled=scripts, locale=locale)
    page.goto(seen.get_absolute_url())
    wait_until(lambda: HistoryEntry.objects.count() == 1)
    for place in ("/?sort=latest", "/search/?q=library&kind=notes"):
        for choice, found in (("yes", seen), ("no", fresh)):
            page.goto(f"{place}&seen={choice}")
            expect(page.locator(".card__link")).to_have_text([found.title])
            assert not scripts or inaccessible(page) == []
    page.goto("/search/saved/")
    page.locator("main [name=q]").fill("tab")
    page.locator("main [name=q]").press("Enter")
    page.wait_for_url("**/search/saved/?**")
    expect(page.locator(".card__link")).to_have_text([seen.title])
