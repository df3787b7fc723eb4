"""A creator whose Mirror shows everything, as rows, with the sums of a night."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from insights.actions.summing import sum_all
from notes.models import Note, NoteDay, NoteReader
from notes.models.readers import Source
from profiles.models import User
from tests.builders import make_comment, make_label, make_note

_number = count()
# Topic: how many notes, readers of each, and answers of ten readers.
TOPICS = {"daily life": (7, 40, 1), "canteen": (4, 40, 2), "study spots": (3, 60, 6)}


def fill_mirror(person: User) -> None:
    """A creator labelled for plog who mostly posts daily life and is answered for study spots; with two labels, and a
    note without readers.
    """
    now = timezone.now()
    make_label(person, "Lost fresher", topics=["campus"], declared_at=now - timedelta(days=300))
    make_label(
        person,
        "Campus plog master",
        topics=["daily life", "canteen", "exams"],
        declared_at=now - timedelta(days=20),
    )
    readers = _people(max(number for _notes, number, _answers in TOPICS.values()))
    for topic, (notes, number, answers) in TOPICS.items():
        for place in range(notes):
            when = now - timedelta(days=1 + 2 * place, hours=3)
            note = make_note(person, f"{topic.capitalize()}, day {place}", tags=[topic], published_at=when)
            _read(note, readers[:number], answers, when)
    make_note(person, "Read by nobody", published_at=now - timedelta(days=2))
    for asker in readers[:12]:
        make_comment(asker, note, "Is there a plug by the window?", created_at=now - timedelta(days=2))
    sum_all()


def _people(number: int) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"reader{place}@campus.test",
            handle=f"reader_{place}",
            name="Reader",
            password="!",
            is_counted=True,
        )
        for place in (next(_number) for _each in range(number))
    )


def _read(note: Note, readers: list[User], answers: int, when: datetime) -> None:
    """`answers` of every ten readers answer."""
    day = timezone.localdate(when)
    given: dict[str, Any] = {"note": note, "first_seen_day": day}
    NoteReader.objects.bulk_create(
        NoteReader(
            person=reader,
            source=Source.EXPLORE if place % 3 else Source.TAG,
            engaged_day=day if place % 10 < answers else None,
            **given,
        )
        for place, reader in enumerate(readers)
    )
    NoteDay.objects.filter(note=note, day=day, source=Source.EXPLORE).update(shown=400, opened=90)
