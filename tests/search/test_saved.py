"""Find within one's saved notes: by the words of notes and of remarks, in all or in one collection, for oneself."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.db.keyset import PAGE_SIZE
from notes.collections.actions import create_collection, sort_save
from notes.models import Collect, Note
from notes.moderation import hide_note
from notes.reactions.actions import collect, uncollect
from people.actions.blocks import block
from profiles.models import User
from search.results import saved
from tests.builders import make_note, make_person, signed_in
from tests.markup import form_in, listed, main_html, words

pytestmark = pytest.mark.django_db


def save(person: User, note: Note, remark: str = "", *, into: int | None = None) -> None:
    sort_save(person=person, note=note, add=[into] if into else [], remove=[], remark=remark)


def found(person: User, typed: str, **options: object) -> list[int]:
    return [note.pk for note in saved.found(person, typed, **options).rows]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        *(
            ("图书馆", True),
            ("書館", True),
            ("书", True),
            ("座位", False),
            ("ｗｉｎｄｏｗ", True),
            ("WINDOWS", True),
        ),
        *(("wind", True), ("quiet 图书馆", True), ("quiet 座位", False), ("study", True), ("#study", True)),
        *(("", False), ("%", False), ("'", False), ("win:*", False), ("-window", True), ("\x00", False)),
    ],
)
def test_it_finds_by_the_words_of_the_note_as_search_does(
    typed: str, finds: bool, alice: User, bob: User
) -> None:
    note = make_note(alice, "A quiet window", body="图书馆三楼", tags=["study"])
    other = make_note(alice, "A lamp")
    save(bob, note)
    save(bob, other)
    assert found(bob, typed) == ([note.pk] if finds else [])


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("birthday", True),
        ("birthdays", True),
        ("送给妈妈", True),
        ("妈妈 window", True),
        ("爸爸", False),
        ("妈 妈", True),
    ],
)
def test_it_finds_by_the_remark_and_by_both_together(typed: str, finds: bool, alice: User, bob: User) -> None:
    note = make_note(alice, "A quiet window")
    save(bob, note, "送给妈妈, her birthday")
    save(bob, make_note(alice, "Another window"))
    assert found(bob, typed) == ([note.pk] if finds else [])


def test_remarks_and_saves_of_others_are_not_found(alice: User, bob: User) -> None:
    note, other = make_note(alice, "A window"), make_note(alice, "A lamp window")
    save(bob, note, "secret")
    charlie = make_person()
    save(charlie, note)
    assert found(charlie, "secret") == []
    assert found(charlie, "window") == [note.pk], "and not the one that only exists"
    assert found(alice, "window") == []
    assert other.pk not in found(bob, "window")


def test_what_one_may_no_longer_see_is_not_found(alice: User, bob: User) -> None:
    hidden, private, deleted, unsaved = (make_note(alice, f"Window {number}") for number in range(4))
    for note in (hidden, private, deleted, unsaved):
        save(bob, note, "remark")
    hide_note(note=hidden, by=make_person(is_staff=True), reason="Test")
    Note.objects.filter(pk=private.pk).update(visibility=Note.Visibility.PRIVATE)
    Note.objects.filter(pk=deleted.pk).delete()
    uncollect(person=bob, note=unsaved)
    kept = make_note(alice, "Window")
    save(bob, kept, "remark")
    for typed in ("window", "remark"):
        assert found(bob, typed) == [kept.pk]
    block(blocker=alice, blocked=bob)
    assert found(bob, "window") == found(bob, "remark") == []


def test_one_collection_alone(alice: User, bob: User) -> None:
    inside, outside = make_note(alice, "A window seat"), make_note(alice, "A window")
    desks = create_collection(owner=bob, name="Desks")
    save(bob, inside, into=desks.pk)
    save(bob, outside)
    assert found(bob, "window") == [outside.pk, inside.pk], "last saved first"
    assert found(bob, "window", collection=desks) == [inside.pk]
    page = signed_in(bob).get(f"/search/saved/?q=window&collection={desks.pk}")
    assert listed(page) == [inside.pk]
    assert "Desks" in words(page)
    assert 'href="/search/saved/?q=window"' in main_html(page)


def test_anothers_collection_is_not_there(alice: User, bob: User) -> None:
    theirs = create_collection(owner=alice, name="Desks", is_private=False)
    for number in (theirs.pk, 0, 999_999, "x", "²", "9" * 30):
        assert signed_in(bob).get(f"/search/saved/?q=window&collection={number}").status_code == 404


def test_it_is_for_people_who_are_signed_in() -> None:
    page = Client().get("/search/saved/?q=window")
    assert page.status_code == 302
    assert "/accounts/login/" in page["Location"]


def test_pages_neither_repeat_nor_skip(alice: User, bob: User) -> None:
    notes = [make_note(alice, f"Window {number}") for number in range(PAGE_SIZE + 5)]
    for note in notes:
        collect(person=bob, note=note)
    client = signed_in(bob)
    first = client.get("/search/saved/?q=window")
    second = client.get(f"/search/saved/{first.context['more_url']}", headers={"HX-Request": "true"})
    pks = [int(pk) for pk in [*listed(first), *[note.pk for note in second.context["notes"]]]]
    assert pks == [note.pk for note in reversed(notes)]
    assert client.get("/search/saved/?q=window&after=nonsense").status_code == 200


def test_the_page_says_what_to_do(alice: User, bob: User) -> None:
    client = signed_in(bob)
    assert "Type words of the note" in words(client.get("/search/saved/"))
    page = client.get("/search/saved/?q=a+%26b")
    assert "Nothing found in your saved notes" in words(page)
    assert 'href="/search/?q=a%20%26b"' in main_html(page)
    assert form_in(page, "/search/saved/").fields["q"] == ["a &b"]


def test_the_field_is_where_saved_notes_are(alice: User, bob: User) -> None:
    client, note = signed_in(bob), make_note(alice, "A window")
    assert "Find in your saved notes" not in words(client.get("/@bob/collections/")), "there are none yet"
    desks = create_collection(owner=bob, name="Desks", is_private=False)
    save(bob, note, into=desks.pk)
    assert form_in(client.get("/@bob/collections/"), "/search/saved/").fields == {"q": [""]}
    fields = form_in(client.get(desks.get_absolute_url()), "/search/saved/").fields
    assert fields == {"q": [""], "collection": [str(desks.pk)]}
    assert "/search/saved/" not in signed_in(alice).get(desks.get_absolute_url()).text


def test_it_asks_as_often_for_one_as_for_many(alice: User, bob: User) -> None:
    client = signed_in(bob)

    def asked() -> int:
        client.get("/search/saved/?q=window")
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/saved/?q=window")
        return len(queries)

    save(bob, make_note(alice, "Window"), "remark")
    one = asked()
    for number in range(23):
        save(bob, make_note(alice, f"Window {number}"), "remark")
    assert asked() == one
    assert Collect.objects.filter(person=bob).count() == 24
