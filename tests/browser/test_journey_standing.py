"""From a note that carries a limit to the page of all limits, the decision and an appeal: in both languages, on a phone
without scripts and on a laptop.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from moderation.decisions.directly import decide_about
from moderation.models import Appeal, Rule, Step
from people.actions.moderators import appoint
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import inaccessible
from tests.builders import make_note, make_person
from tests.moderation.builders import make_rules

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "en": {
        "clear": "Everything counts in full",
        "note": "Only you read this:",
        "why": "Read why",
        "hidden": "The tag is hidden",
        "tag": "A tag you use is hidden",
        "ask": "Why should it be decided otherwise?",
        "appeal": "Send appeal",
        "waits": "Your appeal waits for a moderator",
    },
    "zh-hans": {
        "clear": "一切正常",
        "note": "以下内容仅你可见：",
        "why": "查看原因",
        "hidden": "标签已被隐藏",
        "tag": "你用的标签被隐藏了",
        "ask": "为什么应当改变决定？",
        "appeal": "提交申诉",
        "waits": "你的申诉正在等待复核",
    },
}


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "scripts"), [("zh-hans", False), ("en", True)])
def test_from_the_note_to_an_appeal(visit: Visit, watch: Watch, language: str, scripts: bool) -> None:
    make_rules()
    words, size = WORDS[language], LAPTOP if scripts else PHONE
    alice, mona = make_person("alice", language=language), make_person("mona")
    appoint(person=mona)
    note = make_note(alice, "Green leaves", tags=["tea"])
    locale = "zh-CN" if language == "zh-hans" else "en-GB"
    page = visit(
        alice, size, java_script_enabled=scripts, locale=locale, color_scheme="dark" if scripts else "light"
    )

    page.goto("/settings/profile/")
    page.locator("a[href='/settings/standing/']").click()
    expect(page.get_by_role("heading", name=words["clear"])).to_be_visible()
    shot(page, f"clear-{language}")

    rule = Rule.objects.get(slug="other")
    decide_about(target=note.tags.get(), by=mona, step=Step.HIDE, rule=rule, facts="It is an insult there.")
    decide_about(target=note, by=mona, step=Step.WARNING, rule=rule, warning="doubtful")
    page.goto(note.get_absolute_url())
    expect(page.get_by_text(words["note"])).to_be_visible()
    shot(page, f"note-{language}")
    page.get_by_role("link", name=words["why"], exact=True).click()
    expect(page.get_by_text(words["hidden"])).to_be_visible()
    assert not scripts or inaccessible(page) == []
    shot(page, f"standing-{language}")

    page.locator(f"#tag-{note.tags.get().pk} a[href^='/decisions/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["tag"])
    assert not scripts or inaccessible(page) == []
    page.get_by_label(words["ask"]).fill("We all drink it.")
    page.get_by_role("button", name=words["appeal"]).click()
    expect(page.get_by_text(words["waits"])).to_be_visible()
    assert Appeal.objects.get().author == alice
    shot(page, f"appealed-{language}")
