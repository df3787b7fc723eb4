"""A change of a note's visibility takes effect on every page and file at the next request."""

from collections.abc import Callable

import pytest

from tests.builders import status
from tests.matrix.test_matrix import LISTS
from tests.matrix.world import World, people

pytestmark = pytest.mark.django_db

SURFACES = [path for paths in LISTS.values() for path in paths]


def make_world() -> World:
    made = people()
    made.publish("public")
    made.publish("followers", visibility="followers")
    made.comment("public")
    made.press("follower", f"/notes/{made.notes['public'].pk}/collect/")
    made.look()
    return made


def seen(world: World, role: str, state: str) -> set[str]:
    """Everything that shows the note: its page, its photo by its former name, its actions, every list."""
    note, browser = world.notes[state], world.browsers[role]
    found = {name for name in ("page", "photo") if status(browser, _address(world, state, name)) == 200}
    own = ["/@bob/collections/"] if role == "follower" else []
    names = (note.title, f"{note.get_absolute_url()}<")  # sitemaps have addresses alone
    pages = {path: browser.get(path).text for path in [*SURFACES, *own]}
    found |= {path for path, text in pages.items() if any(name in text for name in names)}
    if role != "anonymous":
        found |= {"like"} if browser.post(f"/notes/{note.pk}/like/").status_code == 303 else set()
        reported = status(browser, f"/report/?note={note.pk}")
        found |= {"report"} if reported == 200 else set()
    return found


def _address(world: World, state: str, name: str) -> str:
    return world.notes[state].get_absolute_url() if name == "page" else world.media[state]


LISTED = {"/", "/?sort=latest", "/?channel=tea", "/tags/tea/", "/labels/tea-person/"}
SEARCHES = set(LISTS["search"])
LISTED |= {"/campuses/linhai-university/", "/@alice/", *LISTS["sitemap_page"], *SEARCHES}
FOR_ALL = {"photo", *LISTS["sitemap_page"]}  # the same for everybody, blocked or not
ALL = {"page", "photo", "like", "report", *LISTED}
MINE = ALL | {"/following/", "/@bob/collections/"}
OF_FOLLOWERS = {"page", "photo", "like", "report", "/@alice/", "/following/", *SEARCHES}

# What is done, and what the stranger and the follower then still meet of the public and of the followers' note.
CHANGES: dict[str, tuple[Callable[[World], None], set[str], set[str], set[str]]] = {
    "nothing": (lambda world: None, ALL, MINE, OF_FOLLOWERS),
    "public to followers": (
        lambda world: world.turn(world.notes["public"], "followers"),
        set(),
        OF_FOLLOWERS - {"photo"} | {"/@bob/collections/"},
        OF_FOLLOWERS,
    ),
    "public to private": (
        lambda world: world.turn(world.notes["public"], "private"),
        set(),
        set(),
        OF_FOLLOWERS,
    ),
    "hidden": (lambda world: world.hide(world.notes["public"]), set(), set(), OF_FOLLOWERS),
    "deleted": (
        lambda world: world.press("author", f"/notes/{world.notes['public'].pk}/delete/"),
        set(),
        set(),
        OF_FOLLOWERS,
    ),
    "unfollow": (
        lambda world: world.press("follower", "/@alice/follow/delete/"),
        ALL,
        ALL | {"/@bob/collections/"},
        set(),
    ),
    "block": (lambda world: world.press("author", "/@bob/block/"), ALL, FOR_ALL, set()),
    "block by the follower": (
        lambda world: world.press("follower", "/@alice/block/"),
        ALL,
        FOR_ALL,
        set(),
    ),
    "mute": (
        lambda world: world.press("follower", "/@alice/mute/"),
        ALL,
        {"page", "like", "report", "/@alice/", "/@bob/collections/", *FOR_ALL},
        OF_FOLLOWERS - {"/following/", *SEARCHES},
    ),
    "followers are approved": (
        lambda world: world.press("author", "/settings/privacy/", approves_followers="on", confirm="on"),
        set(),
        OF_FOLLOWERS - {"photo"} | {"/@bob/collections/"},
        OF_FOLLOWERS,
    ),
    "suspension": (
        lambda world: world.press(
            "moderator", f"/admin/profiles/user/{world.people['author'].pk}/suspend/", reason="Spam."
        ),
        set(),
        set(),
        set(),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_at_the_next_request(world: World, change: str) -> None:
    act, *expected = CHANGES[change]
    world.browsers["signed in"].get("/")  # whatever a browser or a process keeps is warm
    act(world)
    asked = (("signed in", "public"), ("follower", "public"), ("follower", "followers"))
    assert [seen(world, role, state) for role, state in asked] == expected
    visitor = seen(world, "anonymous", "public")
    assert visitor == expected[0] - {"like", "report"}, "as the stranger"
