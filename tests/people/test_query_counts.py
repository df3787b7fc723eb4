"""A page makes the same number of queries, however much it shows."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Follow, User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in

_number = count()


def one_more_note(author: User) -> None:
    make_note(author, photos=1, tags=[f"tag {next(_number)}"], campus=make_campus(f"Campus {next(_number)}"))


def one_more_label(alice: User) -> None:
    """Each label by another person, at another campus, with another avatar."""
    person = make_person(
        campus=make_campus(f"Campus {next(_number)}"), avatar_token=f"{next(_number)}", avatar_folder="a"
    )
    topic = f"topic {next(_number)}"
    make_label(person, "Night library", topics=[topic])
    make_note(person, photos=1, tags=[topic], campus=make_campus(f"Campus {next(_number)}"))
    Follow.objects.create(follower=person, followed=alice)
    Follow.objects.create(follower=alice, followed=person)


def one_more_at_campus(alice: User) -> None:
    make_note(make_person(), photos=1, campus=make_campus("Linhai University"))


PAGES: list[tuple[str, Callable[[User], None], int, int]] = [
    ("/@alice/", one_more_note, 6, 10),
    ("/@alice/followers/", one_more_label, 4, 7),
    ("/@alice/following/", one_more_label, 4, 7),
    ("/labels/night-library/", one_more_label, 5, 11),
    ("/campuses/linhai-university/", one_more_at_campus, 2, 6),
]


@pytest.mark.parametrize(("path", "one_more", "anonymous", "signed"), PAGES)
def test_the_same_number_of_queries_for_1_3_and_24(
    alice: User, bob: User, path: str, one_more: Callable[[User], None], anonymous: int, signed: int
) -> None:
    Follow.objects.bulk_create(Follow(follower=bob, followed=make_person()) for _ in range(50))
    make_label(alice, "Campus plog")
    asked: dict[str, list[int]] = {"anonymous": [], "signed in": []}
    shown = 0
    for number in (1, 3, 24):
        while shown < number:
            one_more(alice)
            shown += 1
        for name, viewer in (("anonymous", None), ("signed in", bob)):
            client: Any = signed_in(viewer)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            asked[name].append(len(queries))
    print(path, asked)
    assert len(set(asked["anonymous"])) == len(set(asked["signed in"])) == 1, asked
    assert asked["anonymous"][0] <= anonymous, asked
    assert asked["signed in"][0] <= signed, asked
