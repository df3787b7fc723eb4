"""A year of a site in use, made at random and written down twice: in the database, by the actions and triggers that
serve the site, and in a log of the test's own.

Among it is what breaks sums: notes without tags and with ten, merged and hidden tags, notes that were deleted or made
private, people who left, readers who do not count yet, answers taken back, labels left within the hour, and events on
either side of midnight at both ends of every period.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from insights.actions.recording import Reach, record_looks, record_reaches, record_showings, record_visits
from leaving.actions.removal import remove_person
from notes.actions.publishing import delete_note, tags_named
from notes.actions.readers import Opening, count_due, record_openings
from notes.actions.tags import merge_tag
from notes.happenings import Look, Showing
from notes.models import Collect, Comment, Like, Measured, Note, Photo, TaggedNote
from profiles.models import Follow, Label, Positioning, PositioningTopic, User
from profiles.visits import ProfileVisit
from redbook.copying import copy

DAYS = 365
AT_ONCE = 5_000
SOURCES = [
    "explore",
    "following",
    "tag",
    "label",
    "campus",
    "profile",
    "note",
    "search",
    "saved",
    "elsewhere",
]
TOPICS = [f"topic {number}" for number in range(14)]
WORDS = [
    "Campus plog master",
    "Canteen diarist",
    "校园 plog 主理人",
    "Night owl",
    "First-year notes",
    "Window seat",
]
SAID = ["Well put.", "Where is this?", "几点开门？", "I sat there. Is it loud?", "好看", "So good!", "?"]
SHARES = {"topic 0": 0.9, "topic 1": 0.02}  # of readers who answer, by the first topic; of others 0.25


@dataclass
class Log:
    """What was done, for counters of which no rows are kept. Of days that are the site's."""

    shown: Counter[tuple[int, date, str]] = field(default_factory=Counter)  # note, day, source
    opened: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    hours: Counter[tuple[int, date, int]] = field(default_factory=Counter)
    visits: Counter[tuple[int, date]] = field(default_factory=Counter)  # of notes
    profile_visits: Counter[tuple[int, date]] = field(default_factory=Counter)  # of people
    won: Counter[tuple[int, date]] = field(default_factory=Counter)  # of people
    won_by: Counter[tuple[int, date]] = field(default_factory=Counter)  # of notes
    readers: dict[tuple[int, int], tuple[date, str]] = field(default_factory=dict)
    answered: set[tuple[int, int]] = field(default_factory=set)  # note, person


def local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


