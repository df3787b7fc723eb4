"""The share of notes about the label, on the pages of people who show it; and the triggers that keep it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from notes import focus
from notes.compose.actions import delete_note
from notes.compose.tagging import tags_named
from notes.models import Note
from notes.moderation import hide_note, restore_note
from notes.tags import hide_tag, merge_tag
from people.actions.labels import hide_label, withdraw_label
from people.actions.people import save_privacy, suspend_person
from people.actions.recounting import wrong_labels
from profiles.models import Follow, Positioning, User
from profiles.models.label import NEVER
from tests.builders import make_label, make_note, make_person, signed_in
from tests.markup import words

SHOWN = "7 in 10 notes about it"
PATH = "/settings/label/"
WORDS = {"label": "Campus plog", "topics": "campus, library, exam"}


@pytest.fixture
def author(alice: User) -> User:
    """Five notes of one age about which a label of three topics is shown: 0.7."""
    make_label(alice, "Campus plog", topics=["campus", "library", "exam"], shows_focus=True)
    for tags in (["campus"], ["campus"], ["campus"], ["library", "food"], ["travel"]):
        make_note(alice, tags=tags)
    return alice


def newest(person: User) -> Note:
    return Note.objects.filter(author=person).order_by("-pk")[0]


def stored(person: User) -> int | None:
    return person.positionings.current().get().focus_shown


def pages(person: User, viewer: User | None) -> list[bool]:
    """Whether the viewer reads it on the profile and on a note."""
    client = signed_in(viewer)
    paths = [
        person.get_absolute_url(),
        Note.objects.filter(author=person).order_by("pk")[0].get_absolute_url(),
    ]
    return [SHOWN in words(client.get(path)) for path in paths]


def test_it_is_off_until_it_is_turned_on(author: User, bob: User) -> None:
    other = make_person("other")
    make_label(other, "Tea person", topics=["tea"])
    for _ in range(5):
        make_note(other, tags=["tea"])
    assert not other.shows_focus
    assert stored(other) is None
    assert "in 10 notes" not in words(Client().get("/@other/"))

    client = signed_in(author)
    assert pages(author, None) == [True, True]
    client.post(PATH, WORDS)
    assert pages(author, None) == [False, False], "a box that is not ticked is off"
    page = client.get(PATH).text
    assert 'name="shows_focus"' in page
    client.post(PATH, WORDS | {"shows_focus": "on"})
    assert pages(author, None) == [True, True]
    author.refresh_from_db()
    assert author.shows_focus


def test_it_goes_below_five_public_notes(author: User) -> None:
    newest(author).delete()
    assert pages(author, None) == [False, False]
    assert stored(author) is None


@pytest.mark.parametrize(
    "fields", [{"visibility": "followers"}, {"visibility": "private"}, {"status": "draft"}]
)
def test_of_public_notes_alone(author: User, bob: User, fields: dict[str, str]) -> None:
    note = make_note(author, tags=["travel"], **fields)
    assert pages(author, bob) == [True, True]
    Note.objects.filter(pk=note.pk).update(visibility="public", status="published")
    assert stored(author) == 6  # 3.5 of 6


def test_moderators_and_approval_take_notes_away(author: User, mona: User) -> None:
    note = newest(author)
    hide_note(note=note, by=mona, reason="Spam")
    assert pages(author, None)[0] is False
    restore_note(note=note)
    assert pages(author, None)[0] is True
    save_privacy(
        person=author,
        is_indexed=True,
        shows_campus=True,
        shows_chapters=True,
        approves_followers=True,
        shares_stage=False,
        shares_campus=False,
        commenters="everyone",
        mentioners="everyone",
    )
    assert stored(author) is None
    assert SHOWN not in words(signed_in(mona).get("/@alice/"))


def test_who_sees_the_label_sees_it_and_nobody_else(
    author: User, bob: User, charlie: User, mona: User
) -> None:
    from people.actions.blocks import block

    User.objects.filter(pk=author.pk).update(stage="high_school")
    for viewer in (None, bob, mona, author):
        assert pages(author, viewer) == [True, True]
    block(blocker=author, blocked=charlie)
    assert signed_in(charlie).get("/@alice/").status_code == 404
    hide_label(label=author.positionings.get().label, by=mona, reason="Rude")
    for viewer in (None, bob):
        assert pages(author, viewer) == [False, False]
        assert "#library" not in words(signed_in(viewer).get(newest(author).get_absolute_url()))
    suspend_person(person=author, by=mona, reason="Spam")
    assert Client().get("/@alice/").status_code == 404


def test_a_former_chapter_does_not_say_it(author: User) -> None:
    said = author.positionings.get()
    withdraw_label(person=author)
    assert pages(author, None) == [False, False]
    assert SHOWN not in words(Client().get(f"/@alice/?label={said.pk}"))


def test_note_and_suggestions_name_the_topics(author: User, bob: User) -> None:
    note = Note.objects.filter(author=author)[0]
    text = words(Client().get(note.get_absolute_url()))
    assert f"Topics of the label: #campus #library #exam {SHOWN}" in text
    hide_tag(tag=tags_named(["exam"])[0], is_hidden=True)
    assert f"#campus #library {SHOWN}" in words(Client().get(note.get_absolute_url()))
    charlie = make_person("charlie")
    Follow.objects.create(follower=charlie, followed=bob)
    suggested = words(signed_in(charlie).get("/people/"))
    assert f"Topics of the label: #campus #library {SHOWN} Followed by Bob Bai" in suggested


def test_in_chinese(author: User) -> None:
    page = Client(headers={"Accept-Language": "zh"}).get("/@alice/")
    assert "每 10 篇笔记有 7 篇相关" in words(page)


@pytest.mark.parametrize("path", ["/@alice/", "/notes/{note}/", "/people/"])
def test_pages_ask_as_little_with_many_notes(author: User, path: str, charlie: User) -> None:
    """It stands in the row: what a page reads does not grow with the notes."""
    Follow.objects.create(follower=charlie, followed=make_person("between"))
    Follow.objects.create(follower=User.objects.get(handle="between"), followed=author)
    path = path.format(note=newest(author).pk)

    def asked() -> list[str]:
        from django.test.utils import CaptureQueriesContext

        client = signed_in(charlie)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert "in 10 notes about it" in words(client.get(path))
        return [query["sql"] for query in queries]

    few = asked()
    for _ in range(30):
        make_note(author, tags=["campus"])
    many = asked()
    assert len(few) == len(many)
    assert not any("focus_in_tenths" in query for query in many)


# What triggers keep.


@contextmanager
def proved() -> Iterator[None]:
    yield
    assert [wrong for wrong, _mend in wrong_labels()] == []


def change_tags(person: User) -> None:
    newest(person).tags.set(tags_named(["campus"]))


def turn(field: str, value: Any) -> Callable[[User], None]:
    def change(person: User) -> None:
        Note.objects.filter(pk=newest(person).pk).update(**{field: value})

    return change


def all_follow(person: User) -> None:
    Note.objects.filter(author=person).update(visibility="followers")


def merge(person: User) -> None:
    travel, campus = tags_named(["travel", "campus"])
    merge_tag(tag=travel, into=campus)


def another_label(person: User) -> None:
    make_label(person, "Traveller", topics=["travel"], declared_at=timezone.now() - timedelta(days=9))


def leave_and_return(person: User) -> None:
    withdraw_label(person=person)
    make_note(make_person(), tags=["campus"])
    make_label(person, "Campus plog", topics=["campus", "library", "exam"])


def give_away(person: User) -> None:
    other = make_person("other")
    make_label(other, "Traveller", topics=["travel"], shows_focus=True)
    Note.objects.filter(pk=newest(person).pk).update(author=other)
    assert other.positionings.get().newest_on_topic == newest(other).published_at


CHANGES: dict[str, tuple[Callable[[User], None], int | None]] = {
    "another note": (lambda person: make_note(person, tags=["travel"]) and None, 6),
    "a note without tags": (lambda person: make_note(person) and None, 6),
    "other tags": (change_tags, 9),
    "no tags": (lambda person: newest(person).tags.clear(), 7),
    "to followers": (turn("visibility", "followers"), None),
    "all to followers": (all_follow, None),
    "hidden": (turn("hidden_at", timezone.now()), None),
    "years ago": (turn("published_at", timezone.now() - timedelta(days=20_000)), 9),
    "deleted": (lambda person: delete_note(note=newest(person)), None),
    "all deleted": (lambda person: Note.objects.filter(author=person).delete() and None, None),
    "another topic": (lambda person: make_label(person, "Campus plog", topics=["campus"]) and None, 6),
    "another label": (another_label, 2),
    "left and taken up": (leave_and_return, 7),
    "turned off": (lambda person: User.objects.filter(pk=person.pk).update(shows_focus=False) and None, None),
    "tags merged": (merge, 9),
    "given away": (give_away, None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_triggers_keep_it(author: User, change: str) -> None:
    act, expected = CHANGES[change]
    with proved():
        act(author)
    assert stored(author) == expected


def test_the_newest_note_on_a_topic(alice: User) -> None:
    said = make_label(alice, "Campus plog", topics=["campus", "exam"])
    now = timezone.now()

    def at() -> Any:
        said.refresh_from_db()
        return said.newest_on_topic

    assert at() == NEVER
    make_note(alice, tags=["travel"], published_at=now)
    assert at() == NEVER
    first = make_note(alice, tags=["campus"], published_at=now - timedelta(days=9))
    second = make_note(alice, tags=["exam", "campus"], published_at=now - timedelta(days=3))
    make_note(alice, tags=["exam"], published_at=now - timedelta(days=5))
    assert at() == second.published_at
    make_note(alice, tags=["exam"], visibility="followers", published_at=now)
    assert at() == second.published_at
    Note.objects.filter(tags__name="exam").update(hidden_at=now)
    assert at() == first.published_at
    first.tags.clear()
    assert at() == NEVER
    assert not alice.shows_focus
    assert said.focus_shown is None


def test_the_database_and_the_formula_agree(alice: User) -> None:
    """Of made-up notes: what is stored is what notes/focus.py says of them."""
    random = Random(7)
    make_label(alice, "Campus plog", topics=["a", "b", "c"], shows_focus=True)
    today = timezone.localdate()
    for _ in range(60):
        tags = random.sample("abcdefgh", random.randint(0, 4))
        published = timezone.now() - timedelta(days=random.randint(0, 90), minutes=random.randint(0, 1400))
        visibility = random.choice(["public", "public", "followers"])
        make_note(alice, tags=tags, published_at=published, visibility=visibility)
        public = Note.objects.public().filter(author=alice).prefetch_related("tags")
        notes = [
            ((today - timezone.localdate(note.published_at)).days, [tag.name for tag in note.tags.all()])
            for note in public
        ]
        share = focus.focus(notes, ["a", "b", "c"])
        assert stored(alice) == (None if share is None else focus.in_ten(share))


def test_recount_finds_and_mends_it(author: User) -> None:
    Positioning.objects.update(newest_on_topic=NEVER, focus_shown=3)
    ((found, mend),) = wrong_labels()
    assert found.startswith(f"positioning {author.positionings.get().pk}: newest_on_topic is 1970-01-01")
    assert found.endswith("focus_shown is 3, should be 7")
    mend()
    with proved():
        assert stored(author) == 7


def test_saving_a_declaration_writes_nothing_that_triggers_keep(author: User) -> None:
    said = author.positionings.get()
    make_label(author, "Campus plog", topics=["campus", "library", "exam"], statement="Anew")
    assert stored(author) == 7
    said.refresh_from_db()
    assert said.newest_on_topic != NEVER
