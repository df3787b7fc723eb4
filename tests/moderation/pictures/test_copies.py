"""The same by several accounts within an hour: one case for all of them, and nothing is hidden."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from moderation.decisions.actions import decide
from moderation.models import Case, Decision, Finding, RecentWords, Step
from moderation.pictures.copies import digest_of, find_copies, forget_recent_words
from notes.models import Note
from profiles.models import User
from tests.builders import make_note, make_person
from tests.moderation.builders import make_rules
from tests.moderation.pictures.scenes import note_with
from tests.races import at_once

pytestmark = pytest.mark.django_db
WORDS = "Cheap tickets for every concert this winter, write to me before they are gone."


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, db: None) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_rules()


def said(author: User, body: str = WORDS, **fields: Any) -> Note:
    note = make_note(author, "Tickets", body=body, **fields)
    find_copies(note=note)
    return note


def test_three_accounts_make_one_case() -> None:
    first, second = said(make_person()), said(make_person())
    assert not Case.objects.exists()
    third = said(make_person(), f"  {WORDS.upper()} !!")
    case = Case.objects.get()
    assert (case.note, case.severity, case.reason) == (third, 2, "advertising")
    fourth = said(make_person())
    find_copies(note=third)
    finding = Finding.objects.get()
    assert (finding.case, finding.kind) == (case, Finding.Kind.COPIES)
    assert finding.about == sorted(note.pk for note in (first, second, third, fourth))
    assert Case.objects.count() == 1
    assert not Decision.objects.exists()
    assert not Note.objects.filter(hidden_at__isnull=False).exists()


def test_the_same_photo_counts_as_well() -> None:
    for number in (1, 1, 1):
        find_copies(note=note_with(make_person(), number, f"Title {number}"))
    assert Case.objects.count() == 1


def test_one_person_may_repeat_themselves(alice: User, bob: User) -> None:
    for _each in range(4):
        said(alice)
        find_copies(note=note_with(alice, 1))
    said(bob)
    assert not Case.objects.exists()


def test_what_is_not_for_everyone_does_not_count() -> None:
    for _each in range(4):
        said(make_person(), visibility="followers")
        find_copies(note=note_with(make_person(), 1, visibility="private"))
    assert not Case.objects.exists()


@pytest.mark.parametrize("words", ["Good morning!", "你好，大家早上好！", "“To be, or not to be.”"])
def test_short_words_say_nothing(words: str) -> None:
    for _each in range(4):
        said(make_person(), words)
    assert not RecentWords.objects.exists()
    assert not Case.objects.exists()


def test_an_hour_later_it_counts_no_more(alice: User, bob: User) -> None:
    said(alice)
    said(bob)
    long_ago = timezone.now() - timedelta(minutes=61)
    Note.objects.update(published_at=long_ago)
    RecentWords.objects.update(published_at=long_ago)
    said(make_person())
    assert not Case.objects.exists()
    RecentWords.objects.filter(note__author=alice).update(published_at=timezone.now() - timedelta(days=2))
    forget_recent_words()
    assert RecentWords.objects.count() == 2


def test_what_was_decided_is_not_asked_again_but_a_new_copy_is(mona: User) -> None:
    notes = [said(make_person()) for _each in range(3)]
    case = Case.objects.get()
    decide(case=case, version=case.version, by=mona, step=Step.NONE)
    find_copies(note=notes[2])
    assert not Case.objects.open().exists()
    fresh = said(make_person())
    assert Case.objects.open().get().note == fresh


def test_case_signs_and_widths_make_no_difference() -> None:
    same = ["Ｔickets: " + "a" * 40, "tickets " + "A " * 40, "TICKETS—" + "a.a" * 20]
    assert len({digest_of(Note(title="", body=body)) for body in same}) == 1
    assert digest_of(Note(title="", body="b" * 40)) != digest_of(Note(title="", body="a" * 40))


@pytest.mark.django_db(transaction=True)
def test_all_at_once_they_make_one_case() -> None:
    make_rules()
    notes = [make_note(make_person(), "Tickets", body=WORDS) for _each in range(4)]
    at_once(*[lambda note=note: find_copies(note=note) for note in notes])
    find_copies(note=notes[0])
    assert Case.objects.count() == 1
    assert Finding.objects.get().about == sorted(note.pk for note in notes)
