"""Collections in a browser: saved by one tap, chosen in a dialog, arranged by drag, arrows and plain buttons."""

import re

import pytest
from playwright.sync_api import Page, expect

from notes.models import Collect, Collection
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_note, signed_in
from tests.markup import listed
from tests.notes.collections.shelving import order, shelve

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en-US": ("Create collection", "Save", "Arrange", "Move up:", "Follow collection", "Everyone", "Delete"),
    "zh-CN": ("创建", "保存", "调整顺序", "上移：", "关注收藏夹", "所有人", "删除"),
}


def rows(page: Page) -> list[str]:
    return page.locator(".arrange__title").all_inner_texts()


def test_from_a_card_into_a_new_collection(visit: Visit, alice: User, bob: User) -> None:
    note = make_note(alice, "A window seat")
    page = visit(bob, LAPTOP)
    page.goto("/")
    card = page.locator(f"#note-{note.pk}")
    card.hover()
    card.get_by_role("button", name="Save:").click()
    expect(page.get_by_text("Saved. Only you see what you save.")).to_be_visible()
    page.get_by_role("link", name="Add to a collection").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Add to a collection")).to_be_focused()
    sheet.get_by_label("New collection").fill("Places to sit")
    sheet.get_by_label("Remark").fill("For exam week")
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved in “Places to sit”.")).to_be_visible()
    expect(sheet).to_be_hidden()
    assert page.url.endswith("/"), "the page stays"
    page.goto("/@bob/collections/")
    page.get_by_role("link", name="Places to sit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Places to sit")
    expect(page.get_by_text("1 note")).to_be_visible()
    assert Collect.objects.get().remark == "For exam week"


def test_unsaved_notes_are_saved_with_the_choice(visit: Visit, alice: User, bob: User) -> None:
    """By keyboard alone, from the menu of a note."""
    note, collection = make_note(alice, "A window seat"), shelve(bob, "Desks")
    page = visit(bob, LAPTOP)
    page.goto(note.get_absolute_url())
    menu = page.locator(".note__author").get_by_role("button", name="More")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Add to a collection").focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("checkbox", name="Desks").focus()
    page.keyboard.press("Space")
    sheet.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved in “Desks”.")).to_be_visible()
    expect(page.locator(".actions__react .react--save")).to_have_attribute("aria-pressed", "true")
    assert order(collection) == [note.pk]


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_arranged_by_arrows_and_drag(visit: Visit, alice: User, bob: User, size: dict) -> None:
    titles = ["One", "Two", "Three", "Four"]
    collection = shelve(bob, "Desks", *(make_note(alice, title) for title in reversed(titles)))
    page = visit(bob, size)
    page.goto(collection.get_absolute_url())
    page.get_by_role("link", name="Arrange").click()
    assert rows(page) == titles
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Move down: One").click()
    assert sent.value.status == 204
    expect(page.get_by_text("Now in place: One")).to_be_attached()
    expect(page.get_by_role("button", name="Move down: One")).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=re.compile("To the front.*Four")).click()
    assert rows(page) == ["Four", "Two", "Three", "One"]
    if size == LAPTOP:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator(".arrange__pic").nth(3).drag_to(page.locator(".arrange__pic").nth(0))
        assert rows(page) == ["One", "Four", "Two", "Three"]
    expected = rows(page)
    page.reload()
    assert rows(page) == expected


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_all_of_it_without_scripts(
    visit: Visit, alice: User, bob: User, charlie: User, size: dict, language: str
) -> None:
    notes = [make_note(alice, title) for title in ("One", "Two")]
    options = {"java_script_enabled": False, "locale": language}
    page = visit(bob, size, **options)
    create, save, arrange, up, follow, everyone, delete = WORDS[language]
    page.goto("/collections/new/")
    page.locator("[name=name]").fill("Desks")
    page.get_by_role("radio", name=everyone).check(force=True)
    page.get_by_role("button", name=create).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Desks")
    for note in notes:
        page.goto(f"{note.get_absolute_url()}collections/")
        page.get_by_role("checkbox", name="Desks").check()
        page.get_by_role("main").get_by_role("button", name=save, exact=True).click()
    collection = Collection.objects.get()
    page.goto(collection.get_absolute_url())
    page.get_by_role("link", name=arrange).click()
    assert rows(page) == ["Two", "One"]
    page.get_by_role("button", name=f"{up} One").click()
    assert rows(page) == ["One", "Two"]
    other = visit(charlie, size, **options)
    other.goto("/@bob/collections/")
    other.get_by_role("link", name="Desks").click()
    other.get_by_role("button", name=follow).click()
    other.goto("/collections/")
    expect(other.get_by_role("link", name="Desks")).to_be_visible()
    page.goto(f"/collections/{collection.pk}/edit/")
    page.get_by_role("link", name=delete).click()
    page.get_by_role("main").get_by_role("button").first.click()
    other.reload()
    expect(other.get_by_text("Desks")).to_have_count(0)
    assert Collect.objects.filter(person=bob).count() == 2


def test_what_another_window_moved_is_shown(visit: Visit, alice: User, bob: User) -> None:
    notes = [make_note(alice, title) for title in ("Three", "Two", "One")]
    collection = shelve(bob, "Desks", *notes)
    page, other = visit(bob), visit(bob)
    for each in (page, other):
        each.goto(f"/collections/{collection.pk}/order/")
    other.get_by_role("button", name="Move up: Two").click()
    other.get_by_text("Now in place: Two").wait_for(state="attached")
    page.get_by_role("button", name="Move up: Three").click()
    page.get_by_text("Now in place: Three").wait_for(state="attached")
    assert sorted(order(collection)) == sorted(note.pk for note in notes), "each is there once"
    page.reload()
    assert rows(page) == [str(note) for pk in order(collection) for note in notes if note.pk == pk]
    signed_in(bob).post(f"/notes/{notes[0].pk}/collect/delete/")
    page.goto(f"/collections/{collection.pk}/order/")
    assert len(rows(page)) == 2


def test_a_collection_is_followed_with_scripts(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    collection = shelve(bob, "Desks", make_note(alice))
    page = visit(charlie, PHONE)
    page.goto(collection.get_absolute_url())
    button = page.get_by_role("button", name=re.compile("Follow"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("You follow “Desks”.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert listed(signed_in(charlie).get(collection.get_absolute_url()))
