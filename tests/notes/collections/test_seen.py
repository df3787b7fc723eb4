"""Who sees which collection, and that its number is that of its cards."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from notes.collections.actions import follow_collection
from notes.models import Collection, CollectionFollow, Note
from notes.moderation import hide_note
from people.actions.blocks import block, mute
from profiles.models import Follow, User
from tests.builders import make_label, make_note, make_person, signed_in
from tests.notes.collections.shelving import cards, number, shelve, tile_numbers

pytestmark = pytest.mark.django_db
NAME = "Places to sit"


@pytest.fixture
def owner() -> User:
    return make_person("olive", name="Olive Ou")


@pytest.fixture
def notes(alice: User, owner: User) -> dict[str, Note]:
    """Notes by Alice in each state, and one of the owner's own."""
    return {
        "public": make_note(alice, "Public one"),
        "followers": make_note(alice, "Followers one", visibility="followers"),
        "private": make_note(alice, "Private one", visibility="private"),
        "hidden": make_note(alice, "Hidden one"),
        "gone": make_note(alice, "Gone one"),
        "own": make_note(owner, "Own one", visibility="private"),
    }


@pytest.fixture
def collection(owner: User, notes: dict[str, Note]) -> Collection:
    made = shelve(owner, NAME, *notes.values())
    hide_note(note=notes["hidden"], by=make_person(), reason="No ads.")
    notes["gone"].delete()
    return made


def titles(viewer: User | None, collection: Collection) -> set[str] | None:
    found = cards(viewer, collection)
    return None if found is None else set(Note.objects.filter(pk__in=found).values_list("title", flat=True))


def test_each_sees_what_they_may_and_the_number_is_that_of_the_cards(
    collection: Collection, owner: User, alice: User, bob: User, charlie: User, mona: User
) -> None:
    blocked = make_person("dana")
    block(blocker=alice, blocked=blocked)
    public = {"Public one"}
    for viewer, expected in (
        (None, public),
        (charlie, public),
        (mona, public),
        (bob, {*public, "Followers one"}),  # who follows Alice
        (alice, {*public, "Followers one", "Private one"}),
        (owner, {*public, "Own one"}),
        (blocked, None),
    ):
        assert titles(viewer, collection) == expected, viewer
        browser = signed_in(viewer)
        page = browser.get(collection.get_absolute_url())
        assert page.status_code == (404 if expected is None else 200)
        if expected is not None:
            assert number(page) == len(expected)
        for address in ("/@olive/collections/", *(["/collections/"] if viewer == owner else [])):
            shown = tile_numbers(browser, address)
            assert shown == ({} if expected is None else {NAME: len(expected)}), (viewer, address)
        if expected is None:
            assert NAME not in browser.get("/@olive/collections/").text


CLOSED: dict[str, Callable[[Collection, User], None]] = {
    "private": lambda collection, follower: Collection.objects.filter(pk=collection.pk).update(
        is_private=True
    ),
    "hidden": lambda collection, follower: Collection.objects.filter(pk=collection.pk).update(
        hidden_at=timezone.now()
    ),
    "blocked": lambda collection, follower: block(blocker=collection.owner, blocked=follower),
    "blocking": lambda collection, follower: block(blocker=follower, blocked=collection.owner),
    "suspended": lambda collection, follower: User.objects.filter(pk=collection.owner_id).update(
        suspended_at=timezone.now()
    ),
    "approving": lambda collection, follower: User.objects.filter(pk=collection.owner_id).update(
        approves_followers=True
    ),
    "nothing visible": lambda collection, follower: Note.objects.update(visibility="private"),
    "deleted": lambda collection, follower: Collection.objects.filter(pk=collection.pk).delete() and None,
}


