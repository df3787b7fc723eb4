"""A series made by its name, and several notes added to it at once; what a link to it shows elsewhere."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.db.keyset import PAGE_SIZE
from notes.models import Note, Series
from notes.moderation import hide_series
from notes.series import actions
from profiles.models import Follow, User
from tests.builders import make_draft, make_note, make_photo, signed_in
from tests.markup import form_in, words
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def series(alice: User) -> Series:
    return actions.series_named(author=alice, name="First year")


def order(series: Series) -> list[str]:
    return list(series.notes.order_by("series_place", "pk").values_list("title", flat=True))


def add(client: Client, series: Series, *notes: Note | int, **more: str) -> int:
    chosen = [str(getattr(note, "pk", note)) for note in notes]
    return client.post(f"/series/{series.pk}/notes/", {"note": chosen} | more).status_code


def test_one_is_named_and_leads_to_the_choice(author: Client, alice: User) -> None:
    assert 'href="/series/new/"' in author.get("/@alice/series/").text
    for _twice in range(2):
        sent = form_in(author.get("/series/new/"), "series").filled(name="First  year")
        answer = author.post("/series/new/", sent)
        made = Series.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"/series/{made.pk}/notes/")
    assert (made.author, made.name) == (alice, "First year")
    for bad in ("", " ", "x" * 41, "\u200b"):
        answer = author.post("/series/new/", {"name": bad})
        assert answer.status_code == 422
        assert 'class="error"' in answer.text
    assert Client().get("/series/new/")["Location"].startswith("/accounts/login/")


def test_too_many_are_refused(author: Client, series: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SERIES_MAX", 1)
    answer = author.post("/series/new/", {"name": "Second year"})
    assert answer.status_code == 422
    assert "which is the limit" in words(answer)
    assert 'value="Second year"' in answer.text


def test_several_come_at_the_end_first_published_first(author: Client, alice: User, series: Series) -> None:
    notes = [make_note(alice, f"Number {number}") for number in range(4)]
    actions.put_in_series(note=notes[2], series=series)
    for _twice in range(2):
        assert add(author, series, notes[3], notes[0], notes[2]) == 303
    assert order(series) == ["Number 2", "Number 0", "Number 3"]
    page = author.get(series.get_absolute_url()).text
    assert "2 notes added to “<bdi>" in page.replace("\u2068", "<bdi>") or "notes added to" in page
    assert f'href="/series/{series.pk}/notes/"' in page


def test_a_note_of_another_series_moves_and_the_page_says_so(
    author: Client, alice: User, series: Series
) -> None:
    other = actions.series_named(author=alice, name="Second year")
    note = make_note(alice, "Elsewhere")
    actions.put_in_series(note=note, series=other)
    assert "leaves “Second year”" in words(author.get(f"/series/{series.pk}/notes/")).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    add(author, series, note)
    assert (order(series), order(other)) == (["Elsewhere"], [])
    assert "All your published notes are in this series." in words(author.get(f"/series/{series.pk}/notes/"))


def test_only_ones_own_published_notes_and_series(
    author: Client, alice: User, bob: User, series: Series
) -> None:
    theirs, draft, mine = make_note(bob), make_draft(alice), make_note(alice, "Mine", visibility="private")
    page = author.get(f"/series/{series.pk}/notes/").text
    assert re.findall(r'name="note"\s+value="(\d+)"', page) == [str(mine.pk)]
    assert add(author, series, theirs, draft, mine, 987654321) == 303
    assert order(series) == ["Mine"]
    assert add(signed_in(bob), series, theirs) == 404
    assert signed_in(bob).get(f"/series/{series.pk}/notes/").status_code == 404
    assert Client().post(f"/series/{series.pk}/notes/").status_code == 302


@pytest.mark.parametrize("sent", [[], ["x"], ["-1"], ["9" * 30], [""], ["１"]])
def test_bad_choices_are_refused(author: Client, alice: User, series: Series, sent: list[str]) -> None:
    note = make_note(alice)
    answer = author.post(f"/series/{series.pk}/notes/", {"note": sent})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert f'value="{note.pk}"' in answer.text
    assert order(series) == []


def test_a_full_series_takes_none_of_them(
    author: Client, alice: User, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "NOTES_MAX", 2)
    notes = [make_note(alice) for _number in range(3)]
    answer = author.post(f"/series/{series.pk}/notes/", {"note": [note.pk for note in notes]})
    assert answer.status_code == 422
    assert "which is the limit" in words(answer)
    assert answer.text.count("checked") == 3, "what was ticked stays ticked"
    assert order(series) == []


def test_pages_of_24_go_on_with_and_without_adding(author: Client, alice: User, series: Series) -> None:
    notes = [make_note(alice) for _number in range(2 * PAGE_SIZE + 2)]
    address, seen = f"/series/{series.pk}/notes/", []
    page = author.get(address)
    assert page.text.count('name="note"') == PAGE_SIZE
    answer = author.post(address, {"note": [notes[-1].pk, notes[-2].pk], "onward": "1"})
    assert answer["Location"].startswith(f"{address}?after=")
    onward = answer["Location"]
    while onward:
        page = author.get(onward)
        seen += re.findall(r'name="note"\s+value="(\d+)"', page.text)
        found = re.search(r'href="(\?after=[^"]+)"\s+rel="next', page.text)
        onward = address + found[1] if found else ""
    assert seen == [str(note.pk) for note in reversed(notes[: PAGE_SIZE + 2])]
    assert series.notes.count() == 2


def test_it_asks_as_much_for_any_number(author: Client, alice: User, series: Series) -> None:
    asked = []
    for number in (1, 3, 24):
        while Note.objects.count() < number:
            note = make_note(alice)
            note.cover = make_photo(alice, note=note)
            note.save()
            other = actions.series_named(author=alice, name=f"Of {note.pk}")
            actions.put_in_series(note=note, series=other)
        author.get(f"/series/{series.pk}/notes/")
        with CaptureQueriesContext(connection) as queries:
            author.get(f"/series/{series.pk}/notes/")
        asked.append(len(queries))
    assert len(set(asked)) == 1


def test_a_link_to_it_shows_name_number_and_cover_of_what_is_for_everyone(
    alice: User, bob: User, series: Series
) -> None:
    text, followers, photo = (make_note(alice, name) for name in ("Text", "Secret", "Photo"))
    Note.objects.filter(pk=followers.pk).update(visibility="followers")
    for note in (text, followers, photo):
        actions.put_in_series(note=note, series=series)
    cover = make_photo(alice, note=photo)
    Note.objects.filter(pk=photo.pk).update(cover=cover)
    Follow.objects.get_or_create(follower=bob, followed=alice)
    for viewer in (None, bob, alice):
        page = signed_in(viewer).get(series.get_absolute_url()).text
        assert '<meta property="og:title" content="First year">' in page
        assert "A series by Alice An, 2 notes." in page
        assert f'og:image" content="http://testserver{cover.base}cover960.jpg"' in page
        assert f'og:url" content="http://testserver{series.get_absolute_url()}"' in page
    Note.objects.exclude(pk=followers.pk).update(visibility="private")
    for viewer in (bob, alice):
        page = signed_in(viewer).get(series.get_absolute_url()).text
        assert "og:title" not in page, "nothing in it is for everyone"
        assert "noindex" in page
    Note.objects.update(visibility="public")
    hide_series(series=series, by=None, reason="Rude.")
    assert "og:title" not in signed_in(alice).get(series.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(4))
def test_two_windows_that_add_at_once(alice: User, _round: int) -> None:
    series = actions.series_named(author=alice, name="First year")
    notes = [make_note(alice).pk for _number in range(6)]
    came = at_once(
        lambda: actions.add_to_series(series=series, notes=notes[:4]),
        lambda: actions.add_to_series(series=series, notes=notes[2:]),
        lambda: actions.add_to_series(series=series, notes=notes[::-1]),
    )
    assert sum(came) == 6
    places = list(series.notes.values_list("series_place", flat=True))
    assert len(places) == len(set(places)) == 6
