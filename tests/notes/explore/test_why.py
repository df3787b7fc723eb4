"""The page that explains why a viewer is shown a note: its terms add up, and its sentences are true."""

import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from notes.explore import epochs
from notes.explore.epochs import write_epoch
from notes.models import Note
from notes.reactions.actions import like
from profiles.models import User
from tests.builders import make_campus, make_note, make_person, signed_in
from tests.markup import words
from tests.notes.readers.recorded import make_readers


@pytest.fixture
def note(alice: User, bob: User) -> Note:
    """A note of Alice's about tea, with 63 readers, 21 of them engaged; Bob likes tea."""
    like(person=bob, note=make_note(bob, tags=["tea", "rain"], visibility="private"))
    made = make_note(alice, tags=["film", "tea"], campus=make_campus(), published_at=hours_ago(47))
    make_readers(made, 63, engaged=21)
    write_epoch(made_at=timezone.now())
    return made


def hours_ago(number: float) -> datetime:
    return timezone.now() - timedelta(hours=number)


def numbers(response: HttpResponse) -> list[int]:
    """The parts and their sum, in hundredths, as the page writes them."""
    found = re.findall(r'class="why__number">\s*(\d\.\d\d)\s*<', response.text)
    return [int(number.replace(".", "")) for number in found]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_parts_add_up_to_what_is_shown(note: Note, bob: User, language: str) -> None:
    response = signed_in(bob).get(f"{note.get_absolute_url()}why/", headers={"Accept-Language": language})
    *parts, total = numbers(response)
    assert sum(parts) == total
    affinity, quality, freshness, first_look, relation = parts
    assert affinity == pytest.approx(17.5, abs=1), "one of two topics: 0.35 × ½"
    assert quality == pytest.approx(12.5, abs=1), "alone among notes: 0.25 × ½"
    assert freshness == pytest.approx(10, abs=1), "0.20 × ½"
    assert (first_look, relation) == (pytest.approx(3.7, abs=1), 10)
    said = words(response)
    for told in ["#tea", "Alice An"]:
        assert told in said
    assert "#film" not in said
    assert "#rain" not in said
    if language == "en":
        assert "You follow Alice An." in said
        assert "more than 50% of all notes" in said


def test_a_visitor_is_told_three_parts(note: Note) -> None:
    response = Client().get(f"{note.get_absolute_url()}why/")
    *parts, total = numbers(response)
    assert len(parts) == 3
    assert sum(parts) == total
    assert "When you are signed in" in words(response)


def test_wherever_a_note_stands_the_page_says_so(
    alice: User, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epochs, "CANDIDATES", 1)
    first = make_note(alice, published_at=hours_ago(1))
    beyond = make_note(alice, published_at=hours_ago(90))
    on_campus = make_note(alice, campus=make_campus(), published_at=hours_ago(100))
    followers = make_note(alice, visibility="followers")
    browser = signed_in(bob)

    def said(note: Note) -> str:
        response = browser.get(f"{note.get_absolute_url()}why/")
        assert bool(numbers(response)) is ("Together" in words(response))
        return words(response)

    assert "all notes newest first at the moment" in said(first)
    write_epoch(made_at=timezone.now())
    assert "Numbers as of" in said(first)
    assert "all other notes come newest first" in said(beyond)
    assert "Numbers as of" in said(on_campus), "a candidate of its campus"
    assert "not for everyone" in said(followers)
    arrived = make_note(charlie)
    assert "This note came after" in said(arrived)
    assert "starts at the average" in said(arrived)
    assert signed_in(charlie).get(f"{followers.get_absolute_url()}why/").status_code == 404
    draft = make_note(alice, status="draft")
    assert signed_in(alice).get(f"{draft.get_absolute_url()}why/").status_code == 404


def test_the_note_s_menu_leads_there(note: Note, alice: User) -> None:
    for client in (Client(), signed_in(alice)):
        assert f'href="{note.get_absolute_url()}why/"' in client.get(note.get_absolute_url()).text


def test_the_author_alone_is_told_how_many_of_the_first_hundred_have_come(note: Note, alice: User) -> None:
    told = "Opened by 63 of its first 100 readers"
    browser = signed_in(alice)
    assert told in words(browser.get(note.get_absolute_url()))
    for other in (Client(), signed_in(make_person())):
        assert told not in words(other.get(note.get_absolute_url()))
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    assert told not in words(browser.get(note.get_absolute_url()))
    Note.objects.filter(pk=note.pk).update(visibility="public", published_at=hours_ago(73))
    assert told not in words(browser.get(note.get_absolute_url()))
    Note.objects.filter(pk=note.pk).update(published_at=hours_ago(1))
    make_readers(note, 37)
    page = words(browser.get(note.get_absolute_url()))
    assert "of its first 100 readers" not in page
    assert "Readers 100 Answered" in page, "what a moderator reads of it"
    assert "More in your Mirror" in page
