"""By which searched words people came to a note: what is recorded, of whom, and for how long."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from leaving.contents import PARTS
from notes.compose.actions import delete_note
from notes.models import Arrival, Note
from notes.models.arrival import ARRIVALS_MAX, WORDS_MAX
from notes.readers import visitors, write_buffer
from notes.readers.arrivals import KEPT_DAYS, forget_old_arrivals, record_arrivals, searched_words
from notes.readers.events import Arrived
from profiles.models import User
from tests.builders import make_note, signed_in

pytestmark = pytest.mark.django_db

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"}


@pytest.fixture(autouse=True)
def empty_buffer() -> None:
    write_buffer.clear()
    visitors._today = visitors._Today(visitors.date.min)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def come(note: Note, person: User | None, words: str, *, host: str = "testserver", **headers: str) -> None:
    referer = f"http://{host}/search/?{urlencode({'q': words, 'kind': 'notes'})}"
    answer = signed_in(person).get(note.get_absolute_url(), headers=BROWSER | {"Referer": referer} | headers)
    assert answer.status_code == 200
    write_buffer.flush()


def arrivals() -> list[tuple[Any, ...]]:
    return list(Arrival.objects.order_by("pk").values_list("note", "person__handle", "words", "day"))


def test_the_words_of_a_search_are_recorded_once_and_folded(note: Note, bob: User) -> None:
    for typed in ("Ｑｕｉｅｔ  Table", "quiet table", " QUIET TABLE "):
        come(note, bob, typed)
    assert arrivals() == [(note.pk, "bob", "quiet table", timezone.localdate())]


def test_only_people_who_are_readers_are_recorded(note: Note, alice: User, mona: User) -> None:
    for viewer in (None, alice, mona):
        come(note, viewer, "desk")
    assert arrivals() == []


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}])
def test_what_no_person_reads_is_not_recorded(note: Note, bob: User, headers: dict[str, str]) -> None:
    come(note, bob, "desk", **headers)
    assert arrivals() == []


def test_other_sites_and_pages_say_nothing(note: Note, bob: User) -> None:
    come(note, bob, "desk", host="elsewhere.test")
    signed_in(bob).get(
        note.get_absolute_url(), headers=BROWSER | {"Referer": "http://testserver/tags/desk/?q=desk"}
    )
    write_buffer.flush()
    assert arrivals() == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=%E8%87%AA%E4%B9%A0", "自习"),
        ("kind=notes&q=a+b", "a b"),
        ("q=first&q=last", "last"),
        ("q=", ""),
        ("", ""),
        ("q=%00desk", ""),
        ("q=%ED%A0%80", "\ufffd\ufffd\ufffd"),
        ("q=%E3%85%A4", ""),
        (f"q={'a' * (WORDS_MAX + 1)}", ""),
        (f"q={'%EF%B7%BA' * WORDS_MAX}", ""),  # one character that becomes eighteen
        (f"q=e{'%CC%81' * 400}", ""),
        ("&" * 5000, ""),
        ("q=%25_%27%3A*", "%_':*"),
    ],
)
def test_words_of_an_address(query: str, words: str) -> None:
    assert searched_words(query) == words


def test_one_person_is_recorded_by_few_words_for_a_note(note: Note, bob: User, charlie: User) -> None:
    for number in range(ARRIVALS_MAX + 3):
        come(note, bob, f"words {number}")
    come(note, charlie, "words 7")
    assert Arrival.objects.filter(person=bob).count() == ARRIVALS_MAX
    assert Arrival.objects.filter(person=charlie).count() == 1


def test_what_is_gone_meanwhile_is_left_out(note: Note, alice: User, bob: User, charlie: User) -> None:
    other = make_note(alice)
    now = timezone.now()
    User.objects.filter(pk=charlie.pk).update(suspended_at=now)
    lines = [Arrived(where.pk, who.pk, "desk", now) for where in (note, other) for who in (bob, charlie)]
    gone = [Arrived(note.pk, 2**40, "desk", now), Arrived(2**40, bob.pk, "desk", now)]
    delete_note(note=other)
    for _twice in range(2):
        record_arrivals(arrivals=[*lines, *gone, *lines])
    assert arrivals() == [(note.pk, "bob", "desk", timezone.localdate())]


def test_they_go_after_sixteen_weeks(note: Note, bob: User, charlie: User) -> None:
    today = timezone.localdate()
    for person, age in ((bob, KEPT_DAYS), (charlie, KEPT_DAYS - 1)):
        Arrival.objects.create(note=note, person=person, words="desk", day=today - timedelta(days=age))
    forget_old_arrivals()
    forget_old_arrivals()
    assert [row[1] for row in arrivals()] == ["charlie"]


def test_the_archive_has_ones_own(note: Note, bob: User, charlie: User) -> None:
    come(note, bob, "desk")
    come(note, charlie, "lamp")
    (part,) = [part for part in PARTS if part.name == "arrivals"]
    rows = list(part.rows(bob))
    assert rows == [
        {"note": note.pk, "title": note.title, "author": "alice", "words": "desk", "on": timezone.localdate()}
    ]
