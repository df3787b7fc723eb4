"""A zone is chosen, a digest turned on; its hour comes, and the link in its foot turns it off in another browser.

On a phone and a laptop, with scripts and without, in both languages.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from notifications.digest.actions import plan_digest, send_digest
from notifications.digest.models import Digest, Subscription
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_comment, make_note
from tests.servers import WebServer

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")
WORDS = {
    "en-US": {
        "own": "Choose this zone",
        "save zone": "Save time zone",
        "zone": "Show times in",
        "on": "Send me a daily digest by e-mail",
        "hour": re.compile("^At this time"),
        "save": "Save notifications",
        "said": "commented",
        "link": "Turn off the digest",
        "off": "The daily digest is off",
    },
    "zh-CN": {
        "own": "选择这个时区",
        "save zone": "保存时区",
        "zone": "按此时区显示时间",
        "on": "每天发一封摘要邮件给我",
        "hour": re.compile("^发送时间"),
        "save": "保存通知设置",
        "said": "评论了",
        "link": "关闭每日摘要",
        "off": "每日摘要已关闭",
    },
}


def ways() -> Iterator[Any]:
    """The first is in the quick tests, all in the long ones."""
    for number, way in enumerate(product([PHONE, LAPTOP], [True, False], ["zh-CN", "en-US"])):
        yield pytest.param(*way, marks=[pytest.mark.long] if number else [])


@pytest.mark.parametrize(("size", "scripts", "locale"), ways())
def test_a_digest_comes_and_is_turned_off(
    visit: Visit,
    alice: User,
    bob: User,
    web_server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    size: ViewportSize,
    scripts: bool,
    locale: str,
) -> None:
    settings.SITE_ADDRESS, words = web_server.url, WORDS[locale]
    note = make_note(alice, "The window seat")
    options = {"java_script_enabled": scripts, "locale": locale, "timezone_id": "America/New_York"}
    page = visit(alice, size, **options)
    page.goto("/settings/time-zone/")
    if scripts:
        page.get_by_role("button", name=words["own"]).click()
        expect(page.get_by_role("button", name=words["own"])).to_be_hidden()
        alice.refresh_from_db()
        assert alice.time_zone == "", "chosen, and not saved by itself"
    else:
        page.get_by_label(words["zone"]).select_option("America/New_York")
    page.get_by_role("button", name=words["save zone"]).click()
    expect(page.get_by_label(words["zone"])).to_have_value("America/New_York")
    alice.refresh_from_db()
    assert alice.zone == NEW_YORK

    page.goto("/settings/notifications/")
    page.get_by_label(words["on"]).check()
    page.get_by_label(words["hour"]).select_option("7")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_label(words["on"])).to_be_checked()
    plan_digest(alice.pk)
    due = Subscription.objects.get().next_at
    assert due
    assert (due.astimezone(NEW_YORK).hour, due > timezone.now()) == (7, True)

    make_comment(bob, note, "Is it free at nine?")
    send_digest(alice.pk)
    assert mail.outbox == [], "not before its hour"
    monkeypatch.setattr(timezone, "now", lambda: due)
    send_digest(alice.pk)
    monkeypatch.undo()
    (sent,) = mail.outbox
    assert Digest.objects.get().state == "sent"

    reader = visit(None, size, **options)
    reader.set_content(str(sent.alternatives[0].content))  # type: ignore[attr-defined]
    expect(reader.get_by_role("link", name=words["said"])).to_be_visible()
    assert reader.evaluate("document.documentElement.scrollWidth") <= size["width"]
    reader.get_by_role("link", name=words["link"]).click()
    reader.get_by_role("button", name=words["link"]).click()
    expect(reader.get_by_role("heading", name=words["off"])).to_be_visible()
    assert Subscription.objects.get().next_at is None
    page.reload()
    expect(page.get_by_label(words["on"])).not_to_be_checked()
    expect(page.locator(".nav-dot").first).to_be_attached()
