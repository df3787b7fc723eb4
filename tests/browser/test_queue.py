"""The queue in Chromium: twenty reports by keyboard alone, all of it on a phone without scripts, and how it looks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.models import AuditEntry
from moderation.cases.actions import look_at
from moderation.models import Appeal, Case, Decision, Report
from moderation.rules.ready import sentences
from notes.models import Note
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import SIZES, inaccessible, out_of_shape
from tests.browser.test_pages import CHINESE, ENGLISH, REPEATED_IDS
from tests.builders import make_comment, make_note, make_person, make_photo
from tests.moderation.builders import make_reporter, make_rules, reported
from tests.moderation.queue.deciding import decided
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

REASONS = ["advertising", "harassment", "copied", "sexual", "danger"]
LONG = "一篇标题长得不能再长的笔记，看看它在手机上会不会把按钮挤到屏幕外面去还是老老实实换行"
WIDTHS = [("100%", SIZES[0]), ("100%", SIZES[1]), ("100%", SIZES[2]), ("200%", SIZES[1])]


class Keyboard:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def lead_on(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)


@pytest.fixture
def rules(db: None) -> None:
    make_rules()


def twenty(author: User) -> None:
    """Reports of notes, comments and people for several reasons."""
    note = make_note(author, "What is talked about")
    for number in range(20):
        each = make_person(f"author_{number}", name=f"Person {number}")
        target = [make_note(each, f"Note {number}"), make_comment(each, note, f"Comment {number}"), each][
            number % 3
        ]
        reported(target, reason=REASONS[number % len(REASONS)])


def test_twenty_reports_by_keyboard(visit: Visit, rules: None, alice: User, mona: User) -> None:
    twenty(alice)
    page = visit(mona, LAPTOP)
    page.goto("/admin/")
    keys = Keyboard(page)
    keys.press("j")
    keys.lead_on("Enter")
    for number in range(20):
        keys.press("1" if number % 2 else "2")
        keys.lead_on("d")
    expect(page.get_by_text("Nothing to decide")).to_be_visible()
    drawing = page.locator("svg.frames").bounding_box()
    assert drawing
    assert drawing["width"] < 200, "the sheet of empty pages is missing"
    assert not Case.objects.open().exists()
    assert Report.objects.filter(closed_at=None).count() == 0
    assert set(Decision.objects.values_list("step", flat=True)) >= {"none", "note"}
    keys.lead_on("u")
    assert Case.objects.open().count() == 1
    assert keys.pressed < 60, keys.pressed


def test_keys_go_through_the_queue(visit: Visit, rules: None, alice: User, mona: User) -> None:
    for title in ("First", "Second"):
        reported(make_note(alice, title))
    page = visit(mona, LAPTOP)
    page.goto("/admin/")
    links = page.locator(".case-card a[data-open]")
    for key, focused in (("j", 0), ("j", 1), ("j", 1), ("k", 0), ("ArrowRight", 1)):
        page.keyboard.press(key)
        expect(links.nth(focused)).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("In your words").click()
    page.keyboard.type("jk1d")
    expect(page.get_by_label("In your words")).to_have_value("jk1d")
    assert not Decision.objects.exists()


def test_on_a_phone_without_scripts(visit: Visit, rules: None, alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, LONG, body="Come and buy.")
    note.cover = make_photo(alice, note=note, with_files=True, alt="A cup")
    note.save()
    reported(note, reason="advertising")
    reported(bob, reason="harassment")
    page = visit(mona, PHONE, java_script_enabled=False)
    page.goto("/admin/")
    page.locator(".case-card", has_text="一篇标题").get_by_role("link", name="一篇标题").click()
    photo = page.locator(".case__photos img")
    assert "blur" in photo.evaluate("(node) => getComputedStyle(node).filter")
    page.get_by_label("Show the photo").check(force=True)
    assert photo.evaluate("(node) => getComputedStyle(node).filter") == "none"
    page.get_by_role("radio", name="Hide").check(force=True)
    page.get_by_label("In your words").fill("It sells coffee without saying so.")
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert Note.objects.get(pk=note.pk).hidden_at is None
    page.goto("/admin/")
    for box in page.locator(".case-card input[name=case]").all():
        box.check()
    page.get_by_text("Decide about several at once").click()
    page.get_by_label("Decision").select_option("No action")
    page.get_by_role("button", name="Decide about the ticked").click()
    expect(page.get_by_text("2 cases decided.")).to_be_visible()


def fill(author: User, mona: User) -> Case:
    note = make_note(author, LONG, body="A long body. " * 60)
    note.cover = make_photo(author, note=note, with_files=True, alt="A cup")
    note.save()
    for reason in REASONS:
        case = reported(
            note, by=make_reporter(name="三十个字的名字" * 4), reason=reason, details="Details. " * 30
        )
    look_at(case=case, by=make_person("nell", name="Eleonora-Maximiliana-Theodora", is_staff=True))
    reported(make_person("wide", name="W" * 30), reason="other")
    reported(make_note(author, visibility="private"))
    run_jobs()
    return case


def appealed(author: User) -> Appeal:
    """An appeal of the author with the longest words, against the decision of a moderator of a long name."""
    other = make_person("otto", name="W" * 30, is_staff=True)
    hidden = decided(
        reported(make_note(author, LONG), reason="advertising"), by=other, step="hide", facts="Facts. " * 100
    )
    return Appeal.objects.create(decision=hidden, text="It was a joke between friends. " * 30)


def test_appeals_by_keyboard(visit: Visit, rules: None, alice: User, mona: User) -> None:
    appeals = [appealed_once(alice, number) for number in range(2)]
    page = visit(mona, LAPTOP)
    page.goto("/admin/")
    keys = Keyboard(page)
    keys.lead_on("a")
    keys.press("j")
    keys.lead_on("Enter")
    for key, answer in (("1", "You are right."), ("2", "It stays.")):
        expect(page.get_by_text("A joke.")).to_be_visible()
        keys.press(key)
        page.get_by_label("Answer to the person").fill(answer)
        page.keyboard.press("Escape")
        keys.lead_on("d")
    expect(page.get_by_text("The appeal is decided")).to_be_visible()
    expect(page).to_have_url(re.compile(r"show=appeals"))
    found = Appeal.objects.order_by("pk").values_list("pk", "granted", "answer")
    assert list(found) == [(appeals[0].pk, True, "You are right."), (appeals[1].pk, False, "It stays.")]


def appealed_once(author: User, number: int) -> Appeal:
    other = User.objects.filter(handle="otto").first() or make_person("otto", is_staff=True)
    hidden = decided(
        reported(make_note(author, f"Note {number}"), reason="advertising"), by=other, step="hide"
    )
    return Appeal.objects.create(decision=hidden, text="A joke.")


def test_kept_pictures_open_in_their_place(
    visit: Visit, rules: None, alice: User, mona: User, settings: Any
) -> None:
    note = make_note(alice, "A walk", photos=0)
    make_photo(alice, note=note, with_files=True, alt="A cup")
    case = reported(note, reason="advertising")
    run_jobs()
    note.delete()
    opened = AuditEntry.objects.filter(action="evidence")
    page = visit(mona, LAPTOP)
    page.goto(f"/admin/cases/{case.pk}/")
    page.get_by_role("link", name="Show picture 1").click()
    shown = page.get_by_role("img", name="Reported photo")
    expect(shown).to_be_visible()
    page.wait_for_function("() => document.querySelector('.is-shown img')?.naturalWidth > 12")
    assert opened.count() == 1
    page.keyboard.press("o")
    expect(page.locator(".case__kept").get_by_text("A walk")).to_be_visible()
    assert opened.count() == 2
    plain = visit(mona, PHONE, java_script_enabled=False)
    plain.goto(f"/admin/cases/{case.pk}/")
    plain.get_by_role("link", name="Show picture 1").click()
    expect(plain.get_by_role("img", name="Reported photo")).to_be_visible()
    assert opened.count() == 3


@pytest.mark.parametrize(
    ("size", "options"),
    [
        pytest.param(PHONE, {"color_scheme": "dark", **CHINESE}, id="phone-dark-zh"),
        pytest.param(LAPTOP, {"color_scheme": "light", **ENGLISH}, id="laptop-light-en"),
    ],
)
def test_how_it_looks(
    visit: Visit, watch: Watch, rules: None, alice: User, mona: User, size: Any, options: dict[str, Any]
) -> None:
    case = fill(alice, mona)
    appeal = appealed(alice)
    User.objects.filter(pk=mona.pk).update(is_superuser=True)
    page = visit(mona, size, **options)
    wrong: dict[str, list[Any]] = {}
    of_evidence = f"moderation/evidence/case/{case.pk}/"
    of_appeal = f"moderation/appeal/{appeal.pk}/decide/"
    cases = (
        "",
        "?kind=label",
        "?show=appeals",
        f"cases/{case.pk}/",
        f"cases/{case.pk}/?kept=words",
        of_appeal,
    )
    for path in (*cases, "lists/", of_evidence, "redbook/auditentry/"):
        page.goto(f"/admin/{path}", wait_until="load")
        for closed in page.locator("details.queue__bulk:not([open]) summary").all():
            closed.click()
        wrong[path] = [*page.evaluate(REPEATED_IDS), *inaccessible(page)]
        wrong[path] += out_of_shape(page, WIDTHS if size == PHONE else [])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_a_ready_made_reason_by_one_key(visit: Visit, rules: None, alice: User, mona: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    case = reported(make_note(alice, "Shop"), reason="advertising")
    page = visit(mona, LAPTOP)
    page.goto(f"/admin/cases/{case.pk}/")
    facts = page.get_by_label("In your words")
    facts.fill("我自己的话。")
    page.get_by_role("heading", name="Decide").click()
    for number in (1, 2):
        page.keyboard.press("r")
        expect(facts).to_have_value(f"{sentences()[f'advertising-{number}'].zh}\n我自己的话。")
    with page.expect_navigation():
        page.keyboard.press("d")
    assert Decision.objects.get().facts == f"{sentences()['advertising-2'].zh}\n我自己的话。"
