"""The newest notes that match are found, and ranked, in whatever window their documents lie."""

from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from notes.models import Note
from profiles.models import Follow, User
from search.asked import Asked
from search.results import candidates, picking
from search.results.notes import found
from tests.builders import make_note, make_person

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def make_document(author: User, title: str, number: int, visibility: str = "public") -> str:
    """Publish a note whose document has this number. Return its title."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('search_document', 'number'), %s, false)", [number]
        )
    return make_note(author, title, visibility=visibility).title


def titles(words: str, sort: str) -> list[str]:
    return [note.title for note in found(VISITOR, Asked(words=words, sort=sort)).page.rows]


def test_only_the_newest_are_ranked_and_the_answer_says_so(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "RANKED_MAX", 5)
    author = make_person("writer")
    make_note(author, "Tea, the oldest")
    for number in range(5):
        make_note(author, f"Tea {number}")
        make_note(alice, f"Closed tea {number}", visibility="private")
    answered = found(VISITOR, Asked(words="tea"))
    assert {note.title for note in answered.page.rows} == {f"Tea {number}" for number in range(5)}
    assert answered.is_newest_only
    Note.objects.filter(title="Tea 0").update(visibility="private")
    answered = found(VISITOR, Asked(words="tea"))
    assert (len(answered.page.rows), answered.is_newest_only) == (5, False)


def test_of_people_followed_fewer_are_ranked(
    alice: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "FOLLOWED_RANKED_MAX", 2)
    Follow.objects.create(follower=charlie, followed=alice)
    made = [make_note(alice, f"Tea {number}").title for number in range(3)]
    make_note(make_person("writer"), "Tea of another")
    answered = found(charlie, Asked(words="tea", followed=True))
    assert {note.title for note in answered.page.rows} == set(made[1:])
    assert answered.is_newest_only


@pytest.mark.parametrize("sort", ["relevance", "latest"])
def test_notes_are_found_once_in_whatever_window_they_lie(alice: User, sort: str) -> None:
    numbers = (1, 4000, 5000, 9000, 20_000, 90_000, 1_500_000, 7_000_000, 7_000_001)
    made = [make_document(alice, f"Tea {number}", number) for number in numbers]
    assert titles("tea", sort) == made[::-1]


@pytest.mark.parametrize("few", [0, 5, 4000])
def test_the_newest_are_those_of_all_windows(alice: User, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picking, "RANKED_MAX", 5)
    monkeypatch.setattr(candidates, "FEW", few)
    picking._sql.cache_clear()
    random, number, made = Random(few), 0, []
    for at in range(60):
        number += random.choice((1, 300, 5000, 40_000, 700_000))
        words = [
            word for word, share in (("tea", 0.9), ("mint", 0.4), ("rare", 0.05)) if random.random() < share
        ]
        visibility = "public" if random.random() < 0.8 else "private"
        title = make_document(alice, " ".join([*words, str(at), "note"]), number, visibility)
        if visibility == "public":
            made.insert(0, title)
    for asked in ("tea", "mint", "rare", "tea mint", "note", "mint rare"):
        newest = [title for title in made if set(asked.split()) <= set(title.split())][:5]
        assert titles(asked, "latest")[: len(newest)] == newest
    picking._sql.cache_clear()
