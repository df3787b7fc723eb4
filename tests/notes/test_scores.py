"""How explore is ordered: by reactions that halve every two days, with new notes entering at once."""

import math
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notes.actions.comments import delete_comment
from notes.actions.moderation import hide_comment
from notes.actions.reactions import collect, like, unlike
from notes.actions.scores import (
    COLLECT,
    COMMENT,
    EPOCH,
    HALF_LIFE,
    HEAD_START,
    LIKE,
    first_score,
    refresh_scores,
)
from notes.models import Collect, Like, Note
from notes.tasks import refresh_scores as job
from profiles.models import User
from tests.builders import make_comment, make_note, make_person

NOW = timezone.now()
HOUR = timedelta(hours=1)


def score(note: Note) -> float:
    refresh_scores()
    note.refresh_from_db()
    return note.score


def worth(note: Note, *reactions: tuple[int, timedelta]) -> float:
    """The documented formula: weight and moment of each reaction, as time after publication."""
    points = HEAD_START + sum(weight * 2 ** (after / HALF_LIFE) for weight, after in reactions)
    return (note.published_at - EPOCH) / HALF_LIFE + math.log2(points)


def test_a_note_without_reactions_keeps_its_first_score(alice: User) -> None:
    for age in (timedelta(0), HOUR, timedelta(days=13)):
        note = make_note(alice, published_at=NOW - age)
        assert note.score == first_score(note.published_at) == worth(note)
        assert score(note) == pytest.approx(note.score, abs=1e-9)


def test_one_half_life_is_worth_one(alice: User) -> None:
    assert first_score(NOW) - first_score(NOW - HALF_LIFE) == pytest.approx(1)


def test_reactions_weigh_what_the_formula_says(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice, published_at=NOW - 50 * HOUR)
    like(person=bob, note=note)
    collect(person=bob, note=note)
    Like.objects.update(created_at=NOW - 10 * HOUR)
    Collect.objects.update(created_at=NOW - 30 * HOUR)
    make_comment(charlie, note, created_at=NOW - 2 * HOUR)
    said = [(LIKE, 40 * HOUR), (COLLECT, 20 * HOUR), (COMMENT, 48 * HOUR)]
    assert score(note) == pytest.approx(worth(note, *said), abs=1e-6)


def test_what_does_not_count(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, published_at=NOW - HOUR)
    like(person=alice, note=note)
    collect(person=alice, note=note)
    make_comment(alice, note)
    deleted, hidden = make_comment(bob, note), make_comment(bob, note)
    delete_comment(comment=deleted)
    hide_comment(comment=hidden, by=mona, reason="Unkind.")
    like(person=bob, note=note)
    unlike(person=bob, note=note)
    assert score(note) == pytest.approx(worth(note), abs=1e-6)


def test_notes_of_the_last_two_weeks_alone_are_scored(alice: User, bob: User) -> None:
    recent = make_note(alice, published_at=NOW - timedelta(days=13))
    old = make_note(alice, published_at=NOW - timedelta(days=15))
    draft = make_note(alice, status="draft", score=0)
    for note in (recent, old, draft):
        Like.objects.create(person=bob, note=note)
    assert refresh_scores() == 1
    assert score(recent) > first_score(recent.published_at)
    assert score(old) == first_score(old.published_at)
    assert score(draft) == 0


def test_refreshing_again_writes_nothing(alice: User, bob: User) -> None:
    note = make_note(alice)
    like(person=bob, note=note)
    assert refresh_scores() == 1
    assert refresh_scores() == 0
    job(timestamp=0)
    assert score(note) == pytest.approx(worth(note, (LIKE, timezone.now() - note.published_at)), abs=1e-3)


reactions = st.lists(st.tuples(st.sampled_from([LIKE, COLLECT, COMMENT]), st.integers(0, 300)), max_size=8)
notes = st.lists(st.tuples(st.integers(0, 300), reactions), min_size=2, max_size=4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notes=notes, later=st.integers(0, 400))
def test_the_order_is_that_of_decayed_reactions_at_any_moment(
    alice: User, notes: list[tuple[int, list[tuple[int, int]]]], later: int
) -> None:
    """Ages in hours. Each reaction halves every half-life; a new note starts as if it had HEAD_START likes."""
    Note.objects.all().delete()
    crowd = list(User.objects.filter(handle__startswith="crowd")) or [
        make_person(f"crowd{n}") for n in range(8)
    ]
    decayed = {}
    for age, given_to_it in notes:
        note = make_note(alice, published_at=NOW - age * HOUR)
        points = HEAD_START * 2 ** (-(age + later) * HOUR / HALF_LIFE)
        for person, (weight, hours) in zip(crowd, given_to_it, strict=False):
            moment = note.published_at + min(hours, age) * HOUR
            points += weight * 2 ** (-(NOW + later * HOUR - moment) / HALF_LIFE)
            if weight == COMMENT:
                make_comment(person, note, created_at=moment)
            else:
                model = Like if weight == LIKE else Collect
                model.objects.create(person=person, note=note)
                model.objects.filter(person=person, note=note).update(created_at=moment)
        decayed[note.pk] = points
    refresh_scores()
    order = list(Note.objects.order_by("score").values_list("pk", flat=True))
    for lower, higher in pairwise(order):
        assert decayed[lower] <= decayed[higher] * (1 + 1e-3)
