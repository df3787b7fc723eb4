"""How often a card is shown and opened: which viewers count, from which page, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insights.actions.recording import forget_marks, record_looks, record_showings
from insights.models import Mark, NoteHour
from notes.compose.actions import delete_note
from notes.models import Note, NoteDay
from notes.readers import visitors, write_buffer
from notes.readers.events import Look, Showing
from profiles.models import User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_ledger() -> None:
    write_buffer.clear()
    visitors._today = visitors._Today(visitors.date.min)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, tags=["tea"], campus=make_campus())


def get(path: str, by: Client | User | None, **headers: str) -> Any:
    browser = by if isinstance(by, Client) else signed_in(by)
    response = browser.get(path, headers={**BROWSER, **headers})
    write_buffer.flush()
    return response


def counted(note: Note, what: str = "shown") -> dict[str, int]:
    rows = NoteDay.objects.filter(note=note, **{f"{what}__gt": 0})
    return dict(rows.values_list("source", what))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/?sort=latest", "explore"),
        ("/?channel=tea", "explore"),
        ("/following/", "following"),
        ("/tags/tea/", "tag"),
        ("/labels/tea-person/", "label"),
        ("/campuses/linhai-university/", "campus"),
        ("/@alice/", "profile"),
    ],
)
def test_each_page_counts_for_its_source(note: Note, alice: User, bob: User, path: str, source: str) -> None:
    make_label(alice, "Tea person", topics=["tea"])
    for viewer in (bob, None) if source != "following" else (bob, bob):
        get(path, viewer)
    assert counted(note) == {source: 2}


def test_notes_below_another_count_as_shown_there(note: Note, alice: User, bob: User) -> None:
    other, related = make_note(alice), make_note(bob, tags=["tea"])
    get(note.get_absolute_url(), make_person())
    assert (counted(other), counted(related), counted(note)) == ({"note": 1}, {"note": 1}, {})


def test_who_and_what_is_not_counted(note: Note, alice: User, mona: User, bob: User) -> None:
    for nobody in (alice, mona):
        get("/?sort=latest", nobody)
    for headers in (
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
    ):
        for viewer in (bob, None):
            get("/?sort=latest", viewer, **headers)
    signed_in(bob).head("/?sort=latest")
    get(note.get_absolute_url(), bob, **{"HX-Request": "true"})
    write_buffer.flush()
    assert not NoteDay.objects.filter(shown__gt=0).exists()


def test_what_scrolling_appends_counts_once_more_for_what_it_appends(alice: User, bob: User) -> None:
    now = timezone.now()
    notes = [make_note(alice, published_at=now - timedelta(minutes=number)) for number in range(30)]
    client = signed_in(bob)
    first = get("/?sort=latest", client)
    more = get("/" + first.context["more_url"], client, **{"HX-Request": "true"})
    assert more.status_code == 200
    assert [sum(counted(note).values()) for note in notes] == [1] * 30


def test_a_viewer_opens_a_note_once_a_day_and_source(note: Note, bob: User, charlie: User) -> None:
    from_explore, from_tag = {"Referer": "http://testserver/"}, {"Referer": "http://testserver/tags/tea/"}
    visitor = Client()
    for viewer in (bob, bob, charlie, visitor, visitor):
        for headers in (from_explore, from_tag, from_explore):
            get(note.get_absolute_url(), viewer, **headers)
    assert counted(note, "opened") == {"explore": 3, "tag": 3}
    assert sum(NoteHour.objects.filter(note=note).values_list("opened", flat=True)) == 6


def test_a_second_process_knows_of_the_first_but_not_of_visitors(note: Note, bob: User) -> None:
    look = Look(note.pk, bob.pk, timezone.now(), "explore")
    for _process in range(2):
        record_looks(looks=[look, look._replace(person=None)])
    assert counted(note, "opened") == {"explore": 3}
    assert Mark.objects.count() == 1
    tomorrow = look._replace(at=look.at + timedelta(days=1))
    record_looks(looks=[tomorrow, tomorrow])
    assert sum(NoteDay.objects.values_list("opened", flat=True)) == 4


def test_marks_go_when_the_day_is_over(note: Note, bob: User) -> None:
    now = timezone.now()
    for days in (0, 1, 2, 3):
        record_looks(looks=[Look(note.pk, bob.pk, now - timedelta(days=days), "explore")])
    forget_marks()
    kept = set(Mark.objects.values_list("day", flat=True))
    assert kept == {timezone.localdate(now), timezone.localdate(now - timedelta(days=1))}


def test_hours_and_days_are_those_of_the_site(note: Note) -> None:
    """In Shanghai a day begins at 16:00 UTC."""
    for at in (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)):
        record_looks(looks=[Look(note.pk, None, at, "explore")])
        record_showings(showings=[Showing((note.pk,), at, "explore")])
    hours = NoteHour.objects.order_by("day").values_list("day", "hour", "opened")
    assert [(str(day), hour, number) for day, hour, number in hours] == [
        ("2026-03-01", 23, 1),
        ("2026-03-02", 0, 1),
    ]
    days = NoteDay.objects.order_by("day").values_list("day", "shown", "opened")
    assert [(str(day), *numbers) for day, *numbers in days] == [("2026-03-01", 1, 1), ("2026-03-02", 1, 1)]


def test_notes_that_are_gone_meanwhile_are_passed_over(note: Note, alice: User, bob: User) -> None:
    gone = make_note(alice)
    client = signed_in(bob)
    client.get("/?sort=latest", headers=BROWSER)
    for each in (gone, note):
        client.get(each.get_absolute_url(), headers=BROWSER)
    delete_note(note=gone)
    write_buffer.flush()
    assert counted(note)["explore"] == 1
    assert counted(note, "opened") == {"elsewhere": 1}
    assert not write_buffer.waiting(Showing)


def test_a_page_asks_the_database_nothing_for_it(note: Note, bob: User) -> None:
    client = signed_in(bob)
    client.get("/?sort=latest", headers=BROWSER)
    with CaptureQueriesContext(connection) as counted_page:
        client.get("/?sort=latest", headers=BROWSER)
    with CaptureQueriesContext(connection) as ahead:
        client.get("/?sort=latest", headers=BROWSER | {"Purpose": "prefetch"})
    assert len(counted_page) == len(ahead)
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in counted_page)


def test_figures_go_with_the_note(note: Note, bob: User) -> None:
    get("/?sort=latest", bob)
    get(note.get_absolute_url(), bob)
    assert NoteHour.objects.exists()
    delete_note(note=note)
    assert not NoteDay.objects.exists()
    assert not NoteHour.objects.exists()
