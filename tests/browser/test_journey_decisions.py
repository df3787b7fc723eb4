"""From a report to an appeal that is granted, and the way of a suspended person: in both languages, on a phone without
scripts and on a laptop.
"""

import os
import re
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from moderation.decisions.actions import decide
from moderation.models import Appeal, Case, Rule, Step
from notes.models import Note
from people.actions.moderators import appoint
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import inaccessible
from tests.builders import PASSWORD, make_note, make_person
from tests.moderation.builders import make_rules
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = "The second photo shows a phone number."
WORDS = {
    "en": {
        "send": "Send report",
        "why": "Read why, and how to appeal",
        "hidden": "Your note is hidden",
        "suspended": "Your account is suspended",
        "ask": "Why should it be decided otherwise?",
        "appeal": "Send appeal",
        "waits": "Your appeal waits for a moderator",
        "grant": "Grant it: undo the decision",
        "decide": "Decide",
        "back": "Taken back on",
        "granted": "Your appeal was granted",
        "changed": "Moderators acted on it, and took that back after looking again.",
    },
    "zh-hans": {
        "send": "提交举报",
        "why": "查看原因和申诉方式",
        "hidden": "你的笔记被隐藏了",
        "suspended": "你的账号已被封禁",
        "ask": "为什么应当改变决定？",
        "appeal": "提交申诉",
        "waits": "你的申诉正在等待复核",
        "grant": "成立：撤销决定",
        "decide": "确定",
        "back": "已撤回",
        "granted": "你的申诉成立",
        "changed": "管理员曾做出处理，复核后已撤回。",
    },
}
WAYS = ["phone, plain, zh-hans", "laptop, en"]


class Cast:
    """Alice, who posted; Bob, who reports; Mona, who decides; Otto, who hears the appeal."""

    def __init__(self, visit: Visit, way: str) -> None:
        make_rules()
        self.language = way.rpartition(", ")[2]
        self.words = WORDS[self.language]
        self.visit, self.size, self.scripts = visit, PHONE if "phone" in way else LAPTOP, "plain" not in way
        self.alice, self.bob = self._person("alice"), self._person("bob")
        self.mona, self.otto = self._person("mona"), self._person("otto")
        for moderator in (self.mona, self.otto):
            appoint(person=moderator)

    def _person(self, handle: str) -> User:
        return make_person(handle, language=self.language)

    def open(self, person: User | None, address: str) -> Page:
        locale = {"locale": "zh-CN" if self.language == "zh-hans" else "en-GB"}
        page = self.visit(person, self.size, java_script_enabled=self.scripts, **locale)
        page.goto(address)
        return page

    def decide(self, step: str) -> None:
        case = Case.objects.open().get()
        rule = Rule.objects.get(slug="private")
        decide(case=case, version=case.version, by=self.mona, step=step, rule=rule, facts=FACTS)
        run_jobs()

    def grant(self) -> None:
        appeal = Appeal.objects.open().get()
        page = self.open(self.otto, f"/admin/moderation/appeal/{appeal.pk}/decide/")
        expect(page.get_by_text("It is my own number.")).to_be_visible()
        shot(page, f"decide-{self.language}")
        page.get_by_label(self.words["grant"]).check()
        page.locator("textarea[name=answer]").fill("You are right.")
        page.get_by_role("button", name=self.words["decide"], exact=True).click()
        expect(page).to_have_url(re.compile(r"/admin/\?show=appeals$"))
        run_jobs()

    def letter(self) -> str:
        return str([each for each in mail.outbox if each.to == ["alice@campus.test"]][-1].body)


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def report(cast: Cast, note: Note) -> None:
    page = cast.open(cast.bob, f"/report/?note={note.pk}")
    page.locator("input[value=private]").check()
    page.get_by_role("button", name=cast.words["send"]).click()
    expect(page).to_have_url(re.compile(f"{note.get_absolute_url()}$"))


def appeal(cast: Cast, page: Page) -> None:
    page.get_by_label(cast.words["ask"]).fill("It is my own number.")
    page.get_by_role("button", name=cast.words["appeal"]).click()
    expect(page.get_by_text(cast.words["waits"])).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_report_decision_appeal_and_all_is_undone(visit: Visit, watch: Watch, way: str) -> None:
    cast = Cast(visit, way)
    words, note = cast.words, make_note(cast.alice, "Soup")
    report(cast, note)
    cast.decide(Step.HIDE)
    assert words["hidden"] in cast.letter()
    assert FACTS in cast.letter()

    page = cast.open(cast.alice, note.get_absolute_url())
    shot(page, f"note-{cast.language}")
    page.get_by_role("link", name=words["why"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["hidden"])
    expect(page.get_by_text(FACTS)).to_be_visible()
    shot(page, f"decision-{cast.language}")
    assert not cast.scripts or inaccessible(page) == []
    appeal(cast, page)
    shot(page, f"appealed-{cast.language}")
    cast.grant()
    page.reload()
    expect(page.get_by_text(words["back"])).to_be_visible()
    expect(page.get_by_text("You are right.").first).to_be_visible()
    shot(page, f"granted-{cast.language}")
    assert words["granted"] in cast.letter() or "You are right." in cast.letter()
    note.refresh_from_db()
    assert note.hidden_at is None

    reporter = cast.open(cast.bob, "/reports/")
    expect(reporter.get_by_text(words["changed"])).to_be_visible()
    shot(reporter, f"reports-{cast.language}")
    reporter.goto("/notifications/")
    shot(reporter, f"inbox-{cast.language}")
    expect(reporter.locator("a[href^='/reports/']").first).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_the_way_of_a_suspended_person(visit: Visit, watch: Watch, way: str) -> None:
    cast = Cast(visit, way)
    words = cast.words
    report(cast, make_note(cast.alice, "Soup"))
    cast.decide(Step.SUSPEND)
    assert words["suspended"] in cast.letter()
    link = re.search(r"/appeals/\S+", cast.letter())
    assert link

    page = cast.open(None, "/accounts/login/")
    page.locator("input[name=login]").fill("alice@campus.test")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(re.compile("/inactive/"))
    shot(page, f"inactive-{cast.language}")
    page.get_by_role("link", name=words["why"]).click()
    shot(page, f"decisions-{cast.language}")
    page.get_by_role("link", name=words["suspended"]).click()
    expect(page.get_by_text(FACTS)).to_be_visible()

    stranger = cast.open(None, link[0])
    expect(stranger.get_by_role("heading", level=1)).to_have_text(words["suspended"])
    shot(stranger, f"by-link-{cast.language}")
    appeal(cast, stranger)
    cast.grant()
    stranger.reload()
    expect(stranger.get_by_text(words["back"])).to_be_visible()
    cast.alice.refresh_from_db()
    assert cast.alice.is_active
