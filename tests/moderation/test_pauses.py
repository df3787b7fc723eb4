"""What moderators keep a person from for a time: every way in says until when and why, and nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notes.models import CollectionFollow, Comment, Mention, Note
from notes.schedule.actions import publish_due
from profiles.models import Follow, User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import form_in, words
from tests.notes.collections.shelving import shelve
from tests.notes.compose.filled_form import NEW, filled_in
from tests.notes.schedule.scheduling import DRAFTS, ahead, editor, is_out, schedule, scheduled

LINK = 'href="/decisions/"'
AJAX = {"HX-Request": "true"}


def paused(person: User, act: str, **span: float) -> Client:
    """A browser of this person, whom moderators keep from this for so long."""
    until = timezone.now() + timedelta(**span or {"days": 3})
    User.objects.filter(pk=person.pk).update(**{f"{act}_until": until})
    return signed_in(person)


def test_publishing_is_refused_and_the_draft_kept(alice: User) -> None:
    browser = paused(alice, "posting")
    page = browser.get(NEW)
    assert "You can’t publish notes until" in words(page)
    assert LINK in page.text
    answer = browser.post(NEW, filled_in(browser, NEW, title="Soup", body="Hot", action="publish"))
    assert answer.status_code == 429
    assert "moderators decided so" in words(answer)
    draft = Note.objects.get(author=alice)
    assert (draft.status, draft.title, draft.body) == ("draft", "Soup", "Hot")
    assert 'value="Soup"' in answer.text
    assert ">Hot</textarea>" in answer.text.replace("\n", "")
    again = browser.post(editor(draft), filled_in(browser, editor(draft), action="publish"))
    assert again.status_code == 429
    assert not is_out(draft)
    User.objects.update(posting_until=timezone.now() - timedelta(seconds=1))
    assert browser.post(editor(draft), filled_in(browser, editor(draft), action="publish")).status_code == 303
    assert is_out(draft)


def test_what_is_published_can_be_edited(alice: User) -> None:
    note = make_note(alice)
    browser = paused(alice, "posting")
    answer = browser.post(editor(note), filled_in(browser, editor(note), title="Mended", action="publish"))
    assert answer.status_code == 303
    note.refresh_from_db()
    assert note.title == "Mended"


def test_a_scheduled_note_waits_and_says_so(alice: User) -> None:
    at = ahead(hours=2)
    note = scheduled(signed_in(alice), at)
    browser = paused(alice, "posting", hours=5)
    page = browser.get(DRAFTS)
    assert "This note is published then." in words(page)
    assert LINK in page.text
    publish_due(now=at)
    assert not is_out(note)
    assert note.scheduled_for == at
    assert note.not_published == ""
    kept = schedule(browser, at, editor(note), title="Another word")
    assert kept.status_code == 303, words(kept)
    publish_due(now=ahead(hours=6))
    assert is_out(note)
    assert note.title == "Another word"


def test_no_note_is_scheduled_for_a_time_within_the_pause(alice: User) -> None:
    browser = paused(alice, "posting", hours=5)
    answer = schedule(browser, ahead(hours=2), title="Soup")
    assert answer.status_code == 422
    assert "Choose a later time." in words(answer)
    assert 'value="Soup"' in answer.text
    assert schedule(browser, ahead(hours=6)).status_code == 303


def test_commenting_is_refused_and_the_words_come_back(alice: User, bob: User) -> None:
    note = make_note(alice)
    first = make_comment(alice, note)
    browser = paused(bob, "commenting")
    page = browser.get(note.get_absolute_url())
    assert "You can’t comment or mention people until" in words(page)
    assert LINK in page.text
    assert f'action="{note.get_absolute_url()}comments/"' not in page.text
    assert "reply=" not in page.text
    for parent in ("", first.pk):
        said = {"body": "My words", "parent": parent}
        answer = browser.post(f"{note.get_absolute_url()}comments/", said)
        assert answer.status_code == 403
        assert "My words" in answer.text
        assert LINK in answer.text
    assert not Comment.objects.filter(author=bob).exists()


def test_a_comment_is_not_edited_meanwhile(alice: User, bob: User) -> None:
    comment = make_comment(bob, make_note(alice), "Fine")
    browser = paused(bob, "commenting")
    page = f"/comments/{comment.pk}/edit/"
    answer = browser.post(page, form_in(browser.get(page), "comment-edit").filled(body="Not fine"))
    assert answer.status_code == 429
    assert "Not fine" in answer.text
    assert LINK in answer.text
    comment.refresh_from_db()
    assert comment.body == "Fine"


@pytest.mark.parametrize("act", ["commenting", "posting"])
def test_mentions_stay_text_and_that_is_said(alice: User, bob: User, act: str) -> None:
    note = make_note(alice)
    browser = paused(alice, act)
    sent = filled_in(browser, editor(note), body="With @bob", action="publish")
    page = browser.post(editor(note), sent, follow=True)
    assert "Your mentions stay text for now" in page.text
    assert not Mention.objects.exists()


def test_who_was_mentioned_before_stays(alice: User, bob: User) -> None:
    note = make_note(alice, body="With @bob")
    browser = paused(alice, "commenting")
    sent = filled_in(browser, editor(note), title="Other", action="publish")
    assert "stay text for now" not in browser.post(editor(note), sent, follow=True).text
    assert Mention.objects.standing().count() == 1


def follow_paths(alice: User, charlie: User) -> list[str]:
    collection = shelve(alice, "Soups", make_note(charlie))
    return [f"{alice.get_absolute_url()}follow/", f"/collections/{collection.pk}/follow/"]


def test_following_is_refused(alice: User, bob: User, charlie: User) -> None:
    browser = paused(charlie, "following")
    for path in follow_paths(alice, bob):
        page = browser.post(path)
        assert (page.status_code, "You can’t follow anyone new until" in words(page)) == (429, True), path
        assert LINK in page.text
        assert int(page["Retry-After"]) > 0
        button = browser.post(path, headers=AJAX)
        assert button.status_code == 200
        assert 'aria-pressed="false"' in button.text
        assert LINK in button.text
    assert not Follow.objects.filter(follower=charlie).exists()
    assert not CollectionFollow.objects.exists()


def test_one_pause_is_not_another(alice: User, bob: User) -> None:
    note = make_note(alice)
    browser = paused(bob, "following")
    assert browser.post(f"{note.get_absolute_url()}comments/", {"body": "Yes"}).status_code == 303
    assert browser.post(NEW, filled_in(browser, NEW, title="Soup", action="publish")).status_code == 303
    browser.post(f"{alice.get_absolute_url()}follow/delete/")
    assert not Follow.objects.filter(follower=bob).exists()


def test_a_pause_in_chinese(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    browser = paused(alice, "posting")
    page: Any = browser.get(NEW, headers={"Accept-Language": "zh-hans"})
    assert "前不能发布笔记" in words(page)


def test_readers_see_the_warning_on_page_and_card(alice: User, client: Client) -> None:
    note = make_note(alice, warning="sensitive")
    assert "A warning from moderators: May be upsetting" in words(client.get(note.get_absolute_url()))
    assert "Sensitive" in words(client.get(alice.get_absolute_url()))
