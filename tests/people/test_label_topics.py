"""Feedback of the label editor on topics and notes: on opening, while typing, and on adding a topic."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from people.actions.blocks import block
from profiles.models import User
from tests.builders import make_draft, make_label, make_note, signed_in
from tests.markup import form_in, words

PATH = "/settings/label/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def author(alice: User) -> User:
    """Five notes of one age: three of campus, one of library and food, one of travel."""
    for tags in (["campus"], ["campus"], ["campus"], ["library", "food"], ["travel"]):
        make_note(alice, tags=tags)
    return alice


def typed(person: User, topics: str) -> str:
    answer = signed_in(person).get(PATH, {"topics": topics}, headers=HTMX)
    assert answer.status_code == 200
    return said(answer)


def said(fragment: Any) -> str:
    """What a person reads in it."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", re.sub("</?bdi>", "", fragment.text))).split())


def test_the_fixture_in_words(author: User) -> None:
    make_label(author, "Campus plog", topics=["campus", "library", "exam"])
    page = signed_in(author).get(PATH)
    assert "7 in 10 of your recent notes are about this" in words(page)
    assert "No note yet about: #exam" in words(page)
    assert "%" not in words(page), "no score"


@pytest.mark.parametrize(
    ("topics", "about", "without"),
    [
        ("campus, library, exam", "7 in 10 of your recent notes are about this", "#exam"),
        ("CAMPUS，library", "7 in 10 of your recent notes are about this", ""),
        ("food", "1 in 10 of your recent notes is about this", ""),
        ("campus, travel, library, food", "All of your recent notes are about this", ""),
        ("Exam, 期末", "None of your recent notes are about this", "#Exam #期末"),
        ("", "", ""),
        ("★, !!", "", ""),
        ("campus\0", "", ""),
        ("a" * 90, "", ""),
        ("campus, " + ", ".join(f"t{n}" for n in range(90)), "6 in 10", "#t0 #t1"),
    ],
)
def test_as_one_types(author: User, topics: str, about: str, without: str) -> None:
    found = typed(author, topics) if "\0" not in topics else ""
    assert about in found
    assert (f"No note yet about: {without}" in found) if without else "No note yet" not in found
    assert bool(about) == ("recent notes" in found)


@pytest.mark.parametrize(
    ("notes", "words_of_it"),
    [
        ([["tea"]] * 19 + [["tea", "food"]], "Nearly all of your recent notes are about this"),
        ([["food"]] * 39 + [["tea", "food"]], "Fewer than 1 in 10 of your recent notes are about this"),
        ([["tea"]] * 19 + [[]], "Nearly all of your recent notes are about this"),
        ([["tea"], ["tea"], [], [], []], "4 in 10 of your recent notes are about this"),
    ],
)
def test_ends_of_the_scale_are_not_rounded_to(alice: User, notes: list[list[str]], words_of_it: str) -> None:
    for tags in notes:
        make_note(alice, tags=tags)
    assert words_of_it in typed(alice, "tea")


def test_newer_notes_weigh_more(alice: User) -> None:
    now = timezone.now()
    make_note(alice, tags=["tea"], published_at=now)
    for _ in range(4):
        make_note(alice, tags=["food"], published_at=now - timedelta(days=14))
    assert "3 in 10 of your recent notes are about this" in typed(alice, "tea")


def test_below_five_notes_that_is_said_and_nothing_else(alice: User) -> None:
    assert "You have 0 notes. Once you have five" in typed(alice, "tea")
    make_note(alice, tags=["tea"])
    found = typed(alice, "tea, exam")
    assert "You have 1 note. Once you have five" in found
    assert "No note yet about" not in found


def test_notes_that_nobody_else_sees_do_not_count(author: User, mona: User, bob: User) -> None:
    make_note(author, tags=["travel"], visibility="private")
    make_note(author, tags=["travel"], hidden_at=timezone.now())
    make_draft(author)
    make_note(bob, tags=["travel"])
    assert "7 in 10 of your recent notes are about this" in typed(author, "campus, library")
    make_note(author, tags=["campus"], visibility="followers")
    assert "8 in 10 of your recent notes are about this" in typed(author, "campus, library")


