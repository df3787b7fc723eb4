"""A conversation of two people, each in a browser of their own: from a note and its first comment to the answer, and to
what each is told of it. By what pages are made of, so in every language, with scripts and without, phone and laptop.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from notes.models import Comment, Note
from notifications.models import Inbox, Kind, MutedNote, Notification
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit

pytestmark = pytest.mark.django_db(transaction=True)

LOCALES = {"en": "en-US", "zh": "zh-CN"}
QUICK = {("phone", "zh", False), ("laptop", "en", True)}
ALL = [
    pytest.param(
        *(screen, language, has_scripts),
        id=f"{screen}-{language}-{'scripts' if has_scripts else 'plain'}",
        marks=() if (screen, language, has_scripts) in QUICK else pytest.mark.long,
    )
    for screen in ("phone", "laptop")
    for language in LOCALES
    for has_scripts in (True, False)
]


@pytest.mark.parametrize(("screen", "language", "has_scripts"), ALL)
def test_two_people_talk(
    visit: Visit, alice: User, charlie: User, screen: str, language: str, has_scripts: bool
) -> None:
    size = PHONE if screen == "phone" else LAPTOP
    author, reader = (
        visit(person, size, java_script_enabled=has_scripts, locale=LOCALES[language])
        for person in (alice, charlie)
    )
    note = post(author)
    question = ask(reader, note, has_scripts)
    answer = hear_and_answer(author, question)
    thanks = thank(reader, answer, has_scripts)
    mute(author, thanks, has_scripts)
    say(reader, note, "Nobody is told of this")
    choose(author)
    reader.goto("/@alice/")
    reader.locator('main [formaction^="/@alice/follow/"]').first.click()
    expect(reader.locator('main [formaction^="/@alice/follow/delete/"]').first).to_be_visible()
    author.goto("/")
    expect(author.locator(".nav-dot")).to_have_count(0)
    author.goto("/notifications/")
    expect(author.locator(".told__row")).to_have_count(3)  # a comment, a like, a reply


def post(author: Page) -> Note:
    author.goto("/notes/new/")
    author.locator("#id_title").fill("The window seat 靠窗")
    author.locator('#compose [name="action"][value="publish"]').first.click()
    author.wait_for_url(re.compile(r"/notes/\d+/$"))
    return Note.objects.get()


def say(page: Page, note: Note, words: str) -> Comment:
    page.goto(note.get_absolute_url())
    page.locator("#id_body").fill(words)
    return send(page, words)


def send(page: Page, words: str) -> Comment:
    page.locator(".composer button").last.click()
    expect(page.locator(".comment__text", has_text=words).first).to_be_visible()
    return Comment.objects.latest("pk")


def ask(reader: Page, note: Note, has_scripts: bool) -> Comment:
    """The author is mentioned by a suggestion, or as typed."""
    reader.goto(note.get_absolute_url())
    field = reader.locator("#id_body")
    if has_scripts:
        field.click()
        field.press_sequentially("Free at nine, @al")
        expect(reader.get_by_role("listbox").get_by_role("option")).to_have_count(1)
        field.press("Enter")
        expect(field).to_have_value("Free at nine, @alice ")
    else:
        field.fill("Free at nine, @alice")
    said = send(reader, "Free at nine")
    expect(reader.locator(f"#comment-{said.pk} a.at")).to_have_text("@alice")
    return said


def open_inbox(page: Page, unread: int) -> None:
    """By the dot, which is on."""
    page.goto("/")
    expect(page.locator(".nav-dot").locator("visible=true")).to_have_count(1)
    page.locator('a[href="/notifications/"]').locator("visible=true").first.click()
    expect(page.locator(".told__row[data-unread]")).to_have_count(unread)


def open_thread(page: Page, said: Comment) -> None:
    """From the row about a comment to its thread, where it is marked."""
    page.locator(f'.told__link[href="{said.get_absolute_url()}"]').first.click()
    page.wait_for_url(f"**{said.get_absolute_url()}")
    expect(page.locator(f"#comment-{said.pk}.comment--marked")).to_be_visible()


def hear_and_answer(author: Page, question: Comment) -> Comment:
    open_inbox(author, 1)
    open_thread(author, question)
    place = author.locator(f"#comment-{question.pk}")
    place.locator("[popovertarget]").first.click()
    author.locator(f'[formaction="/comments/{question.pk}/pin/"]').click()
    expect(place.locator(".comment__pinned")).to_be_visible()
    place.locator(".comment__like").first.click()
    expect(place.locator(".comment__like .num").first).to_have_text("1")
    place.locator("[data-reply]").first.click()
    author.locator("#id_body").fill("At nine, always")
    return send(author, "At nine, always")


def thank(reader: Page, answer: Comment, has_scripts: bool) -> Comment:
    open_inbox(reader, 2)  # a like and the answer
    open_thread(reader, answer)
    place = reader.locator(f"#comment-{answer.pk}")
    place.locator(".comment__like").click()
    expect(place.locator(".comment__like .num")).to_have_text("1")
    place.locator("[data-reply]").click()
    reader.locator("#id_body").fill("Thank you 谢谢")
    return send(reader, "Thank you 谢谢")


def mute(author: Page, thanks: Comment, has_scripts: bool) -> None:
    """Read, and hear no more of the note."""
    # What she opened the inbox for is read with scripts at once, else by the button.
    open_inbox(author, 2 if has_scripts else 3)
    if not has_scripts:
        author.locator("[data-mark-read]").click()
    expect(author.locator(".nav-dot")).to_have_count(0)
    row = author.locator(".told__row", has_text="Thank you 谢谢")
    row.locator("[popovertarget]").click()
    row.locator('[formaction$="/mute/"]').click()
    author.wait_for_function("() => document.querySelector('.toast')")
    assert MutedNote.objects.filter(note=thanks.note_id).exists()


def choose(author: Page) -> None:
    author.goto("/settings/notifications/")
    author.locator('[name="kinds"][value="follow"]').uncheck()
    author.locator("#kinds button").last.click()
    expect(author.locator('[name="kinds"][value="follow"]')).not_to_be_checked()
    assert Inbox.objects.get(person__handle="alice").off == [Kind.FOLLOW]
    assert not Notification.objects.filter(kind=Kind.FOLLOW).exists()
