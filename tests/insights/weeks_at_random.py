"""Random weeks of a creator: people join, read, leave and turn counting on and off; the creator blocks and unblocks."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import F
from django.utils import timezone

from insights.models import Batch, Table
from notes.models import Note
from people.actions.blocks import block, mute, unblock, unmute
from profiles.models import User
from tests.builders import make_campus, make_note, signed_in
from tests.insights.attack import Closing
from tests.insights.crowd import end_weeks, make_readers

WEEK = timedelta(days=7)
PAGE = "/insights/audience/"


@dataclass
class Script:
    """What happens in each week that others may know of: (what, person). People are numbered as they come; `side` says
    who is in high school, or on the creator's campus.
    """

    weeks: list[list[tuple[str, int]]]
    side: dict[int, bool]
    # The secret: who turns it on or off, by week.
    consents: list[list[tuple[int, bool]]]


def at_random(random: Random, weeks: int, few: int) -> Script:
    script = Script([], {}, [])
    there: list[int] = []
    blocked: set[int] = set()
    muting: set[int] = set()
    willing = random.uniform(0.3, 1)
    young = random.choice([0.2, 0.5, 0.7])
    for _week in range(weeks):
        events: list[tuple[str, int]] = []
        said: list[tuple[int, bool]] = []
        for _new in range(random.choice([0, few, 2 * few, 6 * few])):
            number = len(script.side)
            script.side[number] = random.random() < young
            there.append(number)
            events.append(("join" if random.random() < 0.5 else "come", number))
            if random.random() < willing:
                said.append((number, True))
        for what, share in (("leave", 0.02), ("block", 0.03), ("mute", 0.02)):
            for person in random.sample(there, int(len(there) * share)):
                if what == "leave":
                    there.remove(person)
                    blocked.discard(person)
                    muting.discard(person)
                elif what == "block":
                    blocked ^= {person}
                else:
                    muting ^= {person}
                events.append((what, person))
        said += [(person, random.random() < 0.5) for person in random.sample(there, len(there) // 12)]
        script.weeks.append(events)
        script.consents.append(said)
    return script


@dataclass
class Story:
    """What the creator saw at the end of each week, and what they could know besides."""

    shown: list[tuple[Any, ...]] = field(default_factory=list)
    present: list[tuple[frozenset[int], frozenset[int]]] = field(default_factory=list)
    closed: list[tuple[int, int, int]] = field(default_factory=list)  # week, first, second
    closings: list[Closing] = field(default_factory=list)


class Play:
    """Acts a script out, and keeps by itself who could have been counted."""

    def __init__(self, creator: User, script: Script, table: Table) -> None:
        self.creator, self.script, self.table = creator, script, table
        self.notes: list[Note] = [make_note(creator)]
        self.people: dict[int, User] = {}
        self.age: dict[int, int] = {}
        self.blocked: set[int] = set()
        self.muting: set[int] = set()
        self.sides: dict[bool, dict[str, Any]] = {True: {"stage": "high_school"}, False: {"stage": "college"}}
        if table == Table.CAMPUS:
            own, other = make_campus(), make_campus("Hill College", "Hill")
            User.objects.filter(pk=creator.pk).update(campus=own)
            self.sides = {True: {"campus": own}, False: {"campus": other}}
        self.story = Story()

    def run(self) -> Story:
        for week, (events, consents) in enumerate(zip(self.script.weeks, self.script.consents, strict=True)):
            User.objects.update(date_joined=F("date_joined") - WEEK)
            self.age = {number: age + 1 for number, age in self.age.items()}
            self._join({number: what for what, number in events if what in {"join", "come"}})
            self._leave({number for what, number in events if what == "leave"})
            for what, number in events:
                self._happen(what, number)
            consent = {"shares_stage" if self.table == Table.STAGE else "shares_campus": True}
            for number, is_on in consents:
                if number in self.people:
                    User.objects.filter(pk=self.people[number].pk).update(**dict.fromkeys(consent, is_on))
            self._end(week)
        return self.story

    def _join(self, how: dict[int, str]) -> None:
        """Who joins is new; who comes has been there for long."""
        for is_first in (True, False):
            for what, age in (("join", 0), ("come", 9)):
                some = [n for n in how if self.script.side[n] == is_first and how[n] == what]
                joined = timezone.now() - age * WEEK - timedelta(hours=1)
                made = make_readers(self.notes, len(some), date_joined=joined, **self.sides[is_first])
                self.people |= dict(zip(some, made, strict=True))
                self.age |= dict.fromkeys(some, age)

    def _leave(self, numbers: set[int]) -> None:
        """All of a week at once: each alone takes as many queries. Nothing else happens to them in that week."""
        gone = [self.people.pop(number).pk for number in numbers if number in self.people]
        User.objects.filter(pk__in=gone).delete()

    def _happen(self, what: str, number: int) -> None:
        person = self.people.get(number)
        if person is None:
            return
        if what == "block":
            act = unblock if number in self.blocked else block
            act(blocker=self.creator, blocked=person)
            self.blocked ^= {number}
        elif what == "mute":
            act = unmute if number in self.muting else mute
            act(muter=person, muted=self.creator)
            self.muting ^= {number}

    def _end(self, week: int) -> None:
        could = {
            number
            for number in self.people
            if self.age[number] >= 1 and number not in self.blocked and number not in self.muting
        }
        first = frozenset(number for number in could if self.script.side[number])
        self.story.present.append((first, frozenset(could - first)))
        end_weeks(self.creator)
        self.story.shown.append(shown_to(self.creator))
        closed = Batch.objects.filter(creator=self.creator, table=self.table, first__isnull=False).order_by(
            "pk"
        )
        for batch in closed[len(self.story.closed) :]:
            self.story.closed.append((week, batch.first, batch.second))
            self.story.closings.append(Closing(batch.tenths, *self.story.present[-1]))


def shown_to(creator: User) -> tuple[Any, ...]:
    """All that the page says, without what differs from one answer to the next."""
    page = signed_in(creator).get(PAGE)
    assert page.status_code == 200
    return tuple(
        line
        for line in page.content.decode().splitlines()
        if "csrf" not in line and "nonce" not in line and creator.handle not in line
    )


def other_consents(script: Script, story: Story, chosen: list[Counter[Any]]) -> list[list[tuple[int, bool]]]:
    """Consents by which exactly these people, so many of each crowd, enter each batch: given in the week in which it
    closes.
    """
    consents: list[list[tuple[int, bool]]] = [[] for _week in script.weeks]
    crowds: dict[tuple[str, frozenset[int]], list[int]] = defaultdict(list)
    for side in ("first", "second"):
        for person in sorted(set().union(*(getattr(closing, side) for closing in story.closings))):
            could = frozenset(
                j for j, closing in enumerate(story.closings) if person in getattr(closing, side)
            )
            crowds[side, could].append(person)
    for (week, _first, _second), crowd in zip(story.closed, chosen, strict=True):
        for key, number in crowd.items():
            consents[week] += [(crowds[key].pop(), True) for _ in range(number)]
    return consents
