"""Texts that were chosen after trying alternatives on the pages: they stay, in both languages."""

import re
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from profiles.models import User
from redbook.management.commands.messages import CATALOGUE, collect
from tests.builders import make_note, signed_in

CHOSEN = [
    "Continue",
    "Replying to <bdi>%(name)s</bdi>",
    "We don’t tell people you decline.",
    "No requests",
    "Manage",
    "People you block are listed here, so you can unblock them.",
    "People you mute are listed here, so you can unmute them.",
    "pages they already list can take weeks to disappear.",
    "Remove label",
    "People with this label",
    "It has had its first 100 readers.",
    "Neither money nor follower counts move a note up.",
    "separated by commas.",
    "Exact size",
    "Original",
    "My campus",
    "Check your inbox",
    "This link has expired",
    "You've reached this hour's limit.",
    "Try again at %(time)s.",
    "will be deleted for good",
    "Explore was refreshed, so you’re back at the top.",
    "We dropped the book",
    "This page slipped out of the book",
]
# Ways of saying it that read as translated, and others of their kind.
DROPPED = re.compile(
    r"Go on with|Answering|is declined|Nobody waits|\bSee (?:whom|what|which|how|sessions|requests)$|^Whom"
    r"|^Who (?:declares|waits|wants|asks|is)\b|takes some weeks|Withdraw|first hundred|lift nothing|commas between"
    r"|\b[Ss]omebody\b|kept in pixels|As taken|Nearby|Look into|run out|a lot at once"
    r"|goe?s? for good|put in order again",
)
CHINESE = {
    ("one’s own", "Label"): "我的定位",
    (
        None,
        "A few words for what people can count on you for. You choose it; nobody assigns it.",
    ): "用几个字告诉大家，关注你能看到什么。由你自己定。",
    (None, "Best"): "精选",
    (None, "Close report"): "结案",
    (None, "How you want to be seen"): "想让大家怎么认识你",
    (None, "every label you declared, with its topics"): "你用过的每个定位及其话题",
    (None, "Remove the photo"): "移除头像",
    (None, "We couldn’t read that request"): "请求有误",
}
DROPPED_CHINESE = re.compile("指望|最热|关闭举报|照看|寄出|寄去|怎样看见|声明|去掉头像|没有读懂|替你贴上")


@pytest.fixture(scope="module")
def said() -> list[str]:
    found = (message.id for message in collect(settings.BASE_DIR) if message.id)
    return [each for words in found for each in (words if isinstance(words, tuple) else (words,))]


@pytest.mark.parametrize("words", CHOSEN)
def test_chosen_words_are_said(said: list[str], words: str) -> None:
    plain = words.replace("’", "'")
    assert any(plain in each.replace("’", "'") for each in said)


def test_dropped_words_are_not(said: list[str]) -> None:
    assert [each for each in said if DROPPED.search(each)] == []


def test_chinese_as_chosen() -> None:
    with (settings.BASE_DIR / CATALOGUE).open("rb") as file:
        messages = {(each.context, each.id): each.string for each in read_po(file) if each.id}
    assert {key: messages.get(key) for key in CHINESE} == CHINESE
    assert [each for each in messages.values() if DROPPED_CHINESE.search(str(each))] == []


@pytest.mark.django_db
def test_buttons_that_manage_say_what(alice: User) -> None:
    page = re.sub(r"<[^>]+>|\s+", " ", signed_in(alice).get("/settings/privacy/").text)
    page = " ".join(page.split())
    for what in ("Follow requests", "People you have blocked", "What you have muted", "Words you picked"):
        assert f"Manage {what}" in page


@pytest.mark.django_db
def test_admin_is_in_chinese_where_django_is_not(mona: User, alice: User) -> None:
    for number in range(2):
        make_note(alice, f"一篇 {number}")
    browser: Any = Client(headers={"Accept-Language": "zh-hans"})
    browser.force_login(mona)
    page = browser.get("/admin/notes/note/").text
    assert "按是否隐藏筛选" in page or re.search(r"按\s*\S+", page)
    for words in ("Filter by", "Select an option", " 以 "):
        assert words not in page
