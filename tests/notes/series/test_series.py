"""Series of notes: choosing, order, what each viewer finds, limits, and moderation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notes.compose.actions import delete_note
from notes.models import Note, Series
from notes.models import series as limits
from notes.moderation import hide_note, hide_series, restore_series
from notes.series import actions
from notes.series.queries import around
from people.actions.blocks import block
from profiles.models import Follow, User
from tests.builders import make_draft, make_note, make_person, make_photo, signed_in
from tests.markup import form_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(alice: User) -> Client:
    return signed_in(alice)


def made(author: User, number: int = 3, name: str = "First year") -> tuple[Series, list[Note]]:
    series = actions.series_named(author=author, name=name)
    notes = [make_note(author, f"Chapter {place + 1}") for place in range(number)]
    for note in notes:
        actions.put_in_series(note=note, series=series)
    return series, notes


def order(series: Series) -> list[str]:
    return list(series.notes.order_by("series_place", "pk").values_list("title", flat=True))


def choose(client: Client, note: Note, **typed: str) -> int:
    address = f"/notes/{note.pk}/series/"
    return client.post(address, form_in(client.get(address), "series").filled(**typed)).status_code


def test_a_note_is_put_in_a_new_series_and_in_one_that_is_there(author: Client, alice: User) -> None:
    first, second = make_note(alice, "One"), make_note(alice, "Two")
    for _twice in range(2):
        assert choose(author, first, name="First  year") == 303
    assert choose(author, second, name="FIRST YEAR") == 303
    (series,) = Series.objects.all()
    assert (series.name, order(series)) == ("First year", ["One", "Two"])
    other = actions.series_named(author=alice, name="Second year")
    assert choose(author, second, series=str(other.pk)) == 303
    assert (order(series), order(other)) == (["One"], ["Two"]), "in one at most"
    assert choose(author, second, series="none") == 303
    assert order(other) == []


def test_putting_a_note_where_it_is_keeps_its_place(author: Client, alice: User) -> None:
    series, notes = made(alice)
    assert choose(author, notes[0], series=str(series.pk)) == 303
    assert order(series) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize(
    "typed", [{"name": "x" * 41}, {"name": "\u200b"}, {"series": "987654321"}, {"series": "x"}]
)
def test_bad_input_comes_back(author: Client, alice: User, typed: dict[str, str]) -> None:
    note = make_note(alice)
    sent = form_in(author.get(f"/notes/{note.pk}/series/"), "series").filled() | typed
    answer = author.post(f"/notes/{note.pk}/series/", sent)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    note.refresh_from_db()
    assert note.series_id is None


def test_limits_are_said(author: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SERIES_MAX", 1)
    monkeypatch.setattr(actions, "NOTES_MAX", 2)
    series, _notes = made(alice, 2)
    note = make_note(alice)
    sent = {"name": "Another"}
    assert "which is the limit" in words(author.post(f"/notes/{note.pk}/series/", sent))
    sent = {"series": str(series.pk)}
    assert "which is the limit" in words(author.post(f"/notes/{note.pk}/series/", sent))
    assert choose(author, note, name="first year") == 422, "its name leads to the full one"
    assert (limits.SERIES_MAX, limits.NOTES_MAX, len(order(series))) == (100, 200, 2)


def test_only_ones_own_published_notes_and_series(author: Client, alice: User, bob: User) -> None:
    series, notes = made(alice)
    bobs, _theirs = made(bob, 1, "Of Bob")
    stranger = signed_in(bob)
    draft = make_draft(alice, "Draft")
    hidden_from_bob = [
        f"/notes/{notes[0].pk}/series/",
        *(f"/series/{series.pk}/{part}/" for part in ("edit", "order", "delete")),
        f"/series/{series.pk}/notes/{notes[0].pk}/delete/",
    ]
    for address in hidden_from_bob:
        assert stranger.post(address, {"name": "Mine", "move": "1:before:2"}).status_code == 404
        assert Client().post(address).status_code == 302
    assert author.get(f"/notes/{draft.pk}/series/").status_code == 404
    assert author.post(f"/notes/{notes[0].pk}/series/", {"series": str(bobs.pk)}).status_code == 422
    assert author.post(f"/series/{series.pk}/notes/{_theirs[0].pk}/delete/").status_code == 303
    assert (order(series), order(bobs)) == (["Chapter 1", "Chapter 2", "Chapter 3"], ["Chapter 1"])


def test_a_note_is_moved_before_or_after_another(author: Client, alice: User) -> None:
    series, (one, two, three) = made(alice)
    for _twice in range(2):
        answer = author.post(f"/series/{series.pk}/order/", {"move": f"{three.pk}:before:{one.pk}"})
        assert (answer.status_code, answer["Location"]) == (303, f"/series/{series.pk}/edit/")
        assert order(series) == ["Chapter 3", "Chapter 1", "Chapter 2"]
    author.post(f"/series/{series.pk}/order/", {"move": f"{three.pk}:after:{two.pk}"})
    assert order(series) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    script = {"X-Requested-With": "fetch"}
    moved = {"move": f"{two.pk}:before:{one.pk}"}
    assert author.post(f"/series/{series.pk}/order/", moved, headers=script).status_code == 204
    gone = {"move": f"{two.pk}:before:987654321"}
    assert author.post(f"/series/{series.pk}/order/", gone, headers=script).status_code == 409
    for bad in ("", "x", f"{two.pk}:under:{one.pk}", f"{'9' * 30}:before:1", "0:before:0"):
        assert author.post(f"/series/{series.pk}/order/", {"move": bad}).status_code == 422
    assert order(series) == ["Chapter 2", "Chapter 1", "Chapter 3"]


def test_taking_out_of_one_leaves_another(alice: User) -> None:
    (first, notes), (second, _) = made(alice, 1), made(alice, 0, name="Second year")
    actions.put_in_series(note=notes[0], series=second)  # while another window shows it in the first
    actions.take_out(series=first, note=notes[0].pk)
    assert order(second) == [notes[0].title]
    for _twice in range(2):
        actions.take_out(series=second, note=notes[0].pk)
    assert order(second) == []


def test_it_is_renamed_and_its_former_address_leads_on(author: Client, alice: User) -> None:
    series, _notes = made(alice)
    other = actions.series_named(author=alice, name="Taken")
    address = f"/series/{series.pk}/edit/"
    page = form_in(author.get(address), "series")
    assert author.post(address, page.filled(name="TAKEN")).status_code == 422
    assert author.post(address, page.filled(name=" ")).status_code == 422
    answer = author.post(address, page.filled(name="Second year"))
    assert (answer.status_code, answer["Location"]) == (303, f"/@alice/series/second-year-{series.pk}/")
    before = Client().get(f"/@alice/series/first-year-{series.pk}/")
    assert (before.status_code, before["Location"]) == (302, f"/@alice/series/second-year-{series.pk}/")
    assert Client().get(f"/@alice/series/taken-{other.pk}/").status_code == 404, "nothing is in it"
    stale = author.post(address, page.filled(name="Third year"))
    assert stale.status_code == 409, "another window renamed it meanwhile"


def test_deleting_it_leaves_the_notes(author: Client, alice: User) -> None:
    series, notes = made(alice)
    assert "Its notes stay" in words(author.get(f"/series/{series.pk}/delete/"))
    assert author.post(f"/series/{series.pk}/delete/")["Location"] == "/@alice/series/"
    assert author.post(f"/series/{series.pk}/delete/").status_code == 404
    assert not Series.objects.exists()
    assert set(Note.objects.values_list("series", "series_place")) == {(None, None)}
    assert author.get(notes[0].get_absolute_url()).status_code == 200


def test_a_note_leads_to_those_around_it(alice: User) -> None:
    series, (one, two, three) = made(alice)
    page = Client().get(two.get_absolute_url())
    assert "2 of 3" in words(page)
    assert f'href="/notes/{one.pk}/" rel="prev"' in " ".join(page.text.split())
    assert 'rel="next"' in page.text
    assert series.get_absolute_url() in page.text
    assert 'rel="prev"' not in Client().get(one.get_absolute_url()).text
    assert "Next" not in words(Client().get(three.get_absolute_url()))
    assert 'class="around"' not in Client().get(make_note(alice).get_absolute_url()).text


def test_numbers_count_what_the_viewer_may_open(alice: User, bob: User, charlie: User) -> None:
    series, notes = made(alice, 5)
    Note.objects.filter(pk=notes[1].pk).update(visibility="followers")
    Note.objects.filter(pk=notes[2].pk).update(visibility="private")
    hide_note(note=notes[3], by=None, reason="")
    Follow.objects.get_or_create(follower=bob, followed=alice)
    for viewer, number in ((None, 2), (charlie, 2), (bob, 3), (alice, 5)):
        browser = signed_in(viewer)
        page = browser.get(series.get_absolute_url())
        assert page.text.count('class="chapter chapter--link"') == number, viewer
        assert f"{number} notes" in words(page)
        assert f"{number} notes" in words(browser.get("/@alice/series/"))
        assert f"{number} of {number}" in words(browser.get(notes[4].get_absolute_url()))
        unseen = {note.title for note in notes[1:4]} if number == 2 else set()
        assert not [title for title in unseen if title in page.text]


@pytest.mark.parametrize(
    "close",
    [
        lambda series, reader: Note.objects.filter(series=series).update(visibility="private"),
        lambda series, reader: Note.objects.filter(series=series).update(visibility="followers"),
        lambda series, reader: [hide_note(note=note, by=None, reason="") for note in series.notes.all()],
        lambda series, reader: [delete_note(note=note) for note in series.notes.all()],
        lambda series, reader: hide_series(series=series, by=None, reason="Rude."),
        lambda series, reader: block(blocker=series.author, blocked=reader),
        lambda series, reader: block(blocker=reader, blocked=series.author),
        lambda series, reader: User.objects.filter(pk=series.author_id).update(approves_followers=True),
    ],
)
def test_with_nothing_visible_it_is_not_there(close: object, alice: User, charlie: User) -> None:
    series, _notes = made(alice, name="Nobody’s business")
    browser = signed_in(charlie)
    assert browser.get(series.get_absolute_url()).status_code == 200
    assert "/@alice/series/" in browser.get("/@alice/").text
    close(series, charlie)  # type: ignore[operator]
    nothing = browser.get(f"/@alice/series/{series.slug[:-1]}9{series.pk}/")
    for address in (series.get_absolute_url(), f"/@alice/series/{series.pk}/", "/@alice/series/"):
        answer = browser.get(address)
        assert (answer.status_code, nothing.status_code) == (404, 404)
        assert "business" not in answer.text.replace(address, "")
    for note in Note.objects.filter(series=series):
        page = browser.get(note.get_absolute_url())
        assert "business" not in page.text
    assert "/@alice/series/" not in browser.get("/@alice/").text


def test_a_hidden_one_is_its_authors_with_the_reason(alice: User, author: Client) -> None:
    series, notes = made(alice)
    assert hide_series(series=series, by=None, reason="A rude name.")
    assert not hide_series(series=series, by=None, reason="Again.")
    page = words(author.get(series.get_absolute_url()))
    assert "A moderator has hidden this series" in page
    assert "A rude name." in page
    assert "1 of 3" in words(author.get(notes[0].get_absolute_url()))
    assert "1 of 3" not in words(Client().get(notes[0].get_absolute_url()))
    assert restore_series(series=series)
    assert Client().get(series.get_absolute_url()).status_code == 200


def test_moderators_find_and_hide_names(alice: User, mona: User) -> None:
    series, notes = made(alice, name="Rude words")
    private, (closed,) = made(alice, 1, name="Private words")
    Note.objects.filter(pk=closed.pk).update(visibility="private")
    browser = signed_in(mona)
    listed = browser.get("/admin/notes/series/?q=words").text
    assert "Rude words" in listed
    assert "Private words" not in browser.get("/admin/notes/series/").text
    assert browser.get(f"/admin/notes/series/{private.pk}/change/").status_code == 404
    assert browser.post(f"/admin/notes/series/{series.pk}/hide/", {"reason": "Rude."}).status_code == 303
    assert Client().get(series.get_absolute_url()).status_code == 404
    assert Client().get(notes[0].get_absolute_url()).status_code == 200


def test_pages_ask_as_much_for_any_number(alice: User, bob: User) -> None:
    browser = signed_in(bob)

    def asked(number: int) -> list[int]:
        series = actions.series_named(author=alice, name="Growing")
        while series.notes.count() < number:
            note = make_note(alice)
            note.cover = make_photo(alice, note=note)
            note.save()
            actions.put_in_series(note=note, series=series)
            other = actions.series_named(author=alice, name=f"Of {note.pk}")
            actions.put_in_series(note=make_note(alice), series=other)
        counts = []
        for address in (series.get_absolute_url(), "/@alice/series/", note_address(series)):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    def note_address(series: Series) -> str:
        return str(series.notes.earliest("pk").get_absolute_url())

    assert asked(1) == asked(3) == asked(24)


def test_a_note_in_none_costs_no_query(alice: User, bob: User) -> None:
    found = Note.objects.select_related("author").get(pk=make_note(alice).pk)
    with CaptureQueriesContext(connection) as queries:
        assert around(bob, found) is None
    assert not queries.captured_queries


def test_the_menu_of_ones_own_note_leads_there(alice: User, author: Client, bob: User) -> None:
    note = make_note(alice)
    assert f"/notes/{note.pk}/series/" in author.get(note.get_absolute_url()).text
    assert f"/notes/{note.pk}/series/" not in signed_in(bob).get(note.get_absolute_url()).text
    sheet = author.get(f"/notes/{note.pk}/series/", headers={"HX-Request": "true"})
    assert "sheet__head" in sheet.text
    assert "<html" not in sheet.text
    assert "No series yet" in words(author.get("/@alice/series/"))
    assert signed_in(make_person()).get("/@alice/series/").status_code == 404
