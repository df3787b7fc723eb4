"""Actions that cannot be undone ask for confirmation: on a page or in a dialog, never by the browser."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from notes.models import Comment, Note
from profiles.models import Block, Follow, User
from tests.builders import make_comment, make_label, make_note, signed_in
from tests.markup import form_in, words

pytestmark = pytest.mark.django_db
SHEET = {"HX-Request": "true"}


@pytest.fixture
def asked(alice: User, bob: User) -> dict[str, tuple[User, str, str, Any]]:
    """By path: who is asked, what, where the page leads otherwise, and what says that it was done."""
    note = make_note(alice, "Flowers instead of sleep")
    comment, reply = make_comment(bob, note, "Sleep well"), None
    reply = make_comment(alice, note, "You too", parent=comment)
    make_label(alice, "Window seats")
    current = alice.positionings.current()
    return {
        f"/notes/{note.pk}/delete/": (
            alice,
            "“Flowers instead of sleep” will be deleted for good, with its photos, likes and comments.",
            note.get_absolute_url(),
            lambda: not Note.objects.filter(pk=note.pk).exists(),
        ),
        "/@alice/block/": (
            bob,
            "We don't tell people you block.",
            "/@alice/",
            lambda: Block.objects.filter(blocker=bob, blocked=alice).exists(),
        ),
        f"/comments/{comment.pk}/delete/": (
            bob,
            "“Sleep well” will be deleted for good. Replies to it stay.",
            comment.get_absolute_url(),
            lambda: Comment.objects.get(pk=comment.pk).body == "",
        ),
        f"/comments/{reply.pk}/delete/": (
            alice,
            "“You too” will be deleted for good.",
            reply.get_absolute_url(),
            lambda: Comment.objects.get(pk=reply.pk).body == "",
        ),
        "/@bob/follower/delete/": (
            alice,
            "They won’t be notified. They can follow you again, unless you block them.",
            "/@alice/followers/",
            lambda: not Follow.objects.filter(follower=bob, followed=alice).exists(),
        ),
        "/settings/label/delete/": (
            alice,
            "Its words, topics and notes stay in your label settings",
            "/settings/label/",
            lambda: not current.exists(),
        ),
    }


def test_a_question_says_what_goes_and_does_nothing_yet(asked: Any) -> None:
    for path, (person, says, elsewhere, is_done) in reversed(asked.items()):
        client = signed_in(person)
        page = client.get(path)
        assert says in words(page), path
        assert f'href="{elsewhere}"' in page.text, path
        assert form_in(page, path).fields["next"] == [elsewhere]
        from_here = client.get(path, headers={"Referer": "http://testserver/?sort=latest"})
        assert form_in(from_here, path).fields["next"] == ["/?sort=latest"]
        sheet = client.get(path, headers=SHEET)
        assert "<html" not in sheet.text
        assert 'id="sheet-head" tabindex="-1"' in sheet.text, "the heading gets the focus"
        assert not is_done(), path
        again = client.get(path, headers={"Referer": f"http://testserver{path}"})
        assert form_in(again, path).fields["next"] == [elsewhere], "not back to the question"
        assert client.post(path, form_in(sheet, path).filled()).status_code == 303, path
        assert is_done(), path
        assert client.get(path).status_code in {200, 302, 404}


def test_nobody_is_asked_about_what_is_not_theirs(asked: Any, charlie: User) -> None:
    for path in asked:
        assert Client().get(path)["Location"].startswith("/accounts/login/")
        if "/@" not in path and path != "/settings/label/delete/":
            assert signed_in(charlie).get(path).status_code in {403, 404}, path
    assert signed_in(charlie).get("/@charlie/block/").status_code == 404
    assert signed_in(charlie).get("/@charlie/follower/delete/").status_code == 404


def test_the_browser_asks_nothing() -> None:
    """Its own dialogs cannot be read in the page's language, nor told from those of another site."""
    for file in sorted(Path(settings.BASE_DIR, "static").rglob("*.js")):
        code = file.read_text()
        for call in ("confirm(", "alert(", "prompt("):
            assert call not in code, file
