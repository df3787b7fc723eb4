"""Many readers of one creator at once, eligible for audiences and words by default."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from insights.actions.weeks import close_week, last_week
from notes.models import Note, NoteReader
from profiles.models import Follow, User
from tests.builders import make_note

_number = count(1)


def make_readers(notes: Sequence[Note], number: int, **fields: Any) -> list[User]:
    """So many people who have read these notes and whose accounts are a month old."""
    fields.setdefault("date_joined", timezone.now() - timedelta(days=30))
    names = [f"crowd_{next(_number)}" for _ in range(number)]
    people = User.objects.bulk_create(
        User(
            handle=name, name=name, email=f"{name}@campus.test", password="!", **{"is_counted": True} | fields
        )
        for name in names
    )
    read(notes, people)
    return people


def read(notes: Sequence[Note], people: Sequence[User]) -> None:
    NoteReader.objects.bulk_create(
        NoteReader(note=note, person=person, first_seen_day=timezone.localdate(), source="explore")
        for note in notes
        for person in people
    )


def make_followers(creator: User, number: int, **fields: Any) -> list[User]:
    """So many followers who have read three notes of the creator's."""
    notes = list(Note.objects.filter(author=creator)) or [make_note(creator) for _ in range(3)]
    people = make_readers(notes, number, **fields)
    Follow.objects.bulk_create(Follow(follower=person, followed=creator) for person in people)
    return people


def end_weeks(creator: User, number: int = 1) -> None:
    """Close so many weeks of the creator's, each a week after the one before."""
    from insights.models import WeekDone

    done = WeekDone.objects.filter(creator=creator).values_list("last", flat=True).first()
    last = done or last_week() - timedelta(weeks=1)
    for week in range(1, number + 1):
        assert close_week(creator=creator.pk, last=last + timedelta(weeks=week))
