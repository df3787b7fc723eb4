"""Other words of a campus for the same thing are found, after what was typed, in both languages."""

from collections import Counter

import pytest
from django.contrib.auth.models import AnonymousUser

from profiles.models import User
from search.asked import Asked
from search.query.split import folded, is_spaceless
from search.query.synonyms import _synonyms, synonyms
from search.query.variants import simplified
from search.query.words import of_latin
from search.results.notes import found
from search.results.picking import ENOUGH
from tests.builders import make_note

pytestmark = pytest.mark.django_db


def pks(words: str) -> list[int]:
    return [note.pk for note in found(AnonymousUser(), Asked(words=words)).page.rows]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        *(
            ("canteen", "食堂"),
            ("食堂", "cafeteria"),
            ("饭堂", "食堂"),
            ("飯堂", "食堂"),
            ("library", "圖書館"),
        ),
        *(("寝室", "my dorm"), ("Dormitory", "宿舍"), ("roommates", "室友"), ("考试", "exams")),
    ],
)
def test_each_word_of_a_group_finds_the_others(typed: str, written: str, alice: User) -> None:
    note = make_note(alice, "Untitled", body=f"about {written} 。")
    make_note(alice, "Something else", body="别的")
    assert pks(typed) == [note.pk]
    assert not found(AnonymousUser(), Asked(words=typed)).is_part


def test_what_was_typed_comes_first(alice: User) -> None:
    exact = make_note(alice, "Lunch", body="in the canteen")
    other = make_note(alice, "食堂")  # newer, and in the title
    assert pks("canteen") == [exact.pk, other.pk]
    assert pks("食堂") == [other.pk, exact.pk]


def test_all_words_are_asked_for_each_in_either_form(alice: User) -> None:
    note = make_note(alice, "Laundry", body="宿舍的洗衣房")
    make_note(alice, "Laundry")
    assert pks("dorm laundry")[0] == note.pk


def test_where_enough_notes_have_the_word_no_other_follows(alice: User) -> None:
    exact = {make_note(alice, f"Canteen {number}").pk for number in range(ENOUGH)}
    make_note(alice, "食堂")
    assert set(pks("canteen")) == exact


def test_closed_notes_are_not_found(alice: User) -> None:
    make_note(alice, "食堂", visibility="private")
    assert pks("canteen") == []


def test_the_table_is_as_queries_are_read() -> None:
    words = [word for word in _synonyms() if word]
    assert not [word for word in words if folded(word) != word or simplified(word) != word]
    assert not [word for word in words if not is_spaceless(word) and not of_latin(word).names], (
        "no words that only ask"
    )
    assert not [word for word, number in Counter(words).items() if number > 1]
    assert all(word in synonyms(other) for word in words for other in synonyms(word))
    assert synonyms("tea") == ()
