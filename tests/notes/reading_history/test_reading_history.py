"""Reading histories: what enters them, what they show and hide, clearing, switching off, and how long they last."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import PAGE_SIZE, keyset
from notes.compose.actions import delete_note
from notes.models import HistoryEntry, Note, NoteReader, ReadingHistory
from notes.moderation import hide_note
from notes.readers import visitors, write_buffer
from notes.readers.events import Opened
from notes.reading_history import actions
from people.actions.blocks import block, mute
from profiles.models import Follow, User
from tests.builders import make_label, make_note, make_person, make_photo, signed_in
from tests.markup import words

pytestmark = pytest.mark.django_db

PAGE = "/history/"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"}


@pytest.fixture(autouse=True)
def empty_buffer() -> None:
    write_buffer.clear()
    visitors._today = visitors._Today(visitors.date.min)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, "A desk by the window")


@pytest.fixture
def client(bob: User) -> Client:
    return signed_in(bob)


def read(client: Client, note: Note, **headers: str) -> None:
    assert client.get(note.get_absolute_url(), headers=BROWSER | headers).status_code == 200


def entry(person: User, note: Note, opened_at: datetime | None = None) -> HistoryEntry:
    return HistoryEntry.objects.create(note=note, person=person, opened_at=opened_at or timezone.now())


def titles(client: Client, address: str = PAGE) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return [each.note.title for _day, entries in page.context["history"].days for each in entries]


def test_a_note_that_was_opened_is_in_it_once_with_the_last_time(
    note: Note, client: Client, bob: User
) -> None:
    entry(bob, note, timezone.now() - timedelta(days=3))
    read(client, note)
    read(client, note)
    assert "Today" not in words(client.get(PAGE)), "no request writes; the buffer does"
    write_buffer.flush()
    assert titles(client) == ["A desk by the window"]
    assert "Today" in words(client.get(PAGE))
    assert HistoryEntry.objects.count() == 1


def test_own_notes_visitors_bots_and_what_is_loaded_ahead_are_not_in_it(note: Note, client: Client) -> None:
    read(signed_in(note.author), note)
    read(Client(), note)
    read(client, note, **{"Sec-Purpose": "prefetch"})
    read(client, note, **{"User-Agent": "Googlebot/2.1"})
    write_buffer.flush()
    assert not HistoryEntry.objects.exists()


def test_moderators_have_a_history_but_not_of_what_they_judge(note: Note, mona: User) -> None:
    hidden = make_note(note.author, "Hidden")
    hide_note(note=hidden, by=None, reason="")
    browser = signed_in(mona)
    read(browser, note)
    read(browser, hidden)
    write_buffer.flush()
    assert titles(browser) == ["A desk by the window"]
    assert not NoteReader.objects.exists()


def test_it_is_of_oneself_alone(note: Note, client: Client, bob: User, charlie: User) -> None:
    entry(bob, note)
    assert titles(signed_in(charlie)) == []
    assert titles(client) == ["A desk by the window"]
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")
    signed_in(charlie).post(f"{PAGE}{note.pk}/delete/")
    signed_in(charlie).post(f"{PAGE}delete/")
    assert titles(client) == ["A desk by the window"]


@pytest.mark.parametrize(
    "close",
    [
        lambda note, reader: Note.objects.filter(pk=note.pk).update(visibility="private"),
        lambda note, reader: Note.objects.filter(pk=note.pk).update(visibility="followers"),
        lambda note, reader: Note.objects.filter(pk=note.pk).update(status="draft"),
        lambda note, reader: hide_note(note=note, by=None, reason=""),
        lambda note, reader: delete_note(note=note),
        lambda note, reader: block(blocker=note.author, blocked=reader),
        lambda note, reader: block(blocker=reader, blocked=note.author),
        lambda note, reader: User.objects.filter(pk=note.author_id).update(suspended_at=timezone.now()),
        lambda note, reader: User.objects.filter(pk=note.author_id).update(approves_followers=True),
    ],
)
def test_what_can_no_longer_be_opened_is_gone_with_its_title(
    close: object, note: Note, charlie: User
) -> None:
    entry(charlie, note)
    close(note, charlie)  # type: ignore[operator]
    page = signed_in(charlie).get(PAGE).text
    assert note.title not in page
    assert f"/notes/{note.pk}/" not in page
    assert "Alice" not in page
    assert "Nothing here yet" in page


def test_muted_people_and_followers_notes_stay(note: Note, client: Client, bob: User) -> None:
    assert Follow.objects.filter(follower=bob, followed=note.author).exists()
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    entry(bob, note)
    mute(muter=bob, muted=note.author)
    assert titles(client) == ["A desk by the window"]


def test_a_note_is_taken_out_and_put_back(note: Note, client: Client, bob: User) -> None:
    entry(bob, note)
    for _twice in range(2):
        answer = client.post(f"{PAGE}{note.pk}/delete/", headers={"Referer": "http://testserver/history/"})
        assert (answer.status_code, answer["Location"]) == (303, "/history/")
    page = client.get(PAGE)
    assert "Removed from your history" in page.text
    assert "data-undo" in page.text
    assert titles(client) == []
    for _twice in range(2):
        assert client.post(f"{PAGE}{note.pk}/").status_code == 303
    assert titles(client) == ["A desk by the window"]


def test_a_note_that_is_nowhere_is_answered_alike(note: Note, client: Client) -> None:
    for pk in (note.pk, 987654321):
        answer = client.post(f"{PAGE}{pk}/delete/")
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
        assert client.post(f"{PAGE}{pk}/").status_code == 303
    assert not HistoryEntry.objects.exists()
    assert "Removed" not in words(client.get(PAGE))
    assert client.get(f"{PAGE}{note.pk}/delete/").status_code == 405


def test_what_was_opened_before_it_was_taken_out_does_not_bring_it_back(
    note: Note, client: Client, bob: User
) -> None:
    entry(bob, note)
    before = timezone.now()
    client.post(f"{PAGE}{note.pk}/delete/")
    actions.record_entries(opened=[Opened(note.pk, bob.pk, before)])
    assert titles(client) == []
    read(client, note)
    write_buffer.flush()
    assert titles(client) == ["A desk by the window"]


def test_clearing_asks_first_and_takes_all(note: Note, client: Client, bob: User) -> None:
    read(client, note)
    write_buffer.flush()
    read(client, note)  # still in the buffer when all is cleared
    assert "do not change" in words(client.get(f"{PAGE}delete/"))
    assert titles(client) == ["A desk by the window"]
    for _twice in range(2):
        answer = client.post(f"{PAGE}delete/")
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    write_buffer.flush()
    assert titles(client) == []
    assert not HistoryEntry.objects.exists()
    assert NoteReader.objects.filter(note=note, person=bob).exists(), "what the author counts stays"
    read(client, note)
    write_buffer.flush()
    assert titles(client) == ["A desk by the window"]


def test_off_adds_nothing_and_keeps_what_is_there(note: Note, client: Client, bob: User) -> None:
    other = make_note(note.author, "Another desk")
    entry(bob, note)
    for _twice in range(2):
        assert client.post(f"{PAGE}keeping/delete/")["Location"] == PAGE
    read(client, other)
    write_buffer.flush()
    assert titles(client) == ["A desk by the window"]
    assert "History is off" in words(client.get(PAGE))
    assert NoteReader.objects.filter(note=other, person=bob).exists()
    for _twice in range(2):
        assert client.post(f"{PAGE}keeping/")["Location"] == PAGE
    read(client, other)
    write_buffer.flush()
    assert titles(client) == ["Another desk", "A desk by the window"]


def test_what_was_opened_while_it_was_off_stays_out_however_late_it_is_written(
    note: Note, client: Client, bob: User
) -> None:
    actions.keep_history(person=bob, is_kept=False)
    read(client, note)
    actions.keep_history(person=bob, is_kept=True)
    write_buffer.flush()
    assert titles(client) == []
    read(client, note)
    actions.keep_history(person=bob, is_kept=True)  # it is on: nothing is lost
    write_buffer.flush()
    assert titles(client) == ["A desk by the window"]


def test_a_card_is_fetched_only_of_what_may_still_be_opened(
    note: Note, client: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(bob, note)

    def closed_meanwhile(*asked: Any) -> Any:
        page = keyset(*asked)
        Note.objects.filter(pk=note.pk).update(visibility="private")
        return page

    monkeypatch.setattr("notes.reading_history.queries.keyset", closed_meanwhile)
    assert titles(client) == []


def test_days_are_those_of_ones_own_clock(client: Client, bob: User, alice: User) -> None:
    User.objects.filter(pk=bob.pk).update(time_zone="America/New_York")
    at = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)  # the evening before in New York
    entry(bob, make_note(alice, "Late"), at)
    entry(bob, make_note(alice, "Later"), at + timedelta(hours=2))
    days = client.get(PAGE).context["history"].days
    assert [day.isoformat() for day, _entries in days] == ["2026-03-02", "2026-03-01"]
    assert f"{at.astimezone(ZoneInfo('America/New_York')):%H:%M}" in words(client.get(PAGE))


def test_pages_follow_by_key(client: Client, bob: User, alice: User) -> None:
    now = timezone.now()
    notes = [make_note(alice, f"Number {number}") for number in range(PAGE_SIZE + 3)]
    for number, note in enumerate(notes):
        entry(bob, note, now - timedelta(minutes=number // 3))  # some at the same moment
    first = client.get(PAGE)
    second = titles(client, f"{PAGE}?after={first.context['history'].after}")
    assert sorted(titles(client) + second) == sorted(note.title for note in notes)
    assert len(second) == 3
    assert titles(client, f"{PAGE}?after=nonsense") == titles(client)


def test_as_many_queries_for_any_number(client: Client, bob: User) -> None:
    def asked(number: int) -> int:
        while HistoryEntry.objects.count() < number:
            author = make_person()
            make_label(author, f"Label {author.pk}")
            note = make_note(author, f"Of {author.handle}")
            note.cover = make_photo(author, note=note)
            note.save()
            entry(bob, note)
        client.get(PAGE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(titles(client)) == number
        return len(queries)

    assert asked(1) == asked(3) == asked(24) <= 6


def test_the_night_deletes_what_is_old_too_much_removed_or_cleared(
    note: Note, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ENTRIES_MAX", 3)
    now = timezone.now()
    old = entry(bob, note, now - timedelta(days=actions.KEPT_DAYS, hours=1))
    notes = [make_note(note.author) for _number in range(5)]
    kept = [entry(bob, each, now - timedelta(hours=number)) for number, each in enumerate(notes)]
    removed = entry(charlie, note)
    HistoryEntry.objects.filter(pk=removed.pk).update(removed_at=now - timedelta(hours=2))
    just = entry(charlie, notes[0])
    HistoryEntry.objects.filter(pk=just.pk).update(removed_at=now)
    late = entry(charlie, notes[1], now - timedelta(minutes=5))
    ReadingHistory.objects.create(person=charlie, cleared_at=now)
    assert {late.pk, old.pk} <= set(HistoryEntry.objects.values_list("pk", flat=True))
    for _twice in range(2):
        actions.forget_old_entries()
        left = set(HistoryEntry.objects.values_list("pk", flat=True))
        assert left == {each.pk for each in kept[:3]} | ({just.pk} if just.opened_at > now else set())


def test_notes_and_people_that_are_gone_meanwhile(note: Note, bob: User, charlie: User) -> None:
    User.objects.filter(pk=charlie.pk).update(suspended_at=timezone.now())
    now = timezone.now()
    opened = [
        Opened(note.pk, 987654321, now),
        Opened(987654321, bob.pk, now),
        Opened(note.pk, charlie.pk, now),
    ]
    actions.record_entries(opened=[*opened, Opened(note.pk, bob.pk, now)])
    assert list(HistoryEntry.objects.values_list("person", flat=True)) == [bob.pk]


def test_it_is_found_from_the_profile_and_the_settings(client: Client, bob: User) -> None:
    for page in (bob.get_absolute_url(), "/settings/profile/"):
        assert 'href="/history/"' in client.get(page).text
    assert 'href="/history/"' not in signed_in(make_person()).get(bob.get_absolute_url()).text
