"""Collections: made, filled, changed, merged and deleted, by their owner alone."""

import pytest
from django.core.management import call_command
from django.test import Client

from notes.collections import actions
from notes.models import Collect, Collection, CollectPlace, Note
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.markup import form_in, listed
from tests.notes.collections.shelving import order, shelve

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, "A window seat")


def test_one_is_made_filled_and_found(note: Note, bob: User) -> None:
    browser = signed_in(bob)
    sent = form_in(browser.get("/collections/new/"), "collection").filled(
        name="Places  to sit", description="Quiet first."
    )
    made = browser.post("/collections/new/", sent)
    collection = Collection.objects.get()
    address = f"/@bob/collections/places-to-sit-{collection.pk}/"
    assert (made.status_code, made["Location"]) == (303, address)
    assert collection.is_private, "unless its owner says otherwise"
    choose = f"/notes/{note.pk}/collections/"
    sent = form_in(browser.get(choose), "choose").filled(
        collection=str(collection.pk), remark="For exam week"
    )
    assert browser.post(choose, sent).status_code == 303
    save = Collect.objects.get(person=bob, note=note)
    assert save.remark == "For exam week"
    assert listed(browser.get(address)) == [note.pk]
    for page in ("/@bob/collections/", "/collections/"):
        assert "Places to sit" in browser.get(page).text
    assert form_in(browser.get(choose), "choose").fields["collection"] == [str(collection.pk)]


@pytest.mark.parametrize("name", ["Desks", "ΟΔΟΣ", "İstanbul", "Straße"])
def test_the_same_form_twice_makes_one(bob: User, name: str) -> None:
    browser = signed_in(bob)
    words = {"name": name, "description": "", "visibility": "public"}
    answers = [browser.post("/collections/new/", words)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert Collection.objects.count() == 1
    other = browser.post("/collections/new/", words | {"description": "Mine"})
    assert other.status_code == 422
    assert "You have another collection with this name." in other.text
    assert form_in(other, "collection").fields["description"] == ["Mine"]


def test_a_name_in_upper_case_is_the_same(bob: User) -> None:
    shelve(bob, "Desks")
    again = signed_in(bob).post("/collections/new/", {"name": "DESKS", "visibility": "public"})
    assert again.status_code == 422


def test_a_name_is_anothers_to_use_too(bob: User, charlie: User) -> None:
    assert shelve(bob, "Desks").pk != shelve(charlie, "Desks").pk


def test_renaming_changes_the_address_and_the_old_one_leads_there(bob: User) -> None:
    collection, browser = shelve(bob, "Desks"), signed_in(bob)
    former = collection.get_absolute_url()
    edit = f"/collections/{collection.pk}/edit/"
    sent = form_in(browser.get(edit), "collection").filled(name="自习 座位", visibility="public")
    assert (
        browser.post(edit, sent)["Location"]
        == f"/@bob/collections/%E8%87%AA%E4%B9%A0-%E5%BA%A7%E4%BD%8D-{collection.pk}/"
    )
    answer = browser.get(former)
    assert answer.status_code == 302
    assert browser.get(answer["Location"]).status_code == 200
    assert signed_in(make_person()).get(former).status_code == 404, "nothing is in it"


@pytest.mark.parametrize("name", ["★", "١٢", "🌱🌱", "a" * 40, "İstanbul", "../x", "7"])
def test_whatever_it_is_called_it_has_a_page(note: Note, bob: User, name: str) -> None:
    collection = shelve(bob, name, note)
    assert signed_in(None).get(collection.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        {"name": ""},
        {"name": " \u200b"},
        {"name": "a" * 41},
        {"name": "a\0"},
        {"name": "a", "description": "b" * 301},
    ],
)
def test_bad_input_is_refused_with_the_words(bob: User, words: dict[str, str]) -> None:
    answer = signed_in(bob).post("/collections/new/", {"visibility": "public", **words})
    assert answer.status_code == 422
    assert not Collection.objects.exists()
    assert form_in(answer, "collection").fields["visibility"] == ["public"]


