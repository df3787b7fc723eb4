"""The list of one's drafts: what each shows, pages by key, queries, and the drafts of others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.models import Note
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in
from tests.markup import words
from tests.notes.compose.filled_form import NEW, filled_in, made

DRAFTS = "/notes/drafts/"


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def test_it_shows_what_was_typed_when_it_was_saved_and_what_is_missing(client: Client, alice: User) -> None:
    note = made(client.post(NEW, filled_in(client, title="x" * 41, body="Words", action="draft")))
    page = words(client.get(DRAFTS))
    assert "x" * 41 in page, "as typed, though it is too long"
    assert "Title: This is 1 character too long." in page
    assert "Saved" in page
    made_ready = filled_in(client, f"{note.get_absolute_url()}edit/", title="Short", action="draft")
    client.post(f"{note.get_absolute_url()}edit/", made_ready)
    assert "Ready to publish" in words(client.get(DRAFTS))
    untitled = make_draft(alice, "Gone")
    Note.objects.filter(pk=untitled.pk).update(title="")
    make_photo(alice, note=untitled, state="failed", reason="damaged")
    page = words(client.get(DRAFTS))
    assert "Untitled note" in page
    assert "Title: Give the note a title." in page
    assert "A photo could not be prepared." in page


def test_one_for_everyone_is_not_ready_once_its_author_approves_followers(
    client: Client, alice: User
) -> None:
    made(client.post(NEW, filled_in(client, title="For all", visibility="public", action="draft")))
    assert "Ready to publish" in words(client.get(DRAFTS))
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    page = words(client.get(DRAFTS))
    assert "You approve your followers: choose them, or only you." in page
    assert "Ready to publish" not in page


def test_continue_and_delete_lead_on(client: Client, alice: User) -> None:
    note = make_draft(alice, "Half a thought")
    page = client.get(DRAFTS).text
    for address in ("edit/", "delete/"):
        assert f'href="{note.get_absolute_url()}{address}"' in page
    client.post(f"{note.get_absolute_url()}delete/")
    assert "No drafts" in words(client.get(DRAFTS))


def test_it_is_found_from_the_profile_and_from_composing(client: Client, bob: User) -> None:
    assert f'href="{DRAFTS}"' in client.get("/@alice/").text
    assert f'href="{DRAFTS}"' in client.get(NEW).text
    assert f'href="{DRAFTS}"' not in signed_in(bob).get("/@alice/").text


def test_others_and_published_notes_are_not_there(client: Client, alice: User, bob: User) -> None:
    make_draft(bob, "Bob’s thought")
    make_note(alice, "Published")
    make_draft(alice, "Own thought")
    page = words(client.get(DRAFTS))
    assert "Own thought" in page
    assert "Bob’s thought" not in page
    assert "Published" not in page
    assert Client().get(DRAFTS).status_code == 302


def test_last_saved_first_in_pages(client: Client, alice: User) -> None:
    now = timezone.now()
    for number in range(30):
        make_draft(alice, f"Number {number:02}", saved_at=now - timedelta(minutes=number))
    make_draft(alice, "Planned", scheduled_for=now + timedelta(days=1))
    first = client.get(DRAFTS)
    page = words(first)
    assert page.index("Planned") < page.index("Number 00") < page.index("Number 23")
    assert "Number 24" not in page
    second = words(client.get(DRAFTS + first.context["more_url"]))
    assert "Number 24" in second
    assert "Number 29" in second
    assert "Planned" not in second
    assert "Number 00" in words(client.get(f"{DRAFTS}?after=nonsense"))


def test_saving_brings_a_draft_to_the_top(client: Client, alice: User) -> None:
    old = make_draft(alice, "Old", saved_at=timezone.now() - timedelta(days=3))
    make_draft(alice, "Newer", saved_at=timezone.now() - timedelta(days=1))
    address = f"{old.get_absolute_url()}edit/"
    client.post(address, filled_in(client, address, body="More", action="draft"))
    page = words(client.get(DRAFTS))
    assert page.index("Old") < page.index("Newer")


def test_queries_for_1_3_and_24_drafts(client: Client, alice: User) -> None:
    numbers = []
    for many in (1, 3, 24):
        while Note.objects.count() < many:
            note = make_draft(alice)
            note.cover = make_photo(alice, note=note)
            note.save()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(DRAFTS).status_code == 200
        numbers.append(len(queries))
    assert len(set(numbers)) == 1, numbers
    assert numbers[0] <= 6, [query["sql"] for query in queries]


def test_words_in_other_scripts_and_markup_stay_words(client: Client, alice: User) -> None:
    make_draft(alice, "<b>שלום</b> & café")
    assert "<bdi>&lt;b&gt;שלום&lt;/b&gt; &amp; café</bdi>" in client.get(DRAFTS).text
