"""Record readers of notes."""

from itertools import count

from django.utils import timezone

from notes.models import Note, NoteReader, Source
from profiles.models import User

_number = count()


def make_readers(note: Note, number: int, *, engaged: int = 0) -> None:
    """So many new people have opened the note, and the first of them have answered it."""
    made = (next(_number) for _ in range(number))
    people = User.objects.bulk_create(
        User(
            email=f"reader{each}@crowd.test",
            handle=f"reader_{each}",
            name="Reader",
            password="!",
            is_counted=True,
        )
        for each in made
    )
    day = timezone.localdate()
    NoteReader.objects.bulk_create(
        NoteReader(
            note=note,
            person=person,
            first_seen_day=day,
            source=Source.EXPLORE,
            engaged_day=day if place < engaged else None,
        )
        for place, person in enumerate(people)
    )
