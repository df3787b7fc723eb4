"""Two people talk under a note, each in a browser of their own, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from notes.comments.threads import OPEN_REPLIES, THREADS
from notes.models import Comment
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_comment, make_note

pytestmark = pytest.mark.django_db(transaction=True)


def menu(page: Page, comment: Comment, item: str) -> None:
    """Choose from the menu of a comment."""
    place = page.locator(f"#comment-{comment.pk}")
    place.locator("[popovertarget]").first.click()
    page.locator(f"#comment-menu-{comment.pk}").get_by_text(item, exact=False).first.click()


@pytest.mark.parametrize(
    "has_scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=pytest.mark.long)]
)
def test_likes_a_pin_and_an_edit_reach_the_other_browser(
    visit: Visit, alice: User, bob: User, has_scripts: bool
) -> None:
    note = make_note(alice, "The window seat")
    question = make_comment(bob, note, "Is it fre at nine?")
    make_comment(bob, note, "A later one")
    author = visit(alice, LAPTOP, java_script_enabled=has_scripts)
    author.goto(note.get_absolute_url())
    author.locator(f"#comment-{question.pk} .comment__like").click()
    expect(author.locator(f"#comment-{question.pk} .comment__like .num")).to_have_text("1")
    menu(author, question, "Pin")
    expect(author.locator(".comment").first).to_contain_text("Pinned")

    reader = visit(bob, PHONE, java_script_enabled=has_scripts)
    reader.goto(f"{note.get_absolute_url()}?sort=latest")
    expect(reader.locator(".comment").first).to_contain_text("Is it fre at nine?")
    expect(reader.locator(f"#comment-{question.pk} .comment__like")).to_have_attribute(
        "aria-pressed", "false"
    )
    expect(reader.locator(f"#comment-{question.pk} .comment__like .num")).to_have_text("1")
    menu(reader, question, "Edit")
    reader.get_by_label("Comment", exact=True).fill("Is it free at nine?")
    reader.get_by_role("button", name="Save changes").click()
    reader.wait_for_url(re.compile(rf"\?comment={question.pk}#comment-{question.pk}$"))
    expect(reader.locator(".comment--marked")).to_contain_text("edited")
    author.reload()
    expect(author.locator(".comment").first).to_contain_text("Is it free at nine?")


@pytest.mark.parametrize(
    "has_scripts", [pytest.param(True, id="scripts", marks=pytest.mark.long), pytest.param(False, id="plain")]
)
def test_long_threads_and_many_comments_are_read_to_the_end(
    visit: Visit, alice: User, bob: User, has_scripts: bool
) -> None:
    note = make_note(alice, "The window seat")
    for number in range(THREADS + 2):
        first = make_comment(bob, note, f"Comment {number}")
    for number in range(OPEN_REPLIES + 4):
        make_comment(alice, note, f"Reply {number}", parent=first)
    page = visit(bob, PHONE, java_script_enabled=has_scripts)
    page.goto(note.get_absolute_url())
    replies = page.locator(f"#comment-{first.pk} .comment__replies .comment")
    expect(replies).to_have_count(2)
    page.get_by_role("link", name=f"View {OPEN_REPLIES + 2} more replies").click()
    expect(replies).to_have_count(OPEN_REPLIES + 2 if has_scripts else OPEN_REPLIES)
    page.get_by_role("link", name=re.compile("View . more repl")).click()
    expect(page.locator(".comment__text", has_text=f"Reply {OPEN_REPLIES + 3}")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("more repl"))).to_have_count(0)
    page.goto(note.get_absolute_url())
    page.get_by_role("link", name="More comments").click()
    expect(page.locator(".comment__text").last).to_have_text("Comment 0")
    expect(page.locator("#comments > .comments__list > .comment")).to_have_count(
        THREADS + 2 if has_scripts else 2
    )
