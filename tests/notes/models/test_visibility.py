"""Who may see a note: one definition for every page, list, file and write."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from core.db.conditions import Condition
from notes.models import Collect, Comment, Like, Note
from notes.models.declared import DeclaredLabel, declared
from people.actions.labels import hide_label
from profiles.models import User
from tests.builders import make_comment, make_draft, make_label, make_note, make_photo, signed_in
from tests.markup import content, listed

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
HIDDEN = {"hidden_at": SINCE, "hidden_reason": "No ads."}

# What is made, and who of the cast and a visitor may open it; Mona is a moderator.
STATES = {
    "public": ({}, "alice bob charlie mona visitor"),
    "followers": ({"visibility": "followers"}, "alice bob"),
    "private": ({"visibility": "private"}, "alice"),
    "draft": ({"status": "draft", "published_at": None}, "alice"),
    "processing": ({"status": "processing", "published_at": None}, "alice"),
    "processing again": ({"status": "processing"}, "alice"),
    "hidden": (HIDDEN, "alice mona"),
    "hidden, followers": ({"visibility": "followers", **HIDDEN}, "alice mona"),
    "hidden draft": ({"status": "draft", **HIDDEN}, "alice"),
}
SUSPENDED = {"public": "alice mona", "followers": "alice", "private": "alice", "hidden": "alice mona"}


@pytest.fixture
def people(alice: User, bob: User, charlie: User, mona: User) -> dict[str, User | None]:
    return {"alice": alice, "bob": bob, "charlie": charlie, "mona": mona, "visitor": None}


def make(author: User, state: str) -> Note:
    fields, _seers = STATES[state]
    if "published_at" in fields:
        return make_draft(author, "The note", **fields)
    return make_note(author, "The note", **fields)


def seers(note: Note, people: dict[str, User | None]) -> str:
    """Who finds the note among those visible to them, and opens its page: the same people."""
    found = [
        name
        for name, person in people.items()
        if Note.objects.visible_to(person or AnonymousUser()).filter(pk=note.pk).exists()
    ]
    client = {
        name: signed_in(person) for name, person in people.items() if person is None or person.is_active
    }
    opened = {name: browser.get(note.get_absolute_url()).status_code for name, browser in client.items()}
    assert opened == {name: 200 if name in found else 404 for name in client}
    return " ".join(found)


@pytest.mark.parametrize("state", STATES)
def test_who_sees_what(people: dict[str, User | None], state: str) -> None:
    note = make(people["alice"], state)
    assert seers(note, people) == STATES[state][1]


@pytest.mark.parametrize("state", SUSPENDED)
def test_nobody_sees_what_a_suspended_person_made(people: dict[str, User | None], state: str) -> None:
    note = make(people["alice"], state)
    User.objects.filter(pk=note.author_id).update(suspended_at=SINCE)
    people["alice"].refresh_from_db()
    assert seers(note, people) == SUSPENDED[state]
    assert not Note.objects.live().exists()
    User.objects.filter(pk=note.author_id).update(suspended_at=None)
    people["alice"].refresh_from_db()
    assert seers(note, people) == STATES[state][1]


def test_lists_show_what_is_live_and_meant_for_the_viewer(people: dict[str, User | None]) -> None:
    alice = people["alice"]
    make_label(alice, "Film on campus", topics=["tea"])
    notes = {state: make(alice, state) for state in STATES}
    for note in notes.values():
        note.tags.add("tea")
    named = {note.pk: state for state, note in notes.items()}
    for name, person in people.items():
        browser = signed_in(person)
        for address in ("/", "/?sort=latest", "/?channel=tea", "/tags/tea/", "/labels/film-on-campus/"):
            assert [named[pk] for pk in listed(browser.get(address))] == ["public"], (name, address)
        own = {named[pk] for pk in listed(browser.get("/@alice/"))}
        unpublished = {"draft", "processing", "hidden draft"}
        if name == "mona":  # who opens what is hidden, and each time leaves a record: no list shows it
            unpublished |= {"hidden", "hidden, followers"}
        assert own == {state for state in STATES if name in STATES[state][1]} - unpublished, name


@pytest.mark.parametrize("state", STATES)
def test_every_path_of_a_note_one_may_not_see_is_404(people: dict[str, User | None], state: str) -> None:
    note = make(people["alice"], state)
    photo = make_photo(people["alice"], note=note, with_files=True)
    comment = make_comment(people["alice"], note)
    media = f"{photo.base}320.jpg"
    writes = [
        f"/notes/{note.pk}/{path}/"
        for path in ("like", "like/delete", "collect", "collect/delete", "comments")
    ]
    unlive = state.startswith(("draft", "processing", "hidden"))
    for name, person in people.items():
        browser, sees = signed_in(person), name in STATES[state][1]
        picture = browser.get(media)
        assert (picture.status_code, content(picture)[:2] == b"\xff\xd8") == (
            (200, True) if sees else (404, False)
        )
        if person is None:
            continue
        for path in writes:
            status = browser.post(path, {"body": "Hello."}).status_code
            assert status == (303 if sees and not unlive else 404), (name, path)
        status = browser.post(f"/comments/{comment.pk}/delete/").status_code
        assert status == (404 if not sees else 303 if name == "alice" else 403), name
        Comment.objects.filter(pk=comment.pk).update(deleted_at=None, body="Well put.")
    allowed = 0 if unlive else len(STATES[state][1].split()) - ("visitor" in STATES[state][1])
    assert Comment.objects.count() == 1 + allowed
    assert not Like.objects.exists()
    assert not Collect.objects.exists()


def test_nothing_of_it_is_in_a_page_that_says_404(alice: User, charlie: User) -> None:
    note = make_note(alice, "The secret plan", visibility="private")
    assert "secret" not in signed_in(charlie).get(note.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("question", Condition.__subclasses__())
def test_every_condition_on_another_table_can_be_asked(question: type[Condition]) -> None:
    assert not Note.objects.filter(question("author", User(pk=1))).exists()


@pytest.mark.django_db
def test_a_note_comes_with_what_its_author_declares(alice: User, mona: User) -> None:
    make_note(alice)

    def said() -> str:
        return declared(Note.objects.annotate(said=DeclaredLabel("author")).get().said).wording

    assert said() == ""
    positioning = make_label(alice, "Tea person")
    assert said() == "Tea person"
    hide_label(label=positioning.label, by=mona, reason="Rude.")
    assert said() == ""
