"""A creator watches every page day by day over HTTP: two histories that must be indistinguishable give the same
answers.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from insights.models import FLOORS, Batch, Entered, Table
from notes.models import Note
from profiles.models import User
from tests.builders import make_campus, make_note, make_person, signed_in
from tests.insights.crowd import end_weeks, make_readers
from tests.matrix.world import essence

pytestmark = pytest.mark.django_db

PRIVACY = "/settings/privacy/"
# What differs from one answer to the next: the names of forms, and the times of day at which a world was made.
PASSING = re.compile(r"\w{8}(-\w{4}){3}-\w{12}|\d\d:\d\d(:\d\d(\.\d+)?)?")
LABELS = ("Calm mornings", "Window seats", "Calm mornings")
NUMBER = 9_000_000  # of rows whose numbers stand on pages: the same in both worlds
OWN = 5  # accounts of the creator's own on each side: ten


@pytest.fixture(autouse=True)
def smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.actions.audience.randbelow", lambda below: 0)


def pages_of(note: Note) -> list[str]:
    return [
        *("/insights/", "/insights/audience/", "/insights/audience/shares.csv", "/insights/words/"),
        *("/insights/words/words.csv", "/insights/notes/", f"/insights/notes/{note.pk}/", "/insights/label/"),
        *(note.get_absolute_url(), f"/notes/{note.pk}/why/", "/@alice/", "/"),
    ]


class Watcher:
    """The creator with ten accounts of their own: all that they are shown, day by day."""

    def __init__(self, creator: User, sides: Sequence[dict[str, Any]]) -> None:
        self.creator, self.client = creator, signed_in(creator)
        yesterday = timezone.now() - timedelta(days=1)
        self.notes = [
            make_note(creator, f"Day {place}", pk=NUMBER + place, published_at=yesterday)
            for place in range(3)
        ]
        self.own = [
            *make_readers(self.notes, OWN, **sides[0]),
            *make_readers(self.notes, OWN, **sides[1]),
        ]
        self.seen: list[Any] = []

    def look(self) -> list[Any]:
        self.client.get("/about/")  # which takes what was said of the last thing done
        found = [PASSING.sub("…", essence(self.client.get(page))[0]) for page in pages_of(self.notes[0])]
        self.seen.append(found)
        return found

    def days(self, readers: Sequence[User], labels: Sequence[str] = LABELS) -> None:
        """A week: change the label and back; block readers and unblock them again, with a look after each."""
        self.look()
        for label in labels:
            form = {"label": label, "topics": "tea", "audience": "college"}
            assert self.client.post("/settings/label/", form).status_code == 303
            self.look()
        for reader in readers:
            before = self.look()
            assert self.client.post(f"/@{reader.handle}/block/").status_code == 303
            self.look()
            assert self.client.post(f"/@{reader.handle}/block/delete/").status_code == 303
            after = self.look()
            assert after == before

    def say(self, people: Sequence[User], consent: str, *, is_on: bool) -> None:
        for each in people:
            answer = signed_in(each).post(PRIVACY, {consent: "on"} if is_on else {})
            assert answer.status_code == 303


def sides_of(creator: User, table: Table) -> list[dict[str, Any]]:
    if table == Table.STAGE:
        return [{"stage": "high_school"}, {"stage": "college"}]
    User.objects.filter(pk=creator.pk).update(campus=make_campus(), stage="college")
    creator.refresh_from_db()
    return [{"campus": creator.campus}, {"campus": make_campus("Hill College", "Hill")}]


def months(
    table: Table, consenting: tuple[int, int], *, blocks: bool, in_turn: bool = False
) -> tuple[list[Any], list[Any]]:
    """Watch for three weeks a world in which so many others of each side have it counted; return all that was shown,
    and the batches. A reader of each side is blocked every week and the label changes three times; `in_turn`, one
    of one side, and it changes once. The world is gone afterwards.
    """
    with transaction.atomic():
        creator = make_person("alice", pk=NUMBER, name="Alice An", takes_words=True)
        sides, floor = sides_of(creator, table), FLOORS[table][0]
        consent = f"shares_{table.value}"
        watcher = Watcher(creator, sides)
        others = [make_readers(watcher.notes, 3 * floor, **side) for side in sides]
        watched = [side[0] for side in others] if blocks else []
        weeks = [watched[:1], watched[1:], watched[:1]] if in_turn else [watched] * 3
        labels = [LABELS[:1], LABELS[1:2], LABELS[2:]] if in_turn else [LABELS] * 3
        watcher.say(watcher.own, consent, is_on=True)
        watcher.days(weeks[0], labels[0])
        end_weeks(creator)
        watcher.say(watcher.own[::2], consent, is_on=False)
        for side, number in zip(others, consenting, strict=True):
            User.objects.filter(pk__in=[each.pk for each in side[:number]]).update(**{consent: True})
        watcher.days(weeks[1], labels[1])
        end_weeks(creator)
        watcher.look()
        watcher.say(watcher.own, consent, is_on=True)
        for side in others:  # some withdraw, others say so for the first time
            User.objects.filter(pk__in=[each.pk for each in side[:2]]).update(**{consent: False})
        watcher.days(weeks[2], labels[2])
        end_weeks(creator)
        watcher.look()
        closed = Batch.objects.filter(table=table, first__isnull=False).order_by("pk")
        batches = list(closed.values_list("first", "second", "tenths"))
        assert Entered.objects.count() == sum(first + second for first, second, _tenths in batches)
        transaction.set_rollback(True)
    names = {
        each.handle: f"reader {place}" for place, each in enumerate([*watcher.own, *others[0], *others[1]])
    }
    return [[without(names, page) for page in found] for found in watcher.seen], batches


def without(names: dict[str, str], text: str) -> str:
    for handle in sorted(names, key=len, reverse=True):
        text = text.replace(handle, names[handle])
    # Topics and labels of both worlds are numbered in one row, and a page is longer by a digit of theirs.
    return re.sub(r"\bt\d+\b|(?<=label=)\d+|(?<='Content-Length', ')\d+", "its", text)


def differing(some: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
    """Where two looks at all pages differ: the text around the first difference of each page."""
    found = []
    for one, other in zip(some, others, strict=True):
        place = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
        if one != other:
            found.append((one[max(0, place - 80) : place + 80], other[max(0, place - 80) : place + 80]))
    return found


@pytest.mark.parametrize(
    ("table", "in_turn"),
    [(Table.CAMPUS, True), *(pytest.param(table, False, marks=pytest.mark.long) for table in Table)],
)
def test_who_watches_daily_sees_no_difference_of_the_floor(table: Table, in_turn: bool) -> None:
    """Least and most of the others have it counted, by the floor apart on both sides; own accounts turn it on, off and
    on again, the label changes, readers are blocked and unblocked: all pages are the same to the last byte.
    """
    floor = FLOORS[table][0]
    few, batches = months(table, (floor, floor), blocks=True, in_turn=in_turn)
    many, others = months(table, (2 * floor, 2 * floor), blocks=True, in_turn=in_turn)
    assert len(batches) == len(others) == 1
    assert min(others[0][side] - batches[0][side] for side in (0, 1)) >= floor
    assert [differing(*both) for both in zip(few, many, strict=True)] == [[]] * len(few)


@pytest.mark.long
@pytest.mark.parametrize("table", Table)
def test_blocking_readers_moves_no_share(table: Table) -> None:
    floor = FLOORS[table][0]
    many, others = months(table, (2 * floor, 2 * floor), blocks=True)
    calm, same = months(table, (2 * floor, 2 * floor), blocks=False)
    assert same == others
    assert [differing(many[place], calm[place]) for place in (0, -1)] == [[], []]
