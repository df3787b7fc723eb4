"""Many act at once, each with a connection of their own: each is told once, and nothing deadlocks."""

import time
from threading import Event

import pytest
from django.db import transaction

from notes.comments.actions import like_comment, unlike_comment
from notes.compose.actions import delete_note
from notes.models import CommentLike, Like
from notes.reactions.actions import like, unlike
from notifications import actions, queries
from notifications.backends import Backend
from notifications.models import Kind, Notification, NotificationGroup
from notifications.recount import wrong_notifications
from profiles.models import User
from tests.builders import make_comment, make_note, make_person
from tests.notes.compose.test_compose_twice import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_storm_of_likes_is_one_group(alice: User) -> None:
    note = make_note(alice)
    said = make_comment(alice, note)
    people = [make_person() for _ in range(8)]

    def storm(person: User) -> None:
        for _ in range(4):
            like(person=person, note=note)
            like_comment(person=person, comment=said)
            unlike(person=person, note=note)
            unlike_comment(person=person, comment=said)
        like(person=person, note=note)
        if person != people[0]:
            like_comment(person=person, comment=said)

    assert at_once(*(lambda person=person: storm(person) for person in people)) == [None] * 8
    assert Like.objects.count() == 8
    assert CommentLike.objects.count() == 7
    told = Notification.objects.visible_to(alice)
    assert told.filter(kind=Kind.LIKE).count() == 8
    assert told.filter(kind=Kind.COMMENT_LIKE).count() == 7
    assert Notification.objects.count() == 16
    assert NotificationGroup.objects.count() == 2
    assert list(wrong_notifications()) == []


def test_a_note_goes_while_it_is_liked(alice: User) -> None:
    note = make_note(alice)
    people = [make_person() for _ in range(6)]
    like(person=people[0], note=note)

    def attempt(person: User) -> None:
        try:
            like(person=person, note=note)
        except Exception as error:
            assert type(error).__name__ == "IntegrityError", error  # noqa: PT017  the note is gone

    at_once(*(lambda person=person: attempt(person) for person in people[1:]), lambda: delete_note(note=note))
    assert not Notification.objects.exists()
    assert not NotificationGroup.objects.exists()


def test_what_is_told_first_and_committed_last_is_shown_or_stays_unread(alice: User) -> None:
    notes, people = [make_note(alice) for _ in range(2)], [make_person() for _ in range(2)]
    is_told = Event()

    def slow() -> None:
        with transaction.atomic():
            like(person=people[0], note=notes[0])
            is_told.set()
            time.sleep(0.5)

    def reader() -> set[int]:
        is_told.wait(10)
        like(person=people[1], note=notes[1])
        page = queries.page(alice)
        actions.mark_read(person=alice, newest=page.newest)
        return {item.told.pk for _, items in page.spans for item in items}

    _slow, seen = at_once(slow, reader)
    late = set(Notification.objects.values_list("pk", flat=True)) - seen
    found = Backend().get_user(alice.pk)
    assert found
    assert found.has_unread is bool(late)
    assert not late  # the page waited