def test_what_comes_back_says_it_too(author: User) -> None:
    answer = signed_in(author).post(PATH, {"label": "x", "topics": "travel, exam"})
    assert answer.status_code == 422
    assert "2 in 10 of your recent notes are about this" in words(answer)
    assert "No note yet about: #exam" in words(answer)


def test_it_asks_as_often_whatever_there_is(author: User, django_assert_num_queries: Any) -> None:
    client = signed_in(author)
    client.get(PATH, headers=HTMX)
    with django_assert_num_queries(3):  # session, person, notes
        client.get(PATH, {"topics": "campus"}, headers=HTMX)
    for _ in range(20):
        make_note(author, tags=["a", "b", "c"])
    with django_assert_num_queries(3):
        client.get(PATH, {"topics": "campus, a, b, c"}, headers=HTMX)


def test_the_fragment_is_no_page_and_tells_caches(author: User) -> None:
    answer = signed_in(author).get(PATH, {"topics": "tea"}, headers=HTMX)
    assert "<main" not in answer.text
    assert "HX-Request" in answer["Vary"]
    assert "HX-Request" in signed_in(author).get(PATH)["Vary"]
    signed_out = Client().get(PATH, {"topics": "tea"}, headers=HTMX)
    assert (signed_out.status_code, signed_out.content) == (204, b""), "the editor stays open"


def test_in_chinese(author: User) -> None:
    with translation.override("zh-hans"):
        page = signed_in(author).get(
            PATH, {"topics": "campus, exam"}, headers=HTMX | {"Accept-Language": "zh"}
        )
    assert "最近每 10 篇笔记有 6 篇与此有关" in said(page)
    assert "还没有笔记写到：" in page.text


# A topic to add


def topics_in(answer: Any) -> str:
    return form_in(answer, "").fields["topics"][0]


def test_a_topic_of_the_address_is_added_unsaved(alice: User) -> None:
    make_label(alice, "Campus plog", topics=["campus", "food"])
    client = signed_in(alice)
    make_note(alice, tags=["final exam"])
    assert topics_in(client.get(PATH, {"topic": "final-exam"})) == "campus, food, final exam"
    assert [tag.name for tag in alice.positionings.get().topics_in_order()] == ["campus", "food"]
    assert topics_in(client.get(PATH, {"topic": "food"})) == "campus, food", "it has it"
    assert topics_in(client.get(PATH)) == "campus, food"


def test_without_a_label_it_is_the_first_topic(alice: User, charlie: User) -> None:
    assert topics_in(signed_in(alice).get(PATH, {"topic": "tea"})) == "tea"


def test_a_full_label_says_so(alice: User) -> None:
    make_label(alice, "Campus plog", topics=["a", "b", "c", "d", "e"])
    answer = signed_in(alice).get(PATH, {"topic": "exam"})
    assert topics_in(answer) == "a, b, c, d, e"
    assert "Your label has five topics already. Take one out to add #exam." in words(answer)
    assert "five topics already" not in words(signed_in(alice).get(PATH, {"topic": "a"}))


@pytest.mark.parametrize("topic", ["", " ", "★", "x" * 101, "9" * 30])
def test_what_is_no_tag_is_passed_over(alice: User, topic: str) -> None:
    make_label(alice, "Campus plog", topics=["campus"])
    answer = signed_in(alice).get(PATH, {"topic": topic})
    assert answer.status_code == 200
    assert topics_in(answer) == "campus"


def test_an_address_tells_nothing_of_what_others_keep_to_themselves(alice: User, charlie: User) -> None:
    make_note(charlie, tags=["secret plan"], visibility="private")
    assert topics_in(signed_in(alice).get(PATH, {"topic": "secret-plan"})) == "secret-plan", "as it was typed"
    make_note(charlie, tags=["secret plan"])
    assert topics_in(signed_in(alice).get(PATH, {"topic": "secret-plan"})) == "secret plan"
    block(blocker=charlie, blocked=alice)
    assert signed_in(alice).get(PATH, {"topic": "secret-plan"}).status_code == 200
