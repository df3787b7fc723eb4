"""Toasts on the next page, and their Undo buttons where undoing is possible."""

from typing import Any

import pytest

from notes.models import Comment, Note
from profiles.models import Block, Follow, FollowRequest, Mute, User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import form_in

pytestmark = pytest.mark.django_db


def toast(client: Any, answer: Any) -> tuple[str, list[tuple[str, str, str]]]:
    """What the next page says, and the buttons that take it back."""
    page = client.get(answer["Location"])
    region = page.text.partition('class="toasts"')[2].replace("\u2068", "").replace("\u2069", "")
    assert 'role="status"' in region.partition(">")[0], "screen readers hear it"
    buttons = form_in(page, "act").buttons
    return region, buttons[-1:] if "data-undo" in region else []


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


# What is posted, with which words; what is said then; what Undo posts, and whether a row is there after each.
SAID = [
    (
        "/@alice/mute/",
        "",
        "You won’t see Alice An in your lists any more.",
        "/@alice/mute/delete/",
        Mute,
        (True, False),
    ),
    ("/@alice/mute/delete/", "", "Alice An is in your lists again.", "/@alice/mute/", Mute, (False, True)),
    ("/@alice/block/delete/", "", "You unblocked Alice An.", "/@alice/block/", Block, (False, True)),
    (
        "/@alice/follow/delete/",
        "",
        "You no longer follow Alice An.",
        "/@alice/follow/",
        Follow,
        (False, True),
    ),
]


@pytest.mark.parametrize(("path", "word", "said", "undo", "model", "there"), SAID)
def test_it_is_said_and_taken_back(
    charlie: User,
    alice: User,
    path: str,
    word: str,
    said: str,
    undo: str,
    model: Any,
    there: tuple[bool, bool],
) -> None:
    client = signed_in(charlie)
    text, buttons = toast(client, client.post(path))
    assert said in text
    assert [button[0] for button in buttons] == [undo]
    assert model.objects.exists() == there[0]
    assert client.post(undo).status_code == 303
    assert model.objects.exists() == there[1]


@pytest.mark.parametrize("word", ["exam week", "#期中"])
def test_a_word_too(charlie: User, word: str) -> None:
    client = signed_in(charlie)
    for path, kept in (("", [word]), ("delete/", [])):
        answer = client.post(f"/settings/privacy/muted/words/{path}", {"word": word})
        text, ((address, name, value),) = toast(client, answer)
        assert word in text
        charlie.refresh_from_db()
        assert charlie.muted_words == kept
        client.post(address, {name: value})
        charlie.refresh_from_db()
        assert charlie.muted_words == ([] if kept else [word])


def test_what_cannot_be_taken_back_is_said_without_it(
    note: Note, alice: User, bob: User, charlie: User
) -> None:
    client = signed_in(bob)
    comment = make_comment(bob, note)
    done = {
        f"/comments/{comment.pk}/delete/": "Comment deleted",
        "/@charlie/follow/": "You follow Charlie Chen.",
        "/@alice/block/": "You and Alice An no longer see each other.",
    }
    for path, said in done.items():
        text, buttons = toast(client, client.post(path))
        assert said in text
        assert not buttons
    assert Comment.objects.get().deleted_at


def test_a_follow_request_is_approved_or_declined(alice: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    client, hers = signed_in(charlie), signed_in(alice)
    text, _buttons = toast(client, client.post("/@alice/follow/"))
    assert "Follow request sent to Alice An." in text
    text, _buttons = toast(hers, hers.post("/@charlie/request/approve/"))
    assert "Charlie Chen follows you now." in text
    text, _buttons = toast(hers, hers.post("/@charlie/request/approve/"))
    assert "follows you now" not in text, "there was nothing to approve"
    text, buttons = toast(client, client.post("/@alice/follow/delete/"))
    assert "You no longer follow Alice An." in text
    assert not buttons, "to follow again is to ask again"
    client.post("/@alice/follow/")
    text, _buttons = toast(hers, hers.post("/@charlie/request/delete/"))
    assert "Declined." in text
    assert not FollowRequest.objects.exists()
