"""Collections that are filled, put in order, merged and deleted at once, by processes of their own: no note is there
twice, no place is lost, and no limit is passed.
"""

from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Count

from notes.collections.actions import create_collection, follow_collection, sort_save
from notes.models import Collect, Collection, CollectionFollow, CollectPlace, Note
from tests.builders import make_note, make_person
from tests.notes.collections.shelving import order, shelve
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, crowd, session

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [3, pytest.param(30, marks=pytest.mark.long)]


def assert_all_is_right() -> None:
    call_command("recount", stdout=StringIO())  # exits where anything differs
    twice = (
        CollectPlace.objects.values("collection", "collect").annotate(times=Count("pk")).filter(times__gt=1)
    )
    assert not twice.exists()
    assert not CollectPlace.objects.filter(position__lt=0).exists(), "what is moved is never left aside"


@pytest.mark.parametrize("number", SIZES)
def test_two_windows_and_more_put_one_collection_in_order(web_server: WebServer, number: int) -> None:
    owner, author, random = make_person(), make_person(), Random(number)
    notes = [make_note(author) for _ in range(12)]
    collection, own = shelve(owner, "Desks", *notes), session(owner)
    before = sorted(order(collection))
    path, posts = f"/collections/{collection.pk}/order/", []
    for turn in range(number * 16):
        note, other = random.sample(before, 2)
        move = f"{note}:{'before' if turn % 2 else 'after'}:{other}"
        posts.append(Post(own, path, (("move", move),)))
    assert storm(web_server.port, posts) == {303: len(posts)}
    assert sorted(order(collection)) == before
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_a_collection_is_filled_while_it_is_ordered_merged_and_emptied(
    web_server: WebServer, number: int
) -> None:
    owner, author = make_person(), make_person()
    own, theirs = session(owner), session(author)
    posts = []
    for _ in range(number):
        notes = [make_note(author) for _ in range(6)]
        one, other = (shelve(owner, f"{name} {notes[0].pk}", *notes[:4]) for name in ("One", "Other"))
        choose = (("collection", str(one.pk)), ("collection", str(other.pk)), ("remark", "Later"))
        posts += [
            Post(own, f"/notes/{notes[4].pk}/collections/", choose),
            Post(own, f"/collections/{one.pk}/order/", (("move", f"{notes[0].pk}:before:{notes[3].pk}"),)),
            Post(own, f"/notes/{notes[1].pk}/collect/delete/"),
            Post(own, f"/collections/{one.pk}/merge/", (("into", str(other.pk)),)),
            Post(own, f"/notes/{notes[5].pk}/collections/", choose),
            Post(theirs, f"/notes/{notes[2].pk}/delete/"),
            Post(own, f"/collections/{other.pk}/order/", (("move", f"{notes[3].pk}:after:{notes[0].pk}"),)),
            Post(own, f"/notes/{notes[1].pk}/collections/", choose),
            Post(own, f"/collections/{other.pk}/notes/{notes[0].pk}/delete/"),
            Post(own, f"/collections/{one.pk}/delete/"),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 404, 422), statuses
    assert_all_is_right()
    saved = set(Collect.objects.filter(person=owner).values_list("note", flat=True))
    for collection in Collection.objects.all():
        assert set(order(collection)) <= saved


@pytest.mark.parametrize("number", SIZES)
def test_the_same_name_by_many_windows_makes_one(web_server: WebServer, number: int) -> None:
    owner, note = make_person(), make_note(make_person())
    own = session(owner)
    posts = [Post(own, "/collections/new/", (("name", "Desks"),)) for _ in range(number * 4)]
    posts += [Post(own, f"/notes/{note.pk}/collections/", (("name", "desks"),)) for _ in range(number * 4)]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 422), statuses
    assert Collection.objects.count() == Collect.objects.count() == CollectPlace.objects.count() == 1
    assert_all_is_right()


def test_the_limit_holds_against_many_at_once(web_server: WebServer) -> None:
    owner = make_person()
    Collection.objects.bulk_create(Collection(owner=owner, name=f"Shelf {place}") for place in range(496))
    own = session(owner)
    statuses = storm(
        web_server.port, [Post(own, "/collections/new/", (("name", f"New {turn}"),)) for turn in range(16)]
    )
    assert statuses == {303: 4, 422: 12}
    assert Collection.objects.count() == 500


@pytest.mark.parametrize("number", SIZES)
def test_a_follow_and_a_block_at_once_leave_no_follow(web_server: WebServer, number: int) -> None:
    owner, note = make_person(), make_note(make_person())
    collection = shelve(owner, "Desks", note)
    people = crowd(number * 2)
    posts = []
    for person in people:
        sent_by = session(person)
        posts += [
            Post(sent_by, f"/collections/{collection.pk}/follow/"),
            Post(session(owner), f"/@{person.handle}/block/"),
            Post(sent_by, f"/collections/{collection.pk}/follow/"),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 404), statuses
    assert not CollectionFollow.objects.exists()


@pytest.mark.long
def test_ten_thousand_notes_in_one_are_moved_and_counted(web_server: WebServer) -> None:
    """As many as fit: the last goes to the front, one more is refused, and the page is there."""
    owner, author = make_person(), make_person()
    made = Note.objects.bulk_create(
        Note(author=author, title=f"Note {place}", status="published", published_at=author.date_joined)
        for place in range(10_001)
    )
    saves = Collect.objects.bulk_create(Collect(person=owner, note=note) for note in made)
    collection = create_collection(owner=owner, name="Everything", is_private=False)
    CollectPlace.objects.bulk_create(CollectPlace(collection=collection, collect=save) for save in saves[:-1])
    first, *_, last = order(collection)
    own = session(owner)
    move = Post(own, f"/collections/{collection.pk}/order/", (("move", f"{last}:before:{first}"),))
    one_more = Post(own, f"/notes/{made[-1].pk}/collections/", (("collection", str(collection.pk)),))
    page = Post(own, collection.get_absolute_url(), None)
    for sent, status in ((move, 303), (one_more, 422), (page, 200)):
        assert storm(web_server.port, [sent]) == {status: 1}
    assert order(collection)[:2] == [last, first]
    assert CollectPlace.objects.filter(collection=collection).count() == 10_000
    assert follow_collection(person=make_person(), collection=collection)
    sort_save(person=owner, note=made[-1], add=[], remove=[collection.pk])
