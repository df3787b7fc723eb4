"""A page makes the same number of queries for 1, 3 and 24 items whose relations all differ."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from notes.collections.actions import sort_save
from notes.comments.actions import like_comment, pin_comment
from notes.explore.epochs import write_epoch
from notes.feeds.beside import MORE, RELATED
from notes.mentions.actions import record_mentions
from notes.models import Collection, CollectionFollow, Note
from notes.models.note import PHOTOS_MAX, TAGS_MAX
from notes.reactions.actions import collect, like
from profiles.models import Follow, User
from tests.builders import (
    QUICK_HASHERS,
    make_campus,
    make_comment,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
)
from tests.markup import listed
from tests.notes.collections.shelving import shelve
from tests.rows import rows_of_module

ITEMS = (1, 3, 24)
FOLLOWS = 2000
THE_NOTE = THE_COLLECTION = 10**6
_number = count()


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Alice, and Bob who follows her and the rest of two thousand people: made once for every test below."""
    with rows_of_module(django_db_blocker):
        with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
            alice, bob = make_person("alice", name="Alice An"), make_person("bob", name="Bob Bai")
            people = User.objects.bulk_create(
                User(email=f"{number}@crowd.test", handle=f"crowd_{number}", name="Crowd", password="!")
                for number in range(FOLLOWS - 1)
            )
            Follow.objects.bulk_create(Follow(follower=bob, followed=each) for each in [alice, *people])
        yield


@pytest.fixture
def alice(crowd: None, db: None) -> User:
    return User.objects.get(handle="alice")


@pytest.fixture
def viewer(crowd: None, db: None) -> User:
    """Bob, who follows two thousand people."""
    return User.objects.get(handle="bob")


def stranger() -> User:
    """A person with an avatar and a campus of their own."""
    number = next(_number)
    return make_person(
        campus=make_campus(f"Campus {number}"), avatar_token=f"{number:032}", avatar_folder="x"
    )


def another_note(author: User, *tags: str, **fields: object) -> Note:
    """A note with photos, a tag and a campus that no other has."""
    number = next(_number)
    fields = {"campus": make_campus(f"Campus {number}")} | fields
    return make_note(author, photos=1 + number % 3, tags=[f"tag {number}", *tags], **fields)


def liked(alice: User, viewer: User) -> None:
    like(person=viewer, note=another_note(stranger()))


def on_following(alice: User, viewer: User) -> None:
    author = stranger()
    Follow.objects.create(follower=viewer, followed=author)
    collect(person=viewer, note=another_note(author, visibility="followers"))


def with_tag(alice: User, viewer: User) -> None:
    another_note(stranger(), "tea")


def by_alice(alice: User, viewer: User) -> None:
    another_note(alice)


def under_label(alice: User, viewer: User) -> None:
    author, topic = stranger(), f"topic {next(_number)}"
    make_label(author, "Film on campus", topics=[topic])
    another_note(author, topic)


def at_campus(alice: User, viewer: User) -> None:
    another_note(stranger(), campus=make_campus("Linhai University"))


def saved(alice: User, viewer: User) -> None:
    shelve(viewer, f"Desks {next(_number)}", another_note(stranger()))


def shelved(alice: User, viewer: User) -> None:
    """One more collection of one's own, and one more that one follows."""
    saved(alice, viewer)
    owner = stranger()
    theirs = shelve(owner, f"Desks {next(_number)}", another_note(owner))
    CollectionFollow.objects.create(follower=viewer, collection=theirs)


def kept_by_alice(alice: User, viewer: User) -> None:
    shelve(alice, f"Desks {next(_number)}", *(another_note(stranger()) for _ in range(3)))


def in_one(alice: User, viewer: User) -> None:
    _add_to(alice, THE_COLLECTION)


def in_ones_own(alice: User, viewer: User) -> None:
    _add_to(viewer, THE_COLLECTION + 1)


