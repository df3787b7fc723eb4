"""Openings of a note, counted once and by day and source: recorded after the response, and for readers only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from notes.compose.actions import delete_note
from notes.models import Note, NoteDay, NoteReader, Source
from notes.reactions.actions import like
from notes.readers import openings, visitors, write_buffer
from notes.readers.actions import Opening, record_openings
from profiles.models import Block, User
from tests.builders import make_comment, make_draft, make_note, make_person, signed_in

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"}


@pytest.fixture(autouse=True)
def empty_ledger() -> None:
    write_buffer.clear()
    visitors._today = visitors._Today(visitors.date.min)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def open_(note: Note, by: Client | User | None, status: int = 200, **headers: str) -> None:
    """Opens its page, a person from a browser of their own, and has what was put down written."""
    browser = by if isinstance(by, Client) else signed_in(by)
    response = browser.get(note.get_absolute_url(), headers={**BROWSER, **headers})
    assert response.status_code == status
    assert not response.has_header("ETag"), "A page that answers 304 would be read and not counted."
    assert not response.has_header("Last-Modified")
    write_buffer.flush()


def readers(note: Note) -> list[str]:
    return list(NoteReader.objects.filter(note=note).order_by("pk").values_list("person__handle", flat=True))


def days(note: Note) -> list[tuple[str, int, int, int]]:
    rows = (
        NoteDay.objects.filter(note=note).exclude(new_readers=0, new_engaged=0, visits=0).order_by("source")
    )
    return list(rows.values_list("source", "new_readers", "new_engaged", "visits"))


def test_a_reader_is_one_row_of_the_first_time(note: Note, bob: User) -> None:
    for came_from in ("http://testserver/following/", "http://testserver/"):
        open_(note, bob, Referer=came_from)
    reader = NoteReader.objects.get()
    assert (reader.note, reader.person, reader.source) == (note, bob, Source.FOLLOWING)
    assert (reader.first_seen_day, reader.engaged_day) == (timezone.localdate(), None)
    assert days(note) == [("following", 1, 0, 0)]


def test_answering_a_page_writes_nothing(note: Note, bob: User) -> None:
    signed_in(bob).get(note.get_absolute_url())
    assert not NoteReader.objects.exists()
    write_buffer.flush()
    assert readers(note) == ["bob"]


def test_who_is_no_reader(note: Note, alice: User, mona: User, bob: User) -> None:
    for nobody in (alice, mona):
        open_(note, nobody)
    record_openings(openings=[_opening(note, mona)])
    User.objects.filter(pk=bob.pk).update(suspended_at=timezone.now())
    record_openings(openings=[_opening(note, bob)])
    assert readers(note) == []
    assert not NoteDay.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    ],
    ids=str,
)
def test_what_is_no_reading(note: Note, bob: User, headers: dict[str, str]) -> None:
    for nobody in (bob, None):
        open_(note, nobody, **headers)
    assert not NoteReader.objects.exists()
    assert not NoteDay.objects.exists()


def test_what_answers_no_page(note: Note, alice: User, bob: User, charlie: User) -> None:
    signed_in(bob).head(note.get_absolute_url())
    signed_in(bob).post(f"{note.get_absolute_url()}comments/", {"body": ""})
    open_(make_draft(alice), bob, 404)
    Block.objects.create(blocker=alice, blocked=charlie)
    open_(note, charlie, 404)
    assert not NoteReader.objects.exists()


@pytest.mark.parametrize(
    ("agent", "is_program"),
    [
        (BROWSER["User-Agent"], False),
        (
            "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            False,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) MicroMessenger/8.0.50 Language/zh_CN",
            False,
        ),
        ("", False),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", True),
        ("Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)", True),
        ("facebookexternalhit/1.1", True),
        ("curl/8.5.0", True),
    ],
)
def test_programs_that_say_so(agent: str, is_program: bool) -> None:
    assert openings.is_program(agent) == is_program


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("", "explore"),
        ("following/", "following"),
        ("tags/tea/", "tag"),
        ("labels/tea-person/", "label"),
        ("campuses/linhai/", "campus"),
        ("@alice/", "profile"),
        ("@bob/collections/", "saved"),
        ("@alice/followers/", "elsewhere"),
        ("search/", "search"),
        ("notes/8/", "note"),
        ("notes/7/", "elsewhere"),
        ("notes/7/edit/", "elsewhere"),
        ("notes/new/", "elsewhere"),
        ("accounts/login/", "elsewhere"),
    ],
)
def test_where_a_link_stood(path: str, source: str) -> None:
    assert openings.source_of(path, 7) == source


@pytest.mark.parametrize(
    ("referer", "source"),
    [
        ("http://testserver/?sort=latest", "explore"),
        ("http://testserver/search/?q=a/b", "search"),
        ("https://elsewhere.test/following/", "elsewhere"),
        ("http://testserver.test/", "elsewhere"),
        ("//testserver/", "elsewhere"),
        ("nonsense", "elsewhere"),
        ("", "elsewhere"),
    ],
)
def test_only_our_own_pages_are_told_apart(note: Note, bob: User, referer: str, source: str) -> None:
    open_(note, bob, Referer=referer)
    assert NoteReader.objects.get().source == source


def test_days_are_those_of_the_site(note: Note, bob: User, charlie: User) -> None:
    """In Shanghai a day begins at 16:00 UTC."""
    before, after = datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    record_openings(openings=[_opening(note, bob, before), _opening(note, charlie, after)])
    seen = NoteReader.objects.order_by("first_seen_day").values_list("first_seen_day", flat=True)
    assert [str(day) for day in seen] == ["2026-03-01", "2026-03-02"]
    assert [timezone.localdate(at) for at in (before, after)] == list(seen), "as pages say it"


def test_the_first_of_several_openings_counts(note: Note, bob: User) -> None:
    now = timezone.now()
    record_openings(
        openings=[_opening(note, bob, now, "tag"), _opening(note, bob, now - timedelta(days=3), "search")]
    )
    reader = NoteReader.objects.get()
    assert (reader.source, reader.first_seen_day) == ("search", timezone.localdate(now - timedelta(days=3)))


def test_what_is_gone_meanwhile_does_not_hold_up_the_rest(
    note: Note, alice: User, bob: User, charlie: User
) -> None:
    gone = make_note(alice)
    for reader in (bob, charlie, None):
        for opened in (gone, note):
            signed_in(reader).get(opened.get_absolute_url())
    delete_note(note=gone)
    charlie.delete()
    write_buffer.flush()
    assert readers(note) == ["bob"]
    assert days(note) == [("elsewhere", 1, 0, 1)]
    assert not write_buffer.waiting(Opening)


def test_who_has_answered_from_a_card_is_engaged_when_they_open_the_note(
    note: Note, bob: User, charlie: User
) -> None:
    like(person=bob, note=note)
    make_comment(charlie, note)
    assert not NoteReader.objects.exists(), "Who has seen a card has not read the note."
    for reader in (bob, charlie, make_person()):
        open_(note, reader)
    assert days(note) == [("elsewhere", 3, 2, 0)]


def test_visitors_get_no_cookie_and_count_once_a_day_each(
    note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Client()
    for browser in (visitor, visitor, Client()):
        open_(note, browser)
    assert set(visitor.cookies) == {"csrftoken"}, "What protects the forms of every page, and no other."
    open_(note, None, **{"User-Agent": "Mozilla/5.0 (another)"})
    open_(note, Client(REMOTE_ADDR="192.0.2.7"), Referer="http://testserver/")
    assert days(note) == [("elsewhere", 0, 0, 2), ("explore", 0, 0, 1)]
    monkeypatch.setattr(visitors, "site_day", lambda: timezone.now().date() + timedelta(days=2))
    key = visitors._today.key
    visitors.forget_yesterday()
    assert (visitors._today.key != key, visitors._today.seen) == (True, {}), "Yesterday's is thrown away."
    open_(note, visitor)
    assert days(note) == [("elsewhere", 0, 0, 3), ("explore", 0, 0, 1)]


def test_what_is_remembered_of_visitors_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MOST", 3)
    assert [visitors.is_first_visit(f"192.0.2.{last}", "", 1) for last in (1, 2, 3, 4, 4, 1)] == [
        *(True, True, True, True, False),
        True,  # the oldest is forgotten
    ]
    assert len(visitors._today.seen) == 3


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.9"), (2, "192.0.2.8"), (3, "192.0.2.8")]
)
def test_behind_proxies(settings: Any, rf: Any, proxies: int, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    asked = rf.get("/", headers={"X-Forwarded-For": "192.0.2.8, 192.0.2.9"})
    assert openings._address(asked) == address


def test_while_the_database_is_away_lines_wait_up_to_a_bound(
    note: Note, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_lines: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(write_buffer._queues[Opening], "write", away)
        patch.setattr(write_buffer, "MOST", 2)
        for reader in (bob, None, charlie):
            open_(note, reader)
        write_buffer.flush()
        assert len(write_buffer.waiting(Opening)) == 2
    assert len(caplog.records) == 1
    write_buffer.flush()
    assert readers(note) == ["bob"]
    assert not write_buffer.waiting(Opening)


def test_lines_that_cannot_be_written_are_told_and_do_not_stay(
    note: Note, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    write_buffer.put(Opening(note.pk, bob.pk, timezone.now(), "a source that is too long for its column"))
    write_buffer.flush()
    assert "could not be written" in caplog.text
    assert not write_buffer.waiting(Opening)
    open_(note, bob)
    assert readers(note) == ["bob"]


def _opening(note: Note, person: User, at: datetime | None = None, source: str = Source.EXPLORE) -> Opening:
    return Opening(note.pk, person.pk, at or timezone.now(), source)
