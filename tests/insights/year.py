"""A year of a site in use, made at random and written down twice: in the database, by the actions and triggers that
serve the site, and in a log of the test's own.

Among it is what breaks sums: notes without tags and with ten, merged and hidden tags, notes that were deleted or made
private, people who left, readers who do not count yet, answers taken back, labels left within the hour, and events on
either side of midnight at both ends of every period.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection

from core.db.copy import copy
from insights.actions.recording import Reach, record_looks, record_reaches, record_showings, record_visits
from leaving.actions.removal import remove_person
from notes.compose.actions import delete_note
from notes.models import Collect, Comment, Like, Measured, Note
from notes.readers.actions import Opening, count_due, record_openings
from notes.readers.events import Look, Showing
from notes.tags import hide_tag, merge_tag
from people.visits import ProfileVisit
from profiles.models import Block, Follow, Label, User
from tests.insights.world import AT_ONCE, DAYS, WORDS, World, local_day

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
SAID = ["Well put.", "Where is this?", "几点开门？", "I sat there. Is it loud?", "好看", "So good!", "?"]
SHARES = {"topic 0": 0.9, "topic 1": 0.02}  # of readers who answer, by the first topic; of others 0.25

# What ends today is in no period yet: as if it had ended a day sooner.
LOST_YESTERDAY = """
INSERT INTO insights_followday AS counted (person_id, day, won, lost)
SELECT person_id, day - 1, 0, lost FROM insights_followday WHERE day = %(today)s AND lost > 0
ON CONFLICT (person_id, day) DO UPDATE SET lost = counted.lost + excluded.lost;
UPDATE insights_followday SET lost = 0 WHERE day = %(today)s;
"""


@dataclass
class Log:
    """What was done, for counters of which no rows are kept. Of days that are the site's."""

    shown: Counter[tuple[int, date, str]] = field(default_factory=Counter)  # note, day, source
    opened: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    hours: Counter[tuple[int, date, int]] = field(default_factory=Counter)
    visits: Counter[tuple[int, date]] = field(default_factory=Counter)  # of notes
    profile_visits: Counter[tuple[int, date]] = field(default_factory=Counter)  # of people
    won: Counter[tuple[int, date]] = field(default_factory=Counter)  # of people
    lost: Counter[tuple[int, date]] = field(default_factory=Counter)
    won_by: Counter[tuple[int, date]] = field(default_factory=Counter)  # of notes
    readers: dict[tuple[int, int], tuple[date, str]] = field(default_factory=dict)
    answered: set[tuple[int, int]] = field(default_factory=set)  # note, person


class Year(World):
    def play(self) -> Log:
        self.build()
        self.log = Log()
        self._tell_planner()
        openings = list(self._openings())
        answers = self._answers(openings)
        self._answer(*[kind[::2] for kind in answers])  # from cards, before they are readers
        self._open(openings)
        self._tell_planner()
        self._answer(*[kind[1::2] for kind in answers])
        self._take_back()
        self._moderate_and_delete()
        since = self.today - timedelta(days=DAYS + 2)
        Measured.objects.update(since=since)
        return self.log

    def _tell_planner(self) -> None:
        """What PostgreSQL knows of its tables, as of a site in use."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

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
        ended = list(Follow.objects.order_by("pk").values_list("followed", flat=True))[::10]
        self.log.lost.update((person, self.today - timedelta(days=1)) for person in ended)
        for model in (Like, Collect, Follow):
            gone = list(model.objects.order_by("pk").values_list("pk", flat=True))[::10]
            model.objects.filter(pk__in=gone).delete()
        with connection.cursor() as cursor:
            cursor.execute(LOST_YESTERDAY, {"today": self.today})
        said = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        Comment.objects.filter(pk__in=said[::10]).update(deleted_at=self.now)
        Comment.objects.filter(pk__in=said[1::20]).update(hidden_at=self.now)

    def _moderate_and_delete(self) -> None:
        merge_tag(tag=self.tags[12], into=self.tags[11])
        hide_tag(tag=self.tags[10], is_hidden=True)
        Label.objects.filter(wording=WORDS[-1]).update(hidden_at=self.now)
        one, other = self.people[-10:-8]
        User.objects.filter(pk=one.pk).update(suspended_at=self.now)
        Block.objects.bulk_create(Block(blocker=other, blocked=creator) for creator in self.creators[::2])
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