def _add_to(owner: User, pk: int) -> None:
    found = Collection.objects.filter(pk=pk).first()
    made = found or Collection.objects.create(pk=pk, owner=owner, name="Desks", is_private=False)
    sort_save(person=owner, note=another_note(stranger()), add=[made.pk], remove=[], remark="For later")


def around_a_note(alice: User, viewer: User) -> None:
    """One more of everything that the page of Alice's first note shows."""
    note = Note.objects.filter(pk=THE_NOTE).first() or make_note(alice, pk=THE_NOTE)
    number = next(_number)
    if note.photos.count() < PHOTOS_MAX:
        make_photo(alice, note=note, position=note.photos.count())
    if note.tags.count() < TAGS_MAX:
        note.tags.add(f"tag {number}")
    note.body += f"\n@{stranger().handle}"
    note.edited_at = timezone.now()
    note.save()
    record_mentions(note=note)
    comment = make_comment(stranger(), note, f"@{stranger().handle} #tea")
    earlier = None
    for _ in range(number % 3 + 1):
        said = f"@{stranger().handle}"
        earlier = make_comment(stranger(), note, said, parent=comment, in_reply_to=earlier)
        like_comment(person=viewer, comment=earlier)
    pin_comment(comment=comment)
    another_note(alice)
    another_note(stranger(), *note.tags.names()[:1])


# How to add one more item, and the query counts of the page for a visitor and for a signed-in person.
PAGES: dict[str, tuple[Callable[[User, User], None], int, int]] = {
    "/": (liked, 8, 12),
    "/?sort=latest": (liked, 4, 7),
    "/?channel=tea": (with_tag, 7, 10),
    "/following/": (on_following, 0, 4),
    "/tags/tea/": (with_tag, 2, 5),
    "/@alice/": (by_alice, 5, 9),
    "/labels/film-on-campus/": (under_label, 5, 10),
    "/campuses/linhai-university/": (at_campus, 2, 5),
    "/@bob/collections/": (saved, 0, 10),
    "/collections/": (shelved, 0, 12),
    "/@alice/collections/": (kept_by_alice, 5, 7),
    f"/@alice/collections/desks-{THE_COLLECTION}/": (in_one, 8, 12),
    f"/@bob/collections/desks-{THE_COLLECTION + 1}/": (in_ones_own, 0, 11),
    f"/collections/{THE_COLLECTION + 1}/order/": (in_ones_own, 0, 8),
    f"/notes/{THE_NOTE}/": (around_a_note, 9, 13),
}


def asked(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("address", PAGES)
def test_for_1_3_and_24_items(alice: User, viewer: User, address: str) -> None:
    one_more, for_visitors, for_people = PAGES[address]
    shown, visitor, person = 0, Client(), signed_in(viewer)
    numbers: dict[str, list[int]] = {"visitor": [], "person": []}
    for items in ITEMS:
        while shown < items:
            one_more(alice, viewer)
            shown += 1
        if address == "/":
            write_epoch(made_at=timezone.now())  # which no process knows yet
        if for_visitors:
            numbers["visitor"].append(len(asked(visitor, address)))
        numbers["person"].append(len(asked(person, address)))
    text = person.get(address).text
    shown = text.count('class="coll"') + text.count('class="arrange__row"') + len(listed(person.get(address)))
    assert shown >= (MORE + RELATED if "/notes/" in address else 24)
    # A note asks once more where its comments are more than a page holds.
    kinds = 2 if "/notes/" in address else 1
    assert len(set(numbers["visitor"])) <= kinds, numbers
    assert len(set(numbers["person"])) <= kinds, numbers
    assert max(numbers["visitor"], default=0) <= for_visitors
    assert max(numbers["person"]) <= for_people


def test_the_page_of_a_note_shows_what_was_counted(alice: User, viewer: User) -> None:
    for _ in range(3):
        around_a_note(alice, viewer)
    response = signed_in(viewer).get(f"/notes/{THE_NOTE}/")
    html = response.content.decode()
    assert len(listed(response)) == 6
    assert html.count('class="slide ') == 3
    assert html.count('class="comment__text"') >= 6
    assert html.count('class="at"') >= 9