class Year:
    """`creators` of the `people` write the `notes`, each with about `readers` readers. `today` is the first day that no
    period holds.
    """

    def __init__(self, seed: int, *, people: int, creators: int, notes: int, readers: int) -> None:
        self.random = Random(seed)
        self.sizes = (people, creators, notes, readers)
        self.now = timezone.now()
        self.today = local_day(self.now)
        self.log = Log()
        ends = [midnight(self.today - timedelta(days=days)) for days in (0, 28, 112)]
        self.edges = [end + step for end in ends for step in (timedelta(0), timedelta(microseconds=-1))]

    def play(self) -> Log:
        people, creators, notes, _readers = self.sizes
        self._add_people(people, creators)
        self._add_labels()
        self._add_notes(notes)
        self._add_tags_and_photos()
        openings = list(self._openings())
        answers = self._answers(openings)
        self._answer(*[kind[::2] for kind in answers])  # from cards, before they are readers
        self._open(openings)
        self._answer(*[kind[1::2] for kind in answers])
        self._take_back()
        self._moderate_and_delete()
        since = self.today - timedelta(days=DAYS + 2)
        Measured.objects.update(since=since)
        return self.log

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

    def _openings(self) -> Iterator[Opening]:
        """Those of a creator in seven are not read."""
        readers = self.sizes[3]
        unread = {creator.pk for creator in self.creators[3::7]}
        for note in self.public:
            assert note.published_at
            number = 0 if note.author_id in unread else self.random.randint(0, 2 * readers)
            people = self.random.sample(self.people, min(number, len(self.people)))
            for person in [*people, *[None] * self.random.randint(0, 5)]:
                if person is None or person.pk != note.author_id:
                    at = self._between(note.published_at, self.now)
                    yield Opening(note.pk, person and person.pk, at, self.random.choice(SOURCES))

    def _open(self, openings: Sequence[Opening]) -> None:
        """Openings and the looks, cards, photos and profiles around them, in the database and in the log."""
        staff = {person.pk for person in self.people if person.is_staff}
        authors = {note.pk: note.author_id for note in self.notes}
        openings = [opened for opened in openings if opened.person not in staff]
        again = [
            opened._replace(at=opened.at + (self.now - opened.at) / 2, source="saved")
            for opened in openings[::13]
            if opened.person
        ]
        reaches, showings, profiles = [], [], []
        for opened in openings:
            photos = self.photos[opened.note]
            if opened.person and photos and self.random.random() < 0.8:
                reaches.append(Reach(opened.note, opened.person, self.random.randint(1, photos), opened.at))
            if opened.source != "elsewhere" and self.random.random() < 0.7:
                cards = (opened.note,) * self.random.randint(1, 40)
                showings.append(Showing(cards, opened.at, opened.source))
                self.log.shown[opened.note, local_day(opened.at), opened.source] += len(cards)
            if self.random.random() < 0.05:
                profiles.append(ProfileVisit(authors[opened.note], None, opened.at))
                self.log.profile_visits[authors[opened.note], local_day(opened.at)] += 1
            self._log_opening(opened)
        looks = [Look(*opened[:4]) for opened in (*openings, *again)]
        self._log_looks(looks)
        for lines, write in (
            (openings, lambda some: record_openings(openings=some)),
            (again, lambda some: record_openings(openings=some)),
            (looks, lambda some: record_looks(looks=some)),
            (showings, lambda some: record_showings(showings=some)),
            (reaches, lambda some: record_reaches(reaches=some)),
            (profiles, lambda some: record_visits(visits=some)),
        ):
            for start in range(0, len(lines), AT_ONCE):
                write(lines[start : start + AT_ONCE])

    def _log_opening(self, opened: Opening) -> None:
        day = local_day(opened.at)
        if opened.person is None:
            self.log.visits[opened.note, day] += 1
        else:
            self.log.readers[opened.note, opened.person] = (day, opened.source)

    def _log_looks(self, looks: list[Look]) -> None:
        """Each person once a day, note and source; in the hour of the first of a batch."""
        seen = set()
        for look in looks:
            local = look.at.astimezone(ZoneInfo(settings.TIME_ZONE))
            mark = (look.note, look.person, local.date(), look.source)
            if look.person and mark in seen:
                continue
            seen.add(mark)
            self.log.opened[look.note, local.date(), look.source] += 1
            self.log.hours[look.note, local.date(), local.hour] += 1

    def _answers(self, openings: list[Opening]) -> tuple[list[Any], ...]:
        """Likes, saves, comments and follows: of readers by the note's first topic, and of some who never open it."""
        likes, saves, comments, follows, following = [], [], [], [], set()
        notes = {note.pk: note for note in self.notes}
        for opened in openings:
            if opened.person is None or self.random.random() > SHARES.get(
                self.first_topic[opened.note], 0.25
            ):
                continue
            note, at = notes[opened.note], self._between(opened.at, self.now)
            pick, pair = self.random.random(), (note.author_id, opened.person)
            if pick > 0.95 and pair in following:
                continue
            if pick < 0.5:
                likes.append((at, opened.person, note.pk))
            if 0.4 < pick < 0.75:
                saves.append((at, opened.person, note.pk))
            if 0.7 < pick < 0.95:
                comments.append((at, opened.person, note.pk, self.random.choice(SAID), self._key()))
            if pick > 0.9 and pair not in following:
                following.add(pair)
                follows.append((at, opened.person, note.author_id, note.pk))
                self.log.won[note.author_id, local_day(at)] += 1
                self.log.won_by[note.pk, local_day(at)] += 1
            self.log.answered.add((note.pk, opened.person))
        return likes, saves, comments, follows

    def _answer(self, likes: list[Any], saves: list[Any], comments: list[Any], follows: list[Any]) -> None:
        for model, fields, rows in (
            (Like, ["created_at", "person", "note"], likes),
            (Collect, ["created_at", "person", "note"], saves),
            (Comment, ["created_at", "author", "note", "body", "key"], comments),
            (Follow, ["created_at", "follower", "followed", "from_note"], follows),
        ):
            for start in range(0, len(rows), AT_ONCE):
                copy(model, fields, rows[start : start + AT_ONCE])

    def _take_back(self) -> None:
        """A tenth of the answers of each kind; they stay among those who ever answered."""
        for model in (Like, Collect, Follow):
            gone = list(model.objects.order_by("pk").values_list("pk", flat=True))[::10]
            model.objects.filter(pk__in=gone).delete()
        said = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        Comment.objects.filter(pk__in=said[::10]).update(deleted_at=self.now)
        Comment.objects.filter(pk__in=said[1::20]).update(hidden_at=self.now)

    def _moderate_and_delete(self) -> None:
        merge_tag(tag=self.tags[12], into=self.tags[11])
        published = self.random.sample(self.public, len(self.public) // 10)
        part = len(published) // 4
        Note.objects.filter(pk__in=[note.pk for note in published[:part]]).update(visibility="private")
        Note.objects.filter(pk__in=[note.pk for note in published[part : 2 * part]]).update(
            hidden_at=self.now
        )
        gone = published[2 * part : 2 * part + min(part, 20)]
        self.deleted = {note.pk for note in gone}
        for note in gone:
            delete_note(note=note)
        self.left = self.people[-8:-2:3]
        for person in self.left:
            User.objects.filter(pk=person.pk).update(leaving_at=self.now, going_at=self.now)
            remove_person(person.pk)
        EmailAddress.objects.filter(user__in=self.late).update(verified=True)
        count_due(people=[person.pk for person in self.late])
