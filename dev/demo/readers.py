"""Who opened the notes of the demo community, from where and how far: all who answered them, and some who passed on.

Written as events, by the actions that write those of a site in use.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from dev.demo import community
from insights.actions.recording import Reach, record_looks, record_reaches, record_showings, record_visits
from notes.models import Collect, Comment, Like, Measured, Note, Source
from notes.readers.actions import Opening, record_openings
from notes.readers.events import Look, Showing
from people.visits import ProfileVisit
from profiles.models import Follow, User

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
SCRIPTS = 0.9  # of the readers whose browser tells how far they came
LEAFS = 0.7  # of those at a photo who go on to the next


class ReadersLoader:
    """Readers of the demo: `notes` in order of publication, each with its planned figures."""

    def __init__(
        self, now: datetime, random: Random, notes: list[tuple[community.Note, Note]], people: list[User]
    ) -> None:
        self.now = now
        self.random = random
        self.pages = Random(PAGES_SEED)  # noqa: S311  what happens around an opening
        self.notes = [
            (told, note) for told, note in notes if note.published_at and note.visibility == "public"
        ]
        self.people = {person.pk for person in people if not person.is_staff}

    def load(self) -> None:
        openings = [opening for told, note in self.notes for opening in self._openings(told, note)]
        record_openings(openings=openings)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # planned as for tables of one row, what follows would take hours
        record_looks(
            looks=[Look(opened.note, opened.person, opened.at, opened.source) for opened in openings]
        )
        record_showings(showings=list(self._showings(openings)))
        record_reaches(reaches=list(self._reaches(openings)))
        record_visits(visits=list(self._visits(openings)))
        Measured.objects.update(since=timezone.localdate(min(opened.at for opened in openings)))

    def _openings(self, told: community.Note, note: Note) -> Iterator[Opening]:
        assert note.published_at
        answered = _answers(note)
        for person, at in sorted(answered.items()):
            opened = at - timedelta(minutes=self.random.uniform(1, LOOK_MINUTES))
            yield Opening(note.pk, person, max(opened, note.published_at), self._one(SOURCES))
        others = sorted(self.people - set(answered) - {note.author_id})
        number = int(len(others) * self.random.uniform(*PASS_ON))
        if told.readers is not None:
            number = told.readers - len(answered)
        for person in self.random.sample(others, number):
            yield Opening(note.pk, person, self._sometime(note.published_at), self._one(SOURCES))
        for _visitor in range(self.random.randint(0, 40)):
            yield Opening(note.pk, None, self._sometime(note.published_at), self._one(VISITORS))

    def _showings(self, openings: Iterable[Opening]) -> Iterator[Showing]:
        for opened in openings:
            if opened.source != Source.ELSEWHERE:
                times = self.pages.randint(*SHOWN)
                yield Showing((opened.note,) * times, opened.at, opened.source)

    def _reaches(self, openings: Iterable[Opening]) -> Iterator[Reach]:
        photos = {note.pk: len(told.photos) for told, note in self.notes}
        for opened in openings:
            if opened.person and photos[opened.note] and self.pages.random() < SCRIPTS:
                reached = 1
                while reached < photos[opened.note] and self.pages.random() < LEAFS:
                    reached += 1
                yield Reach(opened.note, opened.person, reached, opened.at)

    def _visits(self, openings: Iterable[Opening]) -> Iterator[ProfileVisit]:
        """Yield profile visits: readers who came from the profile, and some who went there from the note."""
        authors = {note.pk: note.author_id for _told, note in self.notes}
        for opened in openings:
            if opened.source == Source.PROFILE or self.pages.random() < 0.1:
                yield ProfileVisit(authors[opened.note], opened.person, opened.at)

    def _sometime(self, since: datetime) -> datetime:
        """Return a random time, mostly in the first days after publication."""
        return since + (self.now - since) * self.random.random() ** 3

    def _one(self, sources: dict[Source, int]) -> str:
        return self.random.choices(list(sources), list(sources.values()))[0].value


def _answers(note: Note) -> dict[int, datetime]:
    """Return when each person but the author first engaged."""
    first: dict[int, datetime] = {}
    answers = (
        (Comment, "author", "note"),
        (Like, "person", "note"),
        (Collect, "person", "note"),
        (Follow, "follower", "from_note"),
    )
    for model, who, where in answers:
        for person, at in model.objects.filter(**{where: note.pk}).values_list(who, "created_at"):
            first[person] = min(at, first.get(person, at))
    first.pop(note.author_id, None)
    return first
