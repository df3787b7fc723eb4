""" "Less like this" by each role: which lists leave the note out, for whom, and until when."""

import pytest

from notes.models import Less
from tests.markup import listed
from tests.matrix.test_matrix import LISTS
from tests.matrix.world import ROLES, World, full

pytestmark = pytest.mark.django_db
# Lists that a person asks for by name, and that nothing but visibility narrows.
STAY = {"profile", "following", "sitemap_page"}
ASKING = ("signed in", "follower", "moderator")


def make_world() -> World:
    return full()


def found(world: World, role: str) -> set[str]:
    """The lists that hold the public note."""
    label, note = world.people["author"].positionings.get().pk, world.notes["public"].pk
    browser = world.browsers[role]
    paths = [(name, path.format(label=label)) for name, paths in LISTS.items() for path in paths]
    return {path for name, path in paths if name != "sitemap_page" and note in listed(browser.get(path))}


@pytest.mark.parametrize("asking", ASKING)
def test_the_note_leaves_the_lists_of_who_asked_and_of_nobody_else(world: World, asking: str) -> None:
    note = world.notes["public"]
    before = {role: found(world, role) for role in ROLES}
    label = world.people["author"].positionings.get().pk
    stay = {path.format(label=label) for name in STAY for path in LISTS[name]}
    assert world.browsers[asking].post(f"/notes/{note.pk}/less/").status_code == 303
    after = {role: found(world, role) for role in ROLES}
    assert after[asking] == before[asking] & stay
    assert {role: after[role] for role in ROLES if role != asking} == {
        role: before[role] for role in ROLES if role != asking
    }
    assert world.browsers[asking].get(note.get_absolute_url()).status_code == 200
    assert world.browsers[asking].post(f"/notes/{note.pk}/less/delete/").status_code == 303
    assert found(world, asking) == before[asking]


def test_only_others_notes_that_one_sees(world: World) -> None:
    """The author and those who are blocked are answered as if the note were not there, and nothing is stored."""
    note = world.notes["public"]
    for role in ("author", "blocked"):
        assert world.browsers[role].post(f"/notes/{note.pk}/less/").status_code == 404
    assert world.browsers["anonymous"].post(f"/notes/{note.pk}/less/").status_code == 302
    assert not Less.objects.exists()
