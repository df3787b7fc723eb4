"""The searched words that a creator sees: from ten people on, decided every week, and never a number of people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from insights.actions import found_by
from insights.floors import ARRIVED_MIN, ROOM_MIN
from insights.models import FoundBy
from leaving.contents import PARTS
from notes.compose.actions import delete_note
from notes.models import Arrival, Note
from people.actions.blocks import block
from profiles.models import User
from tests.builders import make_label, make_note, signed_in
from tests.insights.crowd import end_weeks, make_readers
from tests.insights.full_mirror import fill_mirror
from tests.insights.shown_files import csv_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No words wait for another week."""
    monkeypatch.setattr(found_by, "randbelow", lambda _number: 1)


def arrive(note: Note, people: Sequence[User], words: str = "自习") -> None:
    day = timezone.localdate()
    Arrival.objects.bulk_create(Arrival(note=note, person=each, words=words, day=day) for each in people)


def shown(creator: User, note: Note | None = None) -> list[str]:
    return list(FoundBy.objects.filter(creator=creator, note=note).values_list("words", flat=True))


def test_words_show_from_ten_people_on(alice: User, note: Note, at_once: None) -> None:
    readers = make_readers([note], ROOM_MIN)
    arrive(note, readers[: ARRIVED_MIN - 1])
    arrive(note, readers[:ARRIVED_MIN], "图书馆")
    end_weeks(alice)
    assert shown(alice, note) == shown(alice) == ["图书馆"]
    arrive(note, readers[ARRIVED_MIN - 1 : ARRIVED_MIN])
    assert shown(alice, note) == ["图书馆"], "It waits for the week's end."
    end_weeks(alice)
    assert sorted(shown(alice, note)) == sorted(shown(alice)) == ["图书馆", "自习"]


def test_a_note_with_few_readers_shows_none(alice: User, note: Note, at_once: None) -> None:
    """Its readers are counted on the page: ten of ten would be a number, and each of them."""
    readers = make_readers([note], ROOM_MIN - 1)
    arrive(note, readers)
    end_weeks(alice)
    assert shown(alice, note) == shown(alice) == []
    make_readers([note], 1)
    end_weeks(alice)
    assert shown(alice, note) == ["自习"]


def test_people_are_counted_once_over_all_notes(alice: User, note: Note, at_once: None) -> None:
    other = make_note(alice)
    readers = make_readers([note, other], ROOM_MIN)
    arrive(note, readers[:6])
    arrive(other, readers[:9])
    end_weeks(alice)
    assert shown(alice) == []
    arrive(note, readers[9:10])
    end_weeks(alice)
    assert shown(alice) == ["自习"]
    assert shown(alice, note) == shown(alice, other) == []


def test_who_does_not_count(alice: User, note: Note, at_once: None) -> None:
    people = make_readers([note], ROOM_MIN)
    arrive(note, people[:9])
    arrive(note, make_readers([note], 5, is_counted=False))
    arrive(note, make_readers([note], 5, is_staff=True))
    arrive(note, make_readers([note], 5, suspended_at=timezone.now()))
    end_weeks(alice)
    assert shown(alice) == []


def test_by_lot_words_wait_another_week(alice: User, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    lots = iter([0, 0, 0, 1, 1])
    monkeypatch.setattr(found_by, "randbelow", lambda _number: next(lots))
    arrive(note, make_readers([note], ROOM_MIN))
    end_weeks(alice)  # of the note, and of all notes
    assert shown(alice, note) == shown(alice) == []
    end_weeks(alice)
    assert (shown(alice, note), shown(alice)) == ([], ["自习"])
    end_weeks(alice)
    assert shown(alice, note) == ["自习"]


def test_what_shows_stays_whoever_leaves(alice: User, note: Note, at_once: None) -> None:
    readers = make_readers([note], ROOM_MIN)
    arrive(note, readers)
    end_weeks(alice)
    for reader in readers[:15]:
        reader.delete()
    block(blocker=alice, blocked=readers[15])
    Arrival.objects.filter(person=readers[16]).update(day=timezone.localdate() - timedelta(days=400))
    end_weeks(alice, 3)
    assert shown(alice, note) == shown(alice) == ["自习"]
    delete_note(note=note)
    assert shown(alice) == ["自习"]
    assert FoundBy.objects.count() == 1


def test_a_block_by_the_creator_takes_nobody_out(alice: User, note: Note, at_once: None) -> None:
    """Else a creator could count by blocking readers one by one."""
    readers = make_readers([note], ROOM_MIN)
    arrive(note, readers[:ARRIVED_MIN])
    block(blocker=alice, blocked=readers[0])
    end_weeks(alice)
    assert shown(alice, note) == ["自习"]


def files(browser: Any, note: Note) -> dict[str, str]:
    """Everything that the creator can read about their notes."""
    pages = [f"/insights/{name}" for name in ("", "notes/", f"notes/{note.pk}/", "searches.csv")]
    pages.append(f"/insights/notes/{note.pk}/searches.csv")
    found = {}
    for page in pages:
        for period in ("28d", "all"):
            answer = browser.get(page, {"period": period})
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[f"{page} {period}"] = body.decode()
    return found


@pytest.mark.parametrize(("fewer", "more"), [(0, 9), (10, 18), (10, ROOM_MIN)])
def test_two_numbers_of_people_look_the_same(alice: User, at_once: None, fewer: int, more: int) -> None:
    """Every page and file is the same to the byte for both, of those who came and of a week with one more."""
    fill_mirror(alice)
    note = alice.notes.order_by("pk")[0]
    readers = make_readers([note], ROOM_MIN)
    seen = []
    for number in (fewer, more):
        Arrival.objects.all().delete()
        FoundBy.objects.all().delete()
        arrive(note, readers[:number])
        end_weeks(alice)
        seen.append({page: _without_tokens(text) for page, text in files(signed_in(alice), note).items()})
    assert seen[0] == seen[1]
    assert ("自习" in seen[0]["/insights/ 28d"]) == (fewer >= ARRIVED_MIN)


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line and "nonce" not in line)


def test_pages_and_files(alice: User, bob: User, at_once: None) -> None:
    fill_mirror(alice)
    note = alice.notes.order_by("pk")[0]
    browser = signed_in(alice)
    for page in ("/insights/", f"/insights/notes/{note.pk}/"):
        answer = browser.get(page).content.decode()
        assert "from 10 people on" in answer
        assert "searches.csv" not in answer
    arrive(note, make_readers([note], ROOM_MIN), "<b>宿舍 & Co")
    end_weeks(alice)
    for page, file in (
        ("/insights/", "/insights/searches.csv"),
        (f"/insights/notes/{note.pk}/", f"/insights/notes/{note.pk}/searches.csv"),
    ):
        answer = browser.get(page).content.decode()
        assert "<bdi>&lt;b&gt;宿舍 &amp; Co</bdi>" in answer
        assert file in answer
        assert csv_rows(browser, file) == [["<b>宿舍 & Co"]]
    assert signed_in(bob).get(f"/insights/notes/{note.pk}/searches.csv").status_code == 404


def test_the_archive_has_what_was_shown(alice: User, note: Note) -> None:
    make_label(alice, "Night owl")
    FoundBy.objects.create(creator=alice, note=note, words="desk")
    FoundBy.objects.create(creator=alice, words="desk")
    (part,) = [part for part in PARTS if part.name == "found-by"]
    assert list(part.rows(alice)) == [{"note": note.pk, "words": "desk"}, {"note": None, "words": "desk"}]
