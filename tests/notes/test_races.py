"""Concurrent writes: every person gets a plain answer, and no row refers to nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from notes.models import Collect, Comment, Like, Note
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, make_photo, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def statuses(*posts: tuple[User, str, dict]) -> list[int]:
    """What each person's browser is answered when all of them send at the same moment."""
    start = Barrier(len(posts))

    def send(person: User, address: str, data: dict[str, Any]) -> int:
        try:
            browser = signed_in(person)
            start.wait(20)
            return browser.post(address, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as threads:
        return [answer.result() for answer in [threads.submit(send, *post) for post in posts]]


def test_reactions_to_a_note_that_is_being_deleted(alice: User) -> None:
    people = [make_person() for _ in range(6)]
    for _round in range(5):
        note = make_note(alice)
        make_photo(alice, note=note)
        address = note.get_absolute_url()
        reactions = [
            (person, f"{address}{path}/", {"body": "Nice."}) for person in people for path in ("like",)
        ]
        reactions += [
            (people[0], f"{address}collect/", {}),
            (people[1], f"{address}comments/", {"body": "Nice."}),
        ]
        answers = statuses((alice, f"{address}delete/", {}), *reactions)
        assert answers[0] == 303
        assert set(answers[1:]) <= {303, 404}
        assert not any(model.objects.exists() for model in (Note, Like, Collect, Comment))


def test_deleting_twice_at_once(alice: User) -> None:
    for _round in range(3):
        address = f"{make_note(alice).get_absolute_url()}delete/"
        answers = statuses((alice, address, {}), (alice, address, {}))
        assert set(answers) <= {303, 404}
        assert 303 in answers
        assert not Note.objects.exists()


def test_one_person_reacting_many_times_at_once(alice: User, bob: User) -> None:
    note = make_note(alice)
    other = make_note(alice)
    addresses = [
        f"{target.get_absolute_url()}{kind}/" for target in (note, other) for kind in ("like", "collect")
    ]
    assert set(statuses(*((bob, address, {}) for address in addresses * 3))) == {303}
    for target in (note, other):
        target.refresh_from_db()
        assert (target.like_count, target.collect_count) == (1, 1)
    assert Collect.objects.count() == 2


def test_a_comment_that_is_deleted_while_others_act_on_it(alice: User, bob: User) -> None:
    people = [make_person() for _ in range(3)]
    for _round in range(4):
        note = make_note(alice)
        comment = make_comment(bob, note)
        address = f"/comments/{comment.pk}/"
        reply = {"body": "Nice.", "parent": comment.pk}
        answers = statuses(
            (bob, f"{address}delete/", {}),
            (alice, f"{address}pin/", {}),
            (bob, f"{address}edit/", {"body": "Better"}),
            (people[0], f"{note.get_absolute_url()}comments/", reply),
            *((person, f"{address}like/", {}) for person in people),
        )
        assert answers[0] == 303
        assert set(answers[1:]) <= {303, 404}
        comment.refresh_from_db()
        assert (comment.body, comment.pinned_at, comment.like_count) == ("", None, 0)
        assert not comment.likes.exists()
    call_command("recount")


def test_many_who_like_and_unlike_comments_of_one_note_at_once(alice: User) -> None:
    people = [make_person() for _ in range(4)]
    note = make_note(alice)
    said = [make_comment(alice, note), make_comment(alice, note)]
    acts = [f"/comments/{comment.pk}/like/{undo}" for comment in said for undo in ("", "delete/")]
    assert set(statuses(*((person, act, {}) for person in people for act in acts))) == {303}
    call_command("recount")


def test_two_pins_at_once_leave_one(alice: User) -> None:
    note = make_note(alice)
    said = [make_comment(alice, note) for _ in range(4)]
    assert set(statuses(*((alice, f"/comments/{each.pk}/pin/", {}) for each in said))) == {303}
    assert Comment.objects.filter(pinned_at__isnull=False).count() == 1
