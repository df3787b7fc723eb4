"""Who sees which collection, in each of its states and on each route: for those who may not, it is not there."""

import re

import pytest
from django.utils import timezone

from notes.collections.actions import follow_collection
from notes.models import Collection
from profiles.models import User
from tests.matrix.test_matrix import Route, check
from tests.matrix.world import NOBODY, ROLES, World, full
from tests.notes.collections.shelving import number, shelve

pytestmark = pytest.mark.django_db

# What each role is answered on the page of a collection of Alice's, and how many notes they find in it. Each has a
# public note of hers, one for followers, a private, a hidden one and a draft; "nothing visible" has all but the first.
TABLE = {
    #                  anonymous, signed in, follower, blocked, author, moderator
    "public": (1, 1, 2, 404, 3, 1),
    "private": (404, 404, 404, 404, 3, 404),
    "hidden": (404, 404, 404, 404, 3, 404),
    "nothing visible": (404, 404, 1, 404, 2, 404),
}
OWN = ("edit", "order", "merge", "delete")
NAMES = [f"Shelf [{state}]" for state in TABLE]


def make_world() -> World:
    return full()


@pytest.fixture
def shelves(world: World) -> dict[str, Collection]:
    for browser in world.browsers.values():
        browser.get("/about/")  # the first answer to a browser tells it which one it is
    alice = world.people["author"]
    assert alice
    states = ("public", "followers", "private reported", "hidden", "draft")
    made = {
        state: shelve(
            alice,
            f"Shelf [{state}]",
            *(world.notes[each] for each in states[state == "nothing visible" :]),
            is_private=state == "private",
        )
        for state in TABLE
    }
    Collection.objects.filter(pk=made["hidden"].pk).update(hidden_at=timezone.now())
    return made


def test_pages(world: World, shelves: dict[str, Collection]) -> None:
    for state, row in TABLE.items():
        address, pk = shelves[state].get_absolute_url(), shelves[state].pk
        slug = re.sub(r"-\d+/$", "", address)
        for role, expected in zip(ROLES, row, strict=True):
            here, nowhere = {"address": address}, {"address": f"{slug}-{NOBODY}/"}
            check(world, role, Route("{address}"), (state, role), expected != 404, here=here, nowhere=nowhere)
            if expected != 404:
                assert number(world.browsers[role].get(address)) == expected, (state, role)
            sees = expected != 404 and role not in {"author", "anonymous"}
            for end in ("follow", "follow/delete"):
                route = Route("/collections/{pk}/" + end + "/", "post", done=303)
                at, elsewhere = {"pk": str(pk)}, {"pk": str(NOBODY)}
                check(world, role, route, (state, role, end), sees, here=at, nowhere=elsewhere)
            for end in OWN:
                route = Route("/collections/{pk}/" + end + "/")
                check(world, role, route, (state, role, end), role == "author", here=at, nowhere=elsewhere)


def test_no_list_has_a_word_of_the_rest(world: World, shelves: dict[str, Collection]) -> None:
    """Nor that of one who followed each while they saw it, and is blocked since."""
    for role in ROLES[1:]:
        person = world.people[role]
        assert isinstance(person, User)
        for each in shelves.values():
            if role != "author":
                follow_collection(person=person, collection=each)
    for index, role in enumerate(ROLES):
        seen = {f"Shelf [{state}]" for state, row in TABLE.items() if row[index] != 404}
        own = ["/collections/"] if role != "anonymous" else []
        for path in ("/@alice/collections/", *own):
            text = world.browsers[role].get(path).text
            assert {name for name in NAMES if name in text} == seen, (role, path)
        for path in ("/", "/@alice/", "/following/", "/notifications/", "/@bob/collections/"):
            text = world.browsers[role].get(path).text
            assert not any(name in text for name in NAMES), (role, path)
        assert (seen == set()) is (role == "blocked")
