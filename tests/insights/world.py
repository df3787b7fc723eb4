"""Random people, labels and notes of a site in use for a year."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from notes.compose.tagging import tags_named
from notes.models import Note, Photo, TaggedNote
from profiles.models import Label, Positioning, PositioningTopic, User

DAYS = 365
AT_ONCE = 5_000
TOPICS = [f"topic {number}" for number in range(14)]
WORDS = [
    "Campus plog master",
    "Canteen diarist",
    "校园 plog 主理人",
    "Night owl",
    "First-year notes",
    "Window seat",
]


def local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


class World:
    """`creators` of the `people` write the `notes`, each with about `readers` readers. `today` is the first day that no
    period holds.
    """

    def __init__(self, seed: int, *, people: int, creators: int, notes: int, readers: int) -> None:
        self.random = Random(seed)
        self.sizes = (people, creators, notes, readers)
        self.now = timezone.now()
        self.today = local_day(self.now)
        ends = [midnight(self.today - timedelta(days=days)) for days in (0, 28, 112)]
        self.edges = [end + step for end in ends for step in (timedelta(0), timedelta(microseconds=-1))]

    def build(self) -> None:
        people, creators, notes, _readers = self.sizes
        self._add_people(people, creators)
        self._add_labels()
        self._add_notes(notes)
        self._add_tags_and_photos()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128))

    def _between(self, first: datetime, last: datetime) -> datetime:
        """A moment in between, mostly soon; now and then at an edge of a period."""
        edges = [edge for edge in self.edges if first <= edge <= last]
        if edges and self.random.random() < 0.1:
            return self.random.choice(edges)
        return first + (last - first) * self.random.random() ** 2

    def _add_people(self, people: int, creators: int) -> None:
        made = [
            User(
                handle=f"year_{number}",
                name=f"Year {number}",
                email=f"year_{number}@campus.test",
                password="!",
                date_joined=self._ago(0.1 if number % 17 == 5 else DAYS + 10),
                is_counted=number % 17 not in {5, 11},
                is_staff=number == people - 1,
            )
            for number in range(people)
        ]
        self.people = User.objects.bulk_create(made)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, primary=True, verified=number % 17 != 11)
            for number, user in enumerate(self.people)
        )
        self.creators = self.people[:creators]
        self.late = self.people[11::17]  # counted at last

    def _add_labels(self) -> None:
        self.tags = tags_named(TOPICS)
        labels = [Label.objects.worded(words) for words in WORDS]
        self.chapters: dict[int, list[Positioning]] = defaultdict(list)
        topics: list[PositioningTopic] = []
        for creator in self.creators:
            for begins, ends in self._terms():
                label = self.random.choice(labels)
                made = Positioning.objects.create(
                    person=creator, label=label, wording=label.wording, declared_at=begins, retired_at=ends
                )
                self.chapters[creator.pk].append(made)
                topics += self._topics(made, begins, ends or self.now)
        PositioningTopic.objects.bulk_create(topics)

    def _terms(self) -> list[tuple[datetime, datetime | None]]:
        """When each of a creator's chapters began and ended; now and then one within the hour, and none at last."""
        number = self.random.randint(0, 4)
        begins = sorted(self._ago(self.random.uniform(1, DAYS)) for _ in range(number))
        if number > 1 and self.random.random() < 0.4:
            begins[1] = begins[0] + timedelta(minutes=25)
        if number > 2 and self.random.random() < 0.4:
            begins[2] = begins[1] + timedelta(minutes=25)
        begins.sort()
        last = self.now - timedelta(hours=5) if self.random.random() < 0.15 else None
        return list(zip(begins, [*begins[1:], last], strict=True)) if begins else []

    def _topics(self, chapter: Positioning, begins: datetime, ends: datetime) -> Iterator[PositioningTopic]:
        changes = [None, None]
        if ends - begins > timedelta(days=10) and self.random.random() < 0.4:
            changes = [None, begins + (ends - begins) / 3, None]
        for given, taken in pairwise(changes):
            for position, tag in enumerate(self.random.sample(self.tags, self.random.randint(1, 5))):
                yield PositioningTopic(
                    positioning=chapter, tag=tag, position=position, given_at=given, taken_at=taken
                )

    def _add_notes(self, number: int) -> None:
        """The first creators have few notes: 0, 1, 2 … of them."""
        few = [creator for place, creator in enumerate(self.creators[:7]) for _ in range(place)]
        others = [self.random.choice(self.creators[7:]) for _ in range(number - len(few))]
        self.notes = Note.objects.bulk_create(
            (self._note(author) for author in [*few, *others]), batch_size=1000
        )
        self.public = [note for note in self.notes if note.published_at]

    def _note(self, author: User) -> Note:
        at: datetime | None = self._between(self._ago(DAYS), self.now)
        if self.random.random() < 0.5:
            at = self._between(self._ago(120), self.now)
        chapters = self.chapters[author.pk]
        if chapters and self.random.random() < 0.05:
            at = self.random.choice(chapters).declared_at + timedelta(minutes=5)
        assert at
        held = [
            one for one in chapters if one.declared_at <= at and (not one.retired_at or at < one.retired_at)
        ]
        status, kind = Note.Status.PUBLISHED, self.random.random()
        if kind < 0.04:
            status, at = (Note.Status.DRAFT, None) if kind < 0.03 else (Note.Status.PROCESSING, None)
        return Note(
            author=author,
            key=self._key(),
            title=f"Note {self.random.randint(1, 999)}",
            title_width=8,
            body="A day. " * self.random.choice([0, 1, 5, 20, 60, 200]),
            visibility=self.random.choices(["public", "followers", "private"], [90, 7, 3])[0],
            status=status,
            created_at=at or self.now,
            published_at=at,
            positioning=held[0] if held and at else None,
        )

    def _add_tags_and_photos(self) -> None:
        self.first_topic: dict[int, str] = {}
        taggings, photos = [], []
        for note in self.notes:
            number = self.random.choices([0, 1, 2, 3, 10], [10, 45, 25, 15, 5])[0]
            tags = self.random.sample(self.tags, number)
            self.first_topic[note.pk] = tags[0].name if tags else ""
            taggings += [TaggedNote(content_object=note, tag=tag) for tag in tags]
            photos += [
                Photo(owner_id=note.author_id, note=note, position=position, state="ready", width=9, height=9)
                for position in range(self.random.choices([0, 1, 3, 6], [35, 30, 20, 15])[0])
            ]
        TaggedNote.objects.bulk_create(taggings, batch_size=AT_ONCE)
        made = Photo.objects.bulk_create(photos, batch_size=AT_ONCE)
        self.photos = Counter(photo.note_id for photo in made)
        covered = {photo.note_id: photo for photo in made if photo.position == 0}
        with_cover = [note for note in self.notes if note.pk in covered]
        for note in with_cover:
            note.cover = covered[note.pk]
        Note.objects.bulk_update(with_cover, ["cover"], batch_size=AT_ONCE)
