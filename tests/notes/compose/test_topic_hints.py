"""Hints in compose: topics of the label without a recent note, and tags that are none of its topics; ?tag= to start
with.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notes.models import Note
from people.actions.labels import hide_label, withdraw_label
from profiles.models import User
from tests.builders import make_draft, make_label, make_note, signed_in
from tests.markup import form_in, words

NEW = "/notes/new/"
LATELY, UNKNOWN = "No note in the last 28 days about:", "Not among your label’s topics:"


@pytest.fixture
def author(alice: User) -> User:
    make_label(alice, "Campus plog", topics=["campus", "library", "exam"])
    return alice


def opened(person: User, path: str = NEW, **query: str) -> str:
    answer = signed_in(person).get(path, query)
    assert answer.status_code == 200
    return words(answer)


def unknown(answer: Any) -> str:
    """The tags that the page names as unknown, or "" where it hides the sentence."""
    part = answer.text.partition('id="unknown-tags"')[2].partition("</p>")[0]
    if "hidden" in part.partition(">")[0]:
        return ""
    found = "".join(part.split("<bdi>")[1:]).replace("</bdi>", " ").partition("</span>")[0]
    return " ".join(found.split())


def test_topics_without_a_note_lately_are_named(author: User, bob: User) -> None:
    now = timezone.now()
    make_note(author, tags=["campus"], published_at=now - timedelta(days=27))
    make_note(author, tags=["library"], published_at=now - timedelta(days=29))
    make_note(bob, tags=["exam"])
    for fields in ({"visibility": "private"}, {"hidden_at": now}):
        make_note(author, tags=["exam"], **fields)
    make_draft(author).tags.set(Note.objects.first().tags.all())  # type: ignore[union-attr]
    assert f"{LATELY} #library #exam" in opened(author)
    make_note(author, tags=["exam"], visibility="followers")
    assert f"{LATELY} #library " in opened(author)
    make_note(author, tags=["library"])
    assert LATELY not in opened(author)


def test_without_a_label_that_others_see_nothing_is_said(author: User, bob: User, mona: User) -> None:
    assert LATELY not in opened(bob)
    assert "unknown-tags" not in signed_in(bob).get(NEW).text
    hide_label(label=author.positionings.get().label, by=mona, reason="Rude")
    assert LATELY not in opened(author)
    withdraw_label(person=author)
    assert LATELY not in opened(author)


def test_tags_that_the_label_does_not_know(author: User) -> None:
    client = signed_in(author)
    assert unknown(client.get(NEW)) == ""
    answer = client.post(NEW, {"title": "", "tags": "Campus, Tea, #期末", "body": "Of #travel and #exam"})
    assert answer.status_code == 422
    assert unknown(answer) == "#Tea #期末 #travel"
    answer = client.post(NEW, {"tags": "campus", "add": "food"})
    assert (answer.status_code, unknown(answer)) == (200, "#food")


def test_it_blocks_nothing(author: User) -> None:
    answer = signed_in(author).post(NEW, {"title": "One", "tags": "tea, food", "action": "publish"})
    assert answer.status_code == 303
    note = Note.objects.get()
    assert {tag.name for tag in note.tags.all()} == {"tea", "food"}
    answer = signed_in(author).get(f"{note.get_absolute_url()}edit/")
    assert set(unknown(answer).split()) == {"#tea", "#food"}
    assert LATELY not in words(answer), "of a note that is out"


@pytest.mark.parametrize("tags", ["x" * 100_000, "★", "a\u0301" * 3000, "\u200b", ", ,"])
def test_whatever_is_typed(author: User, tags: str) -> None:
    answer = signed_in(author).post(NEW, {"title": "", "tags": tags, "body": tags})
    assert answer.status_code == 422


def tags_in(answer: Any) -> str:
    return form_in(answer, "compose").fields["tags"][0]


@pytest.mark.parametrize(
    ("asked", "filled"),
    [
        ("exam", "exam"),
        ("night-library", "night library"),
        ("exam,tea,exam", "exam, tea"),
        ("", ""),
        ("★", ""),
        ("x" * 200, ""),
        (",".join(f"t{n}x" for n in range(12)), ", ".join(f"t{n}x" for n in range(10))),
    ],
)
def test_a_tag_to_begin_with(author: User, asked: str, filled: str) -> None:
    make_note(author, tags=["night library"])
    answer = signed_in(author).get(NEW, {"tags": asked})
    assert tags_in(answer) == filled
    assert not Note.objects.filter(status="draft").exists(), "a look makes no draft"
    if filled == "exam":
        assert unknown(answer) == ""


def test_suggested_tags_begin_with_the_topics_of_the_label(author: User, bob: User) -> None:
    make_note(bob, tags=["coffee", "library"])
    page = signed_in(author).get(NEW).text
    assert re.findall(r'name="add" value="([^"]+)"', page) == ["campus", "library", "exam", "coffee"]