def test_another_window_is_not_overwritten_unseen(bob: User) -> None:
    collection, browser = shelve(bob, "Desks"), signed_in(bob)
    edit = f"/collections/{collection.pk}/edit/"
    first = form_in(browser.get(edit), "collection")
    Collection.objects.filter(pk=collection.pk).update(description="From the other window")
    again = browser.post(edit, first.filled(description="From this window"))
    assert again.status_code == 409
    assert browser.post(edit, form_in(again, "collection").filled()).status_code == 303


def test_deleting_a_collection_unsaves_nothing(note: Note, bob: User) -> None:
    collection, browser = shelve(bob, "Desks", note), signed_in(bob)
    address = f"/collections/{collection.pk}/delete/"
    assert "Delete this collection?" in browser.get(address).text
    assert browser.post(address).status_code == 303
    assert not Collection.objects.exists()
    assert Collect.objects.filter(person=bob, note=note).exists()
    assert listed(browser.get("/@bob/collections/")) == [note.pk]
    assert browser.post(address).status_code == 404


def test_unsaving_takes_a_note_out_of_every_collection(note: Note, bob: User) -> None:
    both = [shelve(bob, name, note) for name in ("Desks", "Windows")]
    signed_in(bob).post(f"/notes/{note.pk}/collect/delete/")
    assert [order(each) for each in both] == [[], []]


def test_taking_a_note_out_leaves_it_saved(note: Note, bob: User, charlie: User) -> None:
    collection = shelve(bob, "Desks", note)
    address = f"/collections/{collection.pk}/notes/{note.pk}/delete/"
    assert signed_in(charlie).post(address).status_code == 404
    for _ in range(2):
        assert signed_in(bob).post(address).status_code == 303
    assert order(collection) == []
    assert Collect.objects.filter(person=bob, note=note).exists()


def test_merging_keeps_every_note_once_by_when_it_was_added(alice: User, bob: User) -> None:
    notes = [make_note(alice) for _ in range(5)]
    one, other = shelve(bob, "One"), shelve(bob, "Other")
    for place, note in enumerate(notes):
        target = [one.pk, other.pk] if place == 2 else [(one if place % 2 else other).pk]
        actions.sort_save(person=bob, note=note, add=target, remove=[])
    browser, merge = signed_in(bob), f"/collections/{one.pk}/merge/"
    sent = form_in(browser.get(merge), "").filled(into=str(other.pk))
    assert browser.post(merge, sent)["Location"] == other.get_absolute_url()
    assert order(other) == [note.pk for note in reversed(notes)]
    assert list(Collection.objects.values_list("name", flat=True)) == ["Other"]
    assert browser.post(merge, sent).status_code == 404


def test_merging_into_anothers_or_itself_is_refused(bob: User, charlie: User) -> None:
    mine, theirs = shelve(bob, "Mine"), shelve(charlie, "Theirs")
    browser = signed_in(bob)
    for into in (mine.pk, theirs.pk, 987, "x", ""):
        assert browser.post(f"/collections/{mine.pk}/merge/", {"into": into}).status_code == 422
    assert Collection.objects.count() == 2


def test_everything_of_anothers_is_not_there(note: Note, bob: User, charlie: User) -> None:
    theirs = shelve(charlie, "Theirs", note)
    browser, words = signed_in(bob), {"name": "Mine", "into": "1", "move": f"{note.pk}:before:{note.pk}"}
    for end in ("edit/", "order/", "merge/", "delete/"):
        for pk in (theirs.pk, 987_654):
            assert browser.get(f"/collections/{pk}/{end}").status_code == 404
            assert browser.post(f"/collections/{pk}/{end}", words).status_code == 404
    assert Collection.objects.get().name == "Theirs"


def test_two_windows_do_not_undo_one_another(note: Note, bob: User) -> None:
    one, other, third = (shelve(bob, name) for name in ("One", "Other", "Third"))
    browser, choose = signed_in(bob), f"/notes/{note.pk}/collections/"
    actions.sort_save(person=bob, note=note, add=[third.pk], remove=[])
    windows = [form_in(browser.get(choose), "choose") for _ in range(2)]
    browser.post(choose, windows[0].filled(collection=[str(one.pk), str(third.pk)]))
    browser.post(choose, windows[1].filled(collection=[str(other.pk)]))
    inside = CollectPlace.objects.filter(collect__note=note).values_list("collection", flat=True)
    assert set(inside) == {one.pk, other.pk}, "both added, and the second took it out of the third"


