"""Who opened the notes of the demo community: all who answered them, and some who passed on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from insights.actions.recording import record_looks, record_showings
from notes.actions.readers import Opening, record_openings
from notes.happenings import Look, Showing
from notes.models import Collect, Comment, Like, Measured, Note, Source

SOURCES = {
    Source.EXPLORE: 50,
    Source.FOLLOWING: 15,
    Source.PROFILE: 12,
    Source.NOTE: 10,
    Source.TAG: 8,
    Source.CAMPUS: 5,
}
VISITORS = {Source.ELSEWHERE: 50, Source.EXPLORE: 40, Source.TAG: 10}
PASS_ON = (0.1, 0.95)  # of those who do not answer a note, how many open it
SHOWN = (3, 14)  # how often a card is shown for each time it is opened
PAGES_SEED = 1
LOOK_MINUTES = 20  # between opening and answering, at most


def add_readers(now: datetime, random: Random, people: list[int]) -> None:
    notes = Note.objects.public().order_by("pk")
    openings = [opening for note in notes for opening in _openings(note, now, random, people)]
    record_openings(openings=openings)
    record_looks(looks=[Look(opened.note, None, opened.at, opened.source) for opened in openings])
    pages = Random(PAGES_SEED)  # noqa: S311
    record_showings(
        showings=[
            Showing((opened.note,) * pages.randint(*SHOWN), opened.at, opened.source)
            for opened in openings
            if opened.source != Source.ELSEWHERE
        ]
    )
    began = timezone.localdate(min(opened.at for opened in openings))
    Measured.objects.filter(kind__in=["readers", "shown", "opened", "hours"]).update(since=began)


def _openings(note: Note, now: datetime, random: Random, people: list[int]) -> Iterator[Opening]:
    assert note.published_at
    answered = _answers(note)
    for person, at in sorted(answered.items()):
        opened = at - timedelta(minutes=random.uniform(1, LOOK_MINUTES))
        yield Opening(note.pk, person, max(opened, note.published_at), _one(SOURCES, random))
    others = sorted(set(people) - set(answered) - {note.author_id})
    for person in random.sample(others, int(len(others) * random.uniform(*PASS_ON))):
        yield Opening(note.pk, person, _sometime(note.published_at, now, random), _one(SOURCES, random))
    for _visitor in range(random.randint(0, 40)):
        yield Opening(note.pk, None, _sometime(note.published_at, now, random), _one(VISITORS, random))


def _answers(note: Note) -> dict[int, datetime]:
    """When each person first answered, the author left out."""
    first: dict[int, datetime] = {}
    for answers, who in ((Comment, "author"), (Like, "person"), (Collect, "person")):
        for person, at in answers.objects.filter(note=note).values_list(who, "created_at"):
            first[person] = min(at, first.get(person, at))
    first.pop(note.author_id, None)
    return first


def _sometime(since: datetime, now: datetime, random: Random) -> datetime:
    """Mostly in the first days after it."""
    return since + (now - since) * random.random() ** 3


def _one(sources: dict[Source, int], random: Random) -> str:
    return random.choices(list(sources), list(sources.values()))[0].value
