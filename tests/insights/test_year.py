"""A year of events in the database: every count equals that of the test's own log."""

from collections import Counter
from collections.abc import Hashable
from typing import Any

import pytest
from django.db.models import Model

from insights.models import FollowDay, NoteFollowDay, NoteHour, ProfileDay
from notes.models import NoteDay, NoteReader
from tests.insights.year import Year

pytestmark = pytest.mark.django_db


def test_what_is_kept_is_what_happened() -> None:
    year = Year(3, people=60, creators=20, notes=400, readers=12)
    log = year.play()

    def logged(counted: Counter[Any]) -> dict[Hashable, int]:
        return {key: number for key, number in counted.items() if key[0] not in year.deleted}

    assert kept(NoteDay, "note", "day", "source", "shown") == logged(log.shown)
    assert kept(NoteDay, "note", "day", "source", "opened") == logged(log.opened)
    assert kept(NoteHour, "note", "day", "hour", "opened") == logged(log.hours)
    visits = Counter[Hashable]()
    for (note, day, _source), number in kept(NoteDay, "note", "day", "source", "visits").items():
        visits[note, day] += number
    assert visits == logged(log.visits)
    assert kept(ProfileDay, "person", "day", "visits") == log.profile_visits
    assert kept(FollowDay, "person", "day", "won") == log.won
    assert kept(NoteFollowDay, "note", "day", "won") == logged(log.won_by)

    left = {person.pk for person in year.left}
    readers = {
        key: first for key, first in log.readers.items() if key[0] not in year.deleted and key[1] not in left
    }
    rows = NoteReader.objects.filter(person__isnull=False)
    assert {
        (note, person): rest
        for note, person, *rest in rows.values_list("note", "person", "first_seen_day", "source")
    } == {key: list(first) for key, first in readers.items()}
    answered = {key for key in log.answered if key in readers}
    assert set(rows.filter(ever_engaged=True).values_list("note", "person")) == answered
    assert NoteReader.objects.count() > rows.count(), "who left"
    assert rows.filter(is_counted=False).exists()


def kept(model: type[Model], *fields: str) -> dict[Any, int]:
    """The counts of a table by what they are of; the last of the fields is the count."""
    rows = model._default_manager.filter(**{f"{fields[-1]}__gt": 0}).values_list(*fields)
    return {tuple(key): number for *key, number in rows}
