"""The page of notifications and the dot, as their person gets them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notes.models import Collect, Comment, Like
from notifications import queries
from notifications.models import Notification
from notifications.rule import ROWS
from people.actions.blocks import block
from profiles.models import Follow, User
from tests.builders import make_comment, make_note, make_person, signed_in

pytestmark = pytest.mark.django_db
DOT = b"nav-dot"


def rows(client: Client, after: str = "") -> list[str]:
    """The text of each row."""
    page = client.get("/notifications/", {"after": after} if after else {}).content.decode()
    found = re.findall(r"<li[^>]*told__row.*?</li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row).split()) for row in found]


def test_likes_of_a_day_are_one_row_and_saves_name_nobody(alice: User) -> None:
    note, client = make_note(alice, photos=1), signed_in(alice)
    people = [make_person(name=f"P{number}") for number in range(3)]
    for person in people:
        Like.objects.create(person=person, note=note)
        Collect.objects.create(person=person, note=note)
    first, second = rows(client)
    assert first.startswith("New: 3 people saved your note")
    assert "P2 and 2 others liked your note" in second
    assert not re.search(r"P\d", first)


def test_follows_of_a_day_are_one_row_that_leads_to_followers_to_follow_back(alice: User) -> None:
    client, people = signed_in(alice), [make_person(name=f"P{number}") for number in range(4)]
    Follow.objects.create(follower=people[0], followed=alice)
    assert "P0 follows you" in rows(client)[0]
    assert "Follow back" in rows(client)[0]
    for person in people[1:]:
        Follow.objects.create(follower=person, followed=alice)
    (row,) = rows(client)
    assert "P3 and 3 others follow you" in row
    assert "Follow back" not in row
    page = client.get("/notifications/").text
    assert 'href="/@alice/followers/"' in page
    assert client.get("/@alice/followers/").text.count("Follow back") == 4


def test_the_cursor_and_what_is_read_tell_nothing_of_what_is_hidden(alice: User) -> None:
    notes, hidden = [make_note(alice) for _ in range(3)], make_person()
    for note in notes:
        Like.objects.create(person=make_person(), note=note)
        Like.objects.create(person=hidden, note=note)
    block(blocker=alice, blocked=hidden)
    page = queries.page(alice, size=2)
    seen = {item.told.pk for _, items in page.spans for item in items}
    newest, last = map(int, page.after.split("-"))
    assert last in seen
    make_comment(make_person(), make_note(make_person()))  # what others are told raises the number too
    assert newest == page.newest
    assert [item.told.note_id for _, items in queries.page(alice, page.after, 2).spans for item in items] == [
        notes[0].pk
    ]
    assert queries.page(alice, size=2).newest > page.newest


def test_the_dot_is_on_while_the_list_shows_something_unread(alice: User, bob: User) -> None:
    Notification.objects.all().delete()
    note, client = make_note(alice), signed_in(alice)
    assert DOT not in client.get("/").content
    Like.objects.create(person=bob, note=note)
    assert client.get("/").content.count(DOT) == 2
    page = client.get("/notifications/")
    assert b"data-unread" in page.content
    assert DOT in client.get("/").content  # reading by GET writes nothing
    newest = page.context["page"].newest
    for _ in range(2):
        assert client.post("/notifications/read/", {"newest": newest}).status_code in {302, 303}
        assert DOT not in client.get("/").content
    assert b"data-unread" not in client.get("/notifications/").content
    make_comment(bob, note)
    client.post("/notifications/read/", {"newest": newest})
    assert DOT in client.get("/").content
    client.post("/notifications/read/", {"newest": 2**62})
    make_comment(bob, note)
    assert DOT in client.get("/").content


@pytest.mark.parametrize("newest", ["", "x", "-1", str(2**70)])
def test_reading_up_to_nonsense_is_refused(alice: User, newest: str) -> None:
    assert signed_in(alice).post("/notifications/read/", {"newest": newest}).status_code == 422


@pytest.mark.parametrize("after", ["x", "1-", "1-2-3", "-1-2", "9" * 30 + "-1", "²-3"])
def test_a_cursor_that_is_none_starts_at_the_top(alice: User, bob: User, after: str) -> None:
    assert len(rows(signed_in(alice), after)) == 1


def test_pages_neither_repeat_nor_skip_while_new_ones_come_in(alice: User, bob: User) -> None:
    Notification.objects.all().delete()
    notes = [make_note(alice) for _ in range(6)]
    people = [make_person() for _ in range(3)]
    for note in notes:
        Like.objects.create(person=people[0], note=note)
    seen: list[int] = []
    after = ""
    for turn in range(3):
        page = queries.page(alice, after, 2)
        seen += [item.told.note_id for _, items in page.spans for item in items]
        after = page.after
        if turn == 0:
            for note in (notes[0], notes[5]):  # one still to come, one already seen
                Like.objects.create(person=people[1], note=note)
            make_comment(bob, notes[3])
    assert seen == [note.pk for note in reversed(notes)]
    assert not after
    assert [item.told.note_id for _, items in queries.page(alice).spans for item in items][:3] == [
        notes[3].pk,
        notes[5].pk,
        notes[0].pk,
    ]


def test_rows_are_told_apart_by_days_of_the_site(alice: User, bob: User) -> None:
    for days in (30, 3, 0):
        Like.objects.create(person=bob, note=make_note(alice))
        newest = Notification.objects.latest("pk")
        Notification.objects.filter(pk=newest.pk).update(created_at=timezone.now() - timedelta(days=days))
    Follow.objects.all().delete()
    page = signed_in(alice).get("/notifications/").content.decode()
    assert re.findall(r"<h2>\s*(.*?)\s*</h2>", page) == ["Today", "This week", "Earlier"]


@pytest.mark.parametrize("number", [1, 3, 24])
def test_query_counts(alice: User, number: int, django_assert_num_queries: object) -> None:
    for place in range(number):
        note = make_note(alice, photos=place % 2)
        person = make_person()
        [Like, Collect][place % 2].objects.create(person=person, note=note)
        if place % 3 == 0:
            make_comment(person, note)
    client = signed_in(alice)
    client.get("/notifications/")
    with django_assert_num_queries(4):  # type: ignore[operator]
        client.get("/notifications/")


def test_others_are_asked_to_sign_in() -> None:
    assert Client().get("/notifications/").status_code == 302
    assert Client().post("/notifications/read/").status_code == 302


def test_a_row_shows_what_is_so_now(alice: User, bob: User) -> None:
    """Its HTML is kept by all that it shows."""
    Notification.objects.all().delete()
    note, client = make_note(alice, "Old title", photos=1), signed_in(alice)
    said = make_comment(bob, note, "Old words")
    assert "Bob Bai" in rows(client)[0]
    for change, shown in (
        (lambda: User.objects.filter(pk=bob.pk).update(name="Bo Be"), "Bo Be"),
        (lambda: Comment.objects.filter(pk=said.pk).update(body="New words"), "New words"),
        (lambda: note.photos.update(token="anothertoken"), "anothertoken"),
        (lambda: type(note).objects.filter(pk=note.pk).update(title="New title"), "New title"),
        (lambda: Follow.objects.create(follower=make_person(), followed=alice), "follows you"),
    ):
        assert shown not in client.get("/notifications/").text
        change()
        assert shown in client.get("/notifications/").text
    client.post("/notifications/read/", {"newest": 2**62})
    assert "New:" not in "".join(rows(client))


def test_a_crowd_leaves_a_comment_unread(alice: User, bob: User) -> None:
    """However many like one note, what was said before counts as read only once it is seen."""
    Notification.objects.all().delete()
    make_comment(bob, make_note(alice), "Still to be read")
    names = [f"crowd_{number}" for number in range(ROWS + 50)]
    crowd = User.objects.bulk_create(
        User(handle=name, name=name, email=f"{name}@campus.test") for name in names
    )
    liked = make_note(alice)
    Like.objects.bulk_create(Like(person=person, note=liked) for person in crowd)
    likes, comment = rows(signed_in(alice))
    assert "and 99+ others liked your note" in likes
    assert "New:" in comment
    assert "Still to be read" in comment
