"""From the first word to a note that is published by itself: on a phone without scripts, on a laptop with them, in both
languages. The clock is moved by telling the job what time it is.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notes.models import Note
from notes.schedule.actions import publish_due
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import inaccessible

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Moonrise over the lake"
WORDS = {
    "en-US": {
        "title": "Title",
        "save": "Save draft",
        "saved": "Draft saved",
        "continue": f"Continue {TITLE}",
        "later": "Publish later",
        "when": "Day and time",
        "schedule": "Schedule",
        "zone": "Shanghai time (UTC+8)",
        "cancel": f"Cancel schedule {TITLE}",
        "cancelled": "No longer scheduled.",
        "none": "No drafts",
    },
    "zh-CN": {
        "title": "标题",
        "save": "存草稿",
        "saved": "草稿已保存",
        "continue": f"继续 {TITLE}",
        "later": "定时发布",
        "when": "日期和时间",
        "schedule": "确定定时",
        "zone": "UTC+8",
        "cancel": f"取消定时 {TITLE}",
        "cancelled": "已取消定时发布",
        "none": "没有草稿",
    },
}
WAYS = [
    (PHONE, False, "en-US"),
    *(
        pytest.param(*way, marks=pytest.mark.long)
        for way in [
            (PHONE, True, "en-US"),
            (LAPTOP, False, "en-US"),
            (LAPTOP, True, "en-US"),
            (PHONE, False, "zh-CN"),
            (PHONE, True, "zh-CN"),
            (LAPTOP, False, "zh-CN"),
            (LAPTOP, True, "zh-CN"),
        ]
    ),
]


def tomorrow() -> datetime:
    return timezone.now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)


def schedule(page: Page, said: dict[str, str], at: datetime) -> None:
    if page.locator("details#schedule").get_attribute("open") is None:
        page.locator("details#schedule > summary").click()
    page.get_by_label(said["when"]).fill(f"{at:%Y-%m-%dT%H:%M}")
    page.locator("details#schedule").get_by_role("button", name=said["schedule"], exact=True).click()


@pytest.mark.parametrize(("size", "scripts", "locale"), WAYS)
def test_a_note_is_begun_kept_scheduled_and_published_by_itself(
    alice: User, visit: Visit, watch: Watch, size: dict[str, int], scripts: bool, locale: str
) -> None:
    said = WORDS[locale]
    page = visit(alice, size, java_script_enabled=scripts, locale=locale)
    page.goto("/notes/new/")
    page.get_by_label(said["title"], exact=True).first.fill(TITLE)
    if scripts:
        expect(page.locator("[data-kept]")).to_contain_text(said["saved"])
    else:
        page.get_by_role("button", name=said["save"]).click()
    page.goto("/notes/drafts/")
    assert not scripts or inaccessible(page) == []
    page.get_by_role("link", name=said["continue"]).click()

    schedule(page, said, tomorrow())
    expect(page).to_have_url("/notes/drafts/")
    expect(page.locator("main")).to_contain_text(said["zone"])
    page.get_by_role("button", name=said["cancel"]).click()
    expect(page.get_by_text(said["cancelled"])).to_be_visible()
    page.get_by_role("link", name=said["continue"]).click()
    schedule(page, said, tomorrow())
    expect(page).to_have_url("/notes/drafts/")

    note, stranger = Note.objects.get(), visit()
    publish_due(now=tomorrow() - timedelta(hours=1))
    with watch.expecting(404):
        stranger.goto(note.get_absolute_url())
    publish_due(now=tomorrow() + timedelta(minutes=1))
    stranger.goto(note.get_absolute_url())
    expect(stranger.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.reload()
    expect(page.locator("main")).to_contain_text(said["none"])