def test_a_new_collection_by_its_name(note: Note, bob: User) -> None:
    browser, choose = signed_in(bob), f"/notes/{note.pk}/collections/"
    there = shelve(bob, "Desks")
    for name in ("Windows", "Windows", "desks"):
        assert browser.post(choose, {"name": name}).status_code == 303
    assert Collection.objects.count() == 2
    assert order(there) == [note.pk]


def test_what_is_gone_or_anothers_is_passed_over(note: Note, bob: User, charlie: User) -> None:
    theirs = shelve(charlie, "Theirs")
    sent = {"collection": [str(theirs.pk), "987654", "9" * 30], "was": ["x", "5"], "remark": "Mine"}
    assert signed_in(bob).post(f"/notes/{note.pk}/collections/", sent).status_code == 303
    assert order(theirs) == []
    assert Collect.objects.get(person=bob).remark == "Mine"


def test_the_dialog_and_the_page_hold_what_was_typed(note: Note, bob: User) -> None:
    browser, choose = signed_in(bob), f"/notes/{note.pk}/collections/"
    for headers in ({}, HTMX):
        answer = browser.post(choose, {"remark": "x" * 201, "name": "Desks"}, headers=headers)
        assert answer.status_code == 422
        form = form_in(answer, "choose")
        assert (form.fields["name"], form.fields["remark"]) == (["Desks"], ["x" * 201])
        assert ("<html" in answer.text) == (headers == {})
    assert not Collect.objects.exists()


def test_a_remark_is_its_owners_alone(note: Note, alice: User, bob: User) -> None:
    collection = shelve(bob, "Desks", note)
    actions.sort_save(person=bob, note=note, add=[], remove=[], remark="SECRET")
    pages = [note.get_absolute_url(), collection.get_absolute_url(), f"/notes/{note.pk}/collections/"]
    for viewer in (alice, make_person(), None):
        assert all("SECRET" not in signed_in(viewer).get(page).text for page in pages)
    browser = signed_in(bob)
    assert "SECRET" in browser.get(pages[2]).text
    assert "SECRET" in browser.get(f"/collections/{collection.pk}/order/").text


def test_limits_are_said(note: Note, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "COLLECTIONS_MAX", 2)
    monkeypatch.setattr(actions, "PLACES_MAX", 1)
    one, other = shelve(bob, "One", note), shelve(bob, "Other", note)
    browser = signed_in(bob)
    words = {"name": "Third", "description": "Kept"}
    full = browser.post("/collections/new/", words)
    assert full.status_code == 422
    assert "which is the limit" in full.text
    assert form_in(full, "collection").fields["description"] == ["Kept"]
    more = make_note(note.author)
    choose = f"/notes/{more.pk}/collections/"
    for sent in ({"name": "Third", "remark": "Kept"}, {"collection": [str(one.pk)], "remark": "Kept"}):
        answer = browser.post(choose, sent)
        assert answer.status_code == 422
        assert "which is the limit" in answer.text
        assert form_in(answer, "choose").fields["remark"] == ["Kept"]
    assert not Collect.objects.filter(note=more).exists(), "all of it or nothing"
    actions.remove_from_collection(collection=other, note=note.pk)
    actions.sort_save(person=bob, note=more, add=[other.pk], remove=[])
    answer = browser.post(f"/collections/{one.pk}/merge/", {"into": other.pk})
    assert answer.status_code == 422
    assert "which is the limit" in answer.text
    assert Collection.objects.count() == 2


def test_a_visitor_signs_in_first(note: Note, bob: User) -> None:
    collection = shelve(bob, "Desks", note)
    for path in (
        "/collections/",
        "/collections/new/",
        f"/notes/{note.pk}/collections/",
        f"/collections/{collection.pk}/edit/",
    ):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_saving_by_one_tap_stays_and_leads_on(note: Note, bob: User) -> None:
    browser = signed_in(bob)
    fragment = browser.post(f"/notes/{note.pk}/collect/", headers=HTMX).text
    assert f'href="/notes/{note.pk}/collections/"' in fragment
    assert not Collection.objects.exists()
    page = browser.get(browser.post(f"/notes/{note.pk}/collect/", {"next": "/"})["Location"])
    assert f'href="/notes/{note.pk}/collections/"' in page.text
    call_command("recount")