@pytest.mark.parametrize("how", CLOSED)
def test_a_followed_collection_that_closes_leaves_no_word(
    alice: User, charlie: User, owner: User, how: str
) -> None:
    collection = shelve(owner, NAME, make_note(alice))
    browser = signed_in(charlie)
    follow = f"/collections/{collection.pk}/follow/"
    assert browser.post(follow).status_code == 303
    browser.get("/")  # which says so
    address = collection.get_absolute_url()
    assert NAME in browser.get("/collections/").text
    CLOSED[how](collection, charlie)
    for page in ("/collections/", "/@olive/collections/", address, "/@charlie/collections/", "/@olive/"):
        assert NAME not in browser.get(page).text, page
    nowhere = browser.get(f"/@olive/collections/{'x' * 14}-987654/")
    assert browser.get(address).status_code == nowhere.status_code == 404
    for end in ("", "delete/"):
        assert browser.post(f"{follow}{end}").status_code == 404
    if how in {"blocked", "blocking"}:
        assert not CollectionFollow.objects.exists()


def test_followers_of_who_approves_them_see_public_collections(alice: User, bob: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    alice.refresh_from_db()
    collection = shelve(alice, NAME, make_note(make_person()))
    assert titles(charlie, collection) is None
    assert len(titles(bob, collection) or ()) == 1
    Follow.objects.all().delete()
    assert titles(bob, collection) is None


def test_following_is_idempotent_and_only_of_others(alice: User, charlie: User, owner: User) -> None:
    collection = shelve(owner, NAME, make_note(alice))
    path = f"/collections/{collection.pk}/follow/"
    browser = signed_in(charlie)
    for end, there in (("", 1), ("", 1), ("delete/", 0), ("delete/", 0)):
        fragment = browser.post(path + end, headers={"HX-Request": "true"})
        assert fragment.text.lstrip().startswith("<button")
        assert CollectionFollow.objects.count() == there
    assert signed_in(owner).post(path).status_code == 404
    for end in ("", "delete/"):
        assert signed_in(None).post(path + end).status_code == 302
        assert browser.get(path + end).status_code == 405


def test_a_block_that_comes_first_ends_the_follow(alice: User, charlie: User, owner: User) -> None:
    collection = shelve(owner, NAME, make_note(alice))
    block(blocker=owner, blocked=charlie)
    assert not follow_collection(person=charlie, collection=collection)


def test_the_muted_stay_out_of_anothers_collection_and_in_ones_own(
    alice: User, charlie: User, owner: User
) -> None:
    note, tagged = make_note(alice), make_note(make_person(), tags=["tea"])
    for person in (owner, charlie):
        mute(muter=person, muted=alice)
        User.objects.filter(pk=person.pk).update(muted_words=["#tea"])
        person.refresh_from_db()
    collection = shelve(owner, NAME, note, tagged, make_note(make_person()))
    assert (
        len(cards(charlie, collection) or [])
        == number(signed_in(charlie).get(collection.get_absolute_url()))
        == 1
    )
    assert len(cards(owner, collection) or []) == 3


def test_the_cover_falls_to_the_next_visible_note(alice: User, bob: User, owner: User) -> None:
    notes = [make_note(alice, f"Cover {place}", photos=1) for place in range(5)]
    shelve(owner, NAME, *notes)
    tokens = [note.cover.token for note in reversed(notes) if note.cover]
    page = signed_in(bob).get("/@olive/collections/").text
    assert [token in page for token in tokens] == [True, True, True, False, False]
    notes[4].delete()
    Note.objects.filter(pk=notes[2].pk).update(visibility="private")
    page = signed_in(bob).get("/@olive/collections/").text
    assert [token in page for token in tokens] == [False, True, False, True, True]


def test_many_pages_have_as_many_cards_as_the_number(alice: User, charlie: User, owner: User) -> None:
    notes = [make_note(alice, visibility="private" if place % 3 else "public") for place in range(90)]
    collection = shelve(owner, NAME, *notes)
    found = cards(charlie, collection) or []
    assert (
        len(found) == len(set(found)) == 30 == number(signed_in(charlie).get(collection.get_absolute_url()))
    )


def test_the_profile_leads_there(alice: User, charlie: User) -> None:
    make_label(alice, "Window seats")
    assert 'href="/@alice/collections/"' in signed_in(charlie).get("/@alice/").text
    assert "No collections here" in signed_in(charlie).get("/@alice/collections/").text
