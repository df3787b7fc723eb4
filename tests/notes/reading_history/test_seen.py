"""Seen and not seen on Explore and in search: by the person's own reading history, page by page, for them alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import PAGE_SIZE
from notes.compose.tagging import tags_named
from notes.explore.channel_actions import save_channel
from notes.explore.epochs import write_epoch
from notes.models import Channel, HistoryEntry, Note, ReadingHistory
from notes.moderation import hide_note
from notes.reading_history import actions
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.markup import listed, main_html, words

pytestmark = pytest.mark.django_db

LISTS = [
    "/?sort=best",
    "/?sort=latest",
    "/?channel=tea",
    "/?channel=tea&sort=latest",
    "/search/?q=kettle&sort=latest",
]


@pytest.fixture(params=LISTS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def notes_of(author: User, number: int) -> list[Note]:
    """Newest first."""
    moment = timezone.now() - timedelta(hours=1)
    return [
        make_note(author, f"Kettle {place}", tags=["tea"], published_at=moment - timedelta(minutes=place))
        for place in range(number)
    ]


def open_notes(person: User, notes: list[Note]) -> None:
    now = timezone.now()
    HistoryEntry.objects.bulk_create(HistoryEntry(note=note, person=person, opened_at=now) for note in notes)


def through(client: Client, address: str) -> list[int]:
    """The notes of all pages."""
    found: list[int] = []
    while address:
        page = client.get(address)
        assert page.status_code == 200
        found += listed(page)
        address = page.context["more_url"]
        address = address if address.startswith("/") or not address else page.request["PATH_INFO"] + address
    return found


def test_seen_and_not_seen_part_a_list(address: str, alice: User, bob: User) -> None:
    notes = notes_of(alice, 2 * PAGE_SIZE + 6)
    own = make_note(bob, "My kettle", tags=["tea"])
    write_epoch(made_at=timezone.now())
    opened = notes[::2]
    open_notes(bob, opened)
    client = signed_in(bob)
    every = through(client, address)
    seen, unseen = through(client, f"{address}&seen=yes"), through(client, f"{address}&seen=no")
    assert len(seen) == len(set(seen))
    assert len(unseen) == len(set(unseen))
    assert set(seen) == {note.pk for note in opened}
    assert set(unseen) == {note.pk for note in notes[1::2]}, "one's own notes are neither"
    assert set(every) == {*seen, *unseen, own.pk}
    if "best" not in address and address != "/?channel=tea":
        assert seen == [note.pk for note in opened], "in the order of the list"
        assert unseen == [note.pk for note in notes[1::2]]


def test_what_is_opened_between_two_pages_moves_nothing(address: str, alice: User, bob: User) -> None:
    notes = notes_of(alice, 2 * PAGE_SIZE)
    write_epoch(made_at=timezone.now())
    client = signed_in(bob)
    first = client.get(f"{address}&seen=no")
    open_notes(bob, [note for note in notes if note.pk in listed(first)][:5])
    rest = through(client, first.request["PATH_INFO"] + first.context["more_url"].removeprefix("/"))
    assert sorted([*listed(first), *rest]) == sorted(note.pk for note in notes)


def test_it_goes_by_the_history_and_is_cleared_with_it(address: str, alice: User, bob: User) -> None:
    removed, kept = notes_of(alice, 2)
    open_notes(bob, [removed, kept])
    client = signed_in(bob)
    actions.remove_entry(person=bob, note=removed.pk)
    assert through(client, f"{address}&seen=yes") == [kept.pk]
    assert through(client, f"{address}&seen=no") == [removed.pk]
    actions.clear(person=bob)
    assert through(client, f"{address}&seen=yes") == []
    assert set(through(client, f"{address}&seen=no")) == {removed.pk, kept.pk}


def test_what_others_opened_and_what_was_hidden_since_is_not_seen(
    address: str, alice: User, bob: User
) -> None:
    note, hidden = notes_of(alice, 2)
    open_notes(bob, [note, hidden])
    hide_note(note=hidden, by=make_person(is_staff=True), reason="Test")
    assert through(signed_in(bob), f"{address}&seen=yes") == [note.pk]
    charlie = signed_in(make_person())
    assert through(charlie, f"{address}&seen=yes") == []
    assert through(charlie, f"{address}&seen=no") == [note.pk]


def test_visitors_have_no_filter(address: str, alice: User) -> None:
    (note,) = notes_of(alice, 1)
    page = Client().get(f"{address}&seen=yes")
    assert listed(page) == [note.pk]
    assert "Not seen" not in words(page)


@pytest.mark.parametrize("value", ["", "maybe", "1", "YES", "yes,no"])
def test_other_values_filter_nothing(address: str, value: str, alice: User, bob: User) -> None:
    (note,) = notes_of(alice, 1)
    assert listed(signed_in(bob).get(f"{address}&seen={value}")) == [note.pk]


def test_an_empty_list_says_what_to_do(alice: User, bob: User) -> None:
    (note,) = notes_of(alice, 1)
    client = signed_in(bob)
    assert "No note you’ve seen is here" in words(client.get("/?sort=latest&seen=yes"))
    open_notes(bob, [note])
    page = client.get("/?sort=latest&seen=no")
    assert "You’ve seen everything here" in words(page)
    assert 'href="/?sort=latest"' in main_html(page)
    page = client.get("/search/?q=kettle&seen=no")
    assert "No notes with these filters" in words(page)
    assert 'href="?q=kettle"' in main_html(page)
    ReadingHistory.objects.create(person=bob, is_kept=False)
    actions.clear(person=bob)
    page = client.get("/?channel=tea&seen=yes")
    assert "Your history is off" in words(page)
    assert 'href="/history/"' in main_html(page)


def test_the_choice_keeps_channel_and_order_and_the_filters_of_a_search(alice: User, bob: User) -> None:
    notes_of(alice, 1)
    client = signed_in(bob)
    page = main_html(client.get("/?channel=tea&sort=latest&seen=no"))
    assert 'href="/?channel=tea&amp;sort=latest&amp;seen=yes"' in page
    assert 'href="/?channel=tea&amp;sort=latest"' in page
    page = main_html(client.get("/search/?q=kettle&photos=1&seen=no"))
    assert 'href="?q=kettle&amp;photos=1&amp;seen=yes"' in page
    assert '<input type="hidden" name="seen" value="no">' in client.get("/search/?q=kettle&seen=no").text


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_it_costs_one_query(address: str, wanted: str, alice: User, bob: User) -> None:
    notes = notes_of(alice, 3 * PAGE_SIZE)
    write_epoch(made_at=timezone.now())
    open_notes(bob, notes[::2])
    client = signed_in(bob)

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert asked(f"{address}&seen={wanted}") <= asked(address) + 1


def test_a_curated_channel_has_what_one_saw_of_its_tags(alice: User, bob: User) -> None:
    channel = Channel(en="Warm", zh="暖的")
    tea, coffee, milk = (make_note(alice, tag, tags=[tag]) for tag in ("tea", "coffee", "milk"))
    save_channel(channel=channel, tags=tags_named(["tea", "coffee"]))
    open_notes(bob, [tea, milk])
    client = signed_in(bob)
    for sort in ("best", "latest"):
        assert through(client, f"/?channel={channel.slug}&sort={sort}&seen=yes") == [tea.pk]
        assert through(client, f"/?channel={channel.slug}&sort={sort}&seen=no") == [coffee.pk]
