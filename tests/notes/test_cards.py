"""A card is kept by all it says: whatever of that changes, the next page says it."""

import pytest
from django.utils.translation import override

from notes.cards import card
from notes.models import Note
from profiles.models import User
from tests.builders import make_note


def shown(note: Note, **mine: bool) -> str:
    again = Note.objects.for_cards().get(pk=note.pk)
    for name, value in mine.items():
        setattr(again, name, value)
    return card(again, "h2", False)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"like_count": 7},
        {"collect_count": 7},
        {"visibility": "followers"},
        {"disclosure": "gifted"},
        {"cover": None},
    ],
    ids=str,
)
def test_what_changes_of_a_note_changes_its_card(alice: User, change: dict[str, object]) -> None:
    note = make_note(alice, "One", photos=1)
    before = shown(note)
    assert shown(note) == before
    Note.objects.filter(pk=note.pk).update(**change)
    assert shown(note) != before


def test_what_changes_of_its_author_and_its_cover_does_too(alice: User) -> None:
    note = make_note(alice, "One", photos=1)
    seen = {shown(note)}
    for change in ({"name": "Somebody else"}, {"handle": "other"}, {"avatar_token": "0" * 32}):
        User.objects.filter(pk=alice.pk).update(**change)
        seen.add(shown(note))
    for change in (
        {"token": "1" * 32},
        {"tone": "rose"},
        {"alt": "A cup"},
        {"snap": 19},
        {"state": "failed"},
    ):
        note.photos.update(**change)
        seen.add(shown(note))
    assert len(seen) == 9


def test_viewers_and_languages_have_their_own(alice: User) -> None:
    note = make_note(alice, "One")
    with override("zh-hans"):
        seen = {shown(note)}
    assert len(seen | {shown(note), shown(note, liked=True), shown(note, collected=True)}) == 4
