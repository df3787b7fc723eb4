"""Notes and comments in admin: what moderators see, never see, hide and restore."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notes.models import Comment, Note
from notes.reactions.actions import like
from notes.readers.actions import Opening, record_openings
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import (
    make_campus,
    make_comment,
    make_draft,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
)
from tests.markup import without_tokens
from tests.n_plus_one import n_plus_one_alarm as n_plus_one_alarm

pytestmark = pytest.mark.django_db

NOTES, COMMENTS = "/admin/notes/note/", "/admin/notes/comment/"
REASON = "It sells something without saying so."


@pytest.fixture
def moderator(mona: User) -> Client:
    return signed_in(mona)


@pytest.fixture
def superuser(db: None) -> Client:
    return signed_in(make_person("root_1", is_staff=True, is_superuser=True))


def listed(browser: Client, path: str = NOTES) -> set[str]:
    return {str(row) for row in browser.get(path).context["cl"].result_list}


def hide(browser: Client, *rows: Any, reason: str = REASON) -> Any:
    ids = ",".join(str(row.pk) for row in rows)
    return browser.post(f"/admin/notes/{rows[0]._meta.model_name}/{ids}/hide/", {"reason": reason})


def act(browser: Client, verb: str, *rows: Any) -> Any:
    chosen = {"action": verb, "index": "0", "_selected_action": [str(row.pk) for row in rows]}
    return browser.post(f"/admin/notes/{rows[0]._meta.model_name}/", chosen, follow=True)


def fetch(browser: Client, address: str) -> tuple[int, str]:
    """Status and Cache-Control of a picture."""
    answer = browser.get(address)
    answer.getvalue()  # reads it to the end, which closes the file
    return answer.status_code, answer.get("Cache-Control", "")


def unseen_notes(author: User) -> list[Note]:
    return [
        make_note(author, "for friends", visibility="followers"),
        make_note(author, "for me", visibility="private"),
        make_draft(author, "a draft"),
        make_note(author, "in the making", status="processing"),
        make_draft(author, "a hidden draft", hidden_at="2026-01-01T00:00Z"),
    ]


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_the_list_holds_public_and_hidden_notes(
    request: pytest.FixtureRequest, who: str, alice: User
) -> None:
    browser = request.getfixturevalue(who)
    unseen_notes(alice)
    make_note(alice, "public")
    make_note(alice, "hidden, private", visibility="private", hidden_at="2026-01-01T00:00Z")
    loud = make_person("loud_one")
    make_note(loud, "by one suspended")
    suspend_person(person=loud, by=alice, reason="Spam.")
    assert listed(browser) == {"public", "hidden, private", "by one suspended"}
    assert listed(browser, f"{NOTES}?hidden=yes") == {"hidden, private"}
    assert listed(browser, f"{NOTES}?hidden=no") == {"public", "by one suspended"}
    assert listed(browser, f"{NOTES}?q=friends") == set()
    assert listed(browser, f"{NOTES}?q=LOUD_one@") == {"by one suspended"}
    assert listed(browser, f"{NOTES}?visibility__exact=private") == {"hidden, private"}


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_what_is_not_theirs_is_not_there_by_id(
    request: pytest.FixtureRequest, who: str, alice: User, bob: User
) -> None:
    browser = request.getfixturevalue(who)
    missing = NOTES + "987654321/"
    for note in unseen_notes(alice):
        comment = make_comment(bob, note, "psst, a secret")
        for page in ("change", "history", "delete", "hide"):
            answer = browser.get(f"{NOTES}{note.pk}/{page}/")
            assert answer.status_code == 404, page
            assert answer.content == browser.get(f"{missing}{page}/").content.replace(
                b"987654321", str(note.pk).encode()
            )
        for page in ("change", "history", "hide"):
            assert browser.get(f"{COMMENTS}{comment.pk}/{page}/").status_code == 404
        assert hide(browser, note).status_code == 404
        assert hide(browser, comment).status_code == 404
        act(browser, "hide", note)
        act(browser, "restore", note)
        browser.post(f"{NOTES}{note.pk}/delete/", {"post": "yes"})
        browser.post(f"{NOTES}{note.pk}/change/", {"title": "mine now"})
        before = note.title, note.hidden_at
        note = Note.objects.get(pk=note.pk)
        assert note.title == before[0]
        assert bool(note.hidden_at) == bool(before[1])
        for field, source in {"note": "comment", "content_object": "taggednote", "parent": "comment"}.items():
            asked = {"app_label": "notes", "model_name": source, "field_name": field, "term": ""}
            answer = browser.get("/admin/autocomplete/", asked)
            assert answer.json()["results"] == []
    assert listed(browser, COMMENTS) == set()
    assert not LogEntry.objects.exists()


def test_one_unseen_among_the_chosen_stops_the_page(moderator: Client, alice: User) -> None:
    public, private = make_note(alice), make_note(alice, visibility="private")
    assert hide(moderator, public, private).status_code == 404
    assert not Note.objects.exclude(hidden_at=None).exists()


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_nothing_is_added_changed_or_deleted(request: pytest.FixtureRequest, who: str, alice: User) -> None:
    browser = request.getfixturevalue(who)
    note = make_note(alice, "Stays")
    make_comment(alice, note, "Stays too")
    for row in (note, note.comments.get()):
        path = f"/admin/notes/{row._meta.model_name}/"
        assert browser.get(f"{path}add/").status_code == 403
        assert browser.post(f"{path}add/", {"title": "No", "body": "No"}).status_code == 403
        assert browser.get(f"{path}{row.pk}/delete/").status_code == 403
        assert browser.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert browser.post(f"{path}{row.pk}/change/", {"title": "No", "body": "No"}).status_code == 403
        act(browser, "delete_selected", row)
    assert (str(Note.objects.get()), str(Comment.objects.get())) == ("Stays", "Stays too")


def test_the_page_of_a_note_shows_all_of_it(moderator: Client, alice: User) -> None:
    make_label(alice, "Matcha person")
    note = make_note(alice, "Three cafés", body="One.\nTwo.", tags=["coffee"], photos=3, campus=make_campus())
    note.photos.update(alt="A cup")
    page = moderator.get(f"{NOTES}{note.pk}/change/").content.decode()
    for words in ("One.<br>Two.", "#coffee", "Matcha person", "@alice", "Linhai University"):
        assert words in page
    assert page.count('<figcaption dir="auto">A cup</figcaption>') == 3
    for photo in note.photos.all():
        assert f"/media/{photo.token}-1080.jpg" in page
    assert "style=" not in page
    assert 'value="hide"' in page
    assert 'value="restore"' not in page
    hide(moderator, note)
    page = moderator.get(f"{NOTES}{note.pk}/change/").content.decode()
    assert REASON in page
    assert "@mona" in page
    assert 'value="restore"' in page
    assert 'value="hide"' not in page


def test_readers_are_numbers_to_moderators_too(
    moderator: Client, superuser: Client, alice: User, bob: User, charlie: User
) -> None:
    note = make_note(alice)
    now = timezone.now()
    record_openings(openings=[Opening(note.pk, reader, now, "tag") for reader in (bob.pk, charlie.pk, None)])
    like(person=bob, note=note)
    page = without_tokens(moderator.get(f"{NOTES}{note.pk}/change/").text)
    assert "people 2 · answered 1 · visits 1" in page
    assert "bob" not in page.lower()
    for browser in (moderator, superuser):
        for model in ("notereader", "noteday"):
            assert browser.get(f"/admin/notes/{model}/").status_code == 404


def test_hiding_asks_for_a_reason_first(moderator: Client, alice: User) -> None:
    note = make_note(alice, "Cheap phones")
    address = f"{NOTES}{note.pk}/hide/"
    assert "Cheap phones" in moderator.get(address).content.decode()
    for reason, words in {
        "": "required",
        "\u200b": "no visible text",
        "x" * 301: "too long",
        "a\x07b": "control",
    }.items():
        answer = hide(moderator, note, reason=reason)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert f'value="{"x" * 301}"' in hide(moderator, note, reason="x" * 301).content.decode()
    assert moderator.put(address).status_code == 405
    assert moderator.delete(address).status_code == 405
    assert moderator.post(f"{NOTES}nonsense/hide/", {"reason": REASON}, follow=True).status_code == 404
    assert moderator.get(f"{NOTES}{'9' * 18}/hide/").status_code == 404
    note.refresh_from_db()
    assert note.hidden_at is None
    assert not LogEntry.objects.exists()


def test_hiding_is_recorded_once(moderator: Client, mona: User, alice: User) -> None:
    note = make_note(alice, "Secret words of the title")
    answer = hide(moderator, note)
    assert (answer.status_code, answer["Location"]) == (303, f"{NOTES}{note.pk}/change/")
    hide(moderator, note, reason="Something else.")
    note.refresh_from_db()
    assert (note.hidden_by, note.hidden_reason) == (mona, REASON)
    assert act(moderator, "restore", note).status_code == 200
    act(moderator, "restore", note)
    note.refresh_from_db()
    assert (note.hidden_at, note.hidden_by, note.hidden_reason) == (None, None, "")
    log = LogEntry.objects.order_by("pk")
    assert [entry.change_message for entry in log] == [f"Hidden: {REASON}", "Restored"]
    assert {entry.user for entry in log} == {mona}
    assert "Secret" not in "".join(entry.object_repr for entry in log)
    history = moderator.get(f"{NOTES}{note.pk}/history/").content.decode()
    assert REASON in history


def test_several_are_hidden_for_one_reason(moderator: Client, alice: User) -> None:
    notes = [make_note(alice) for _ in range(3)]
    hide(moderator, notes[0], reason="Earlier.")
    answer = act(moderator, "hide", *notes)
    address = f"{NOTES}{notes[1].pk},{notes[2].pk}/hide/"
    assert answer.redirect_chain == [(address, 303)]
    assert moderator.post(address, {"reason": REASON})["Location"] == NOTES
    assert [note.hidden_reason for note in Note.objects.order_by("pk")] == ["Earlier.", REASON, REASON]
    assert "nothing to do" in act(moderator, "hide", *notes).content.decode()
    act(moderator, "restore", *notes)
    assert not Note.objects.exclude(hidden_at=None).exists()


def test_a_hundred_at_a_time_and_no_more(moderator: Client, alice: User) -> None:
    notes = Note.objects.bulk_create(
        Note(author=alice, title="Spam", status="published", published_at="2026-01-01T00:00Z")
        for _ in range(101)
    )
    chosen = {"action": "hide", "index": "0", "select_across": "1", "_selected_action": [str(notes[0].pk)]}
    assert "at most 100" in moderator.post(NOTES, chosen, follow=True).content.decode().lower()
    notes[0].delete()
    assert moderator.post(NOTES, chosen | {"_selected_action": [str(notes[1].pk)]}).status_code == 303


@pytest.mark.parametrize("who", [None, "bob"])
def test_others_cannot_hide(request: pytest.FixtureRequest, who: str | None, alice: User) -> None:
    browser = signed_in(request.getfixturevalue(who) if who else None)
    note = make_note(alice)
    assert hide(browser, note).status_code == (404 if who else 302)
    act(browser, "hide", note)
    note.refresh_from_db()
    assert note.hidden_at is None
    Note.objects.update(hidden_at="2026-01-01T00:00Z")
    act(browser, "restore", note)
    note.refresh_from_db()
    assert note.hidden_at is not None


def test_a_hidden_note_is_gone_and_comes_back(
    moderator: Client, mona: User, alice: User, bob: User, charlie: User
) -> None:
    make_label(alice, "Matcha person", topics=["deals"])
    note = make_note(alice, "Cheap phones", tags=["deals"], campus=make_campus())
    note.cover = make_photo(alice, note=note, with_files=True)
    note.save()
    others = [signed_in(person) for person in (bob, charlie, None)]
    pages = [
        reverse("explore"),
        f"{reverse('explore')}?sort=latest",
        reverse("profile", args=["alice"]),
        reverse("tag", args=["deals"]),
        reverse("label", args=[alice.positionings.get().label.slug]),
        reverse("campus", args=[note.campus.slug]),
    ]
    page, old = note.get_absolute_url(), f"{note.cover.base}320.jpg"
    assert fetch(signed_in(None), old)[0] == 200

    def shown(browser: Client) -> list[bool]:
        return ["Cheap phones" in browser.get(path).content.decode() for path in pages]

    for browser in others:
        assert browser.get(page).status_code == 200
        assert all(shown(browser))

    hide(moderator, note)
    note.cover.refresh_from_db()
    new = f"{note.cover.base}320.jpg"
    for browser in others:
        assert browser.get(page).status_code == 404
        assert not any(shown(browser))
        assert (fetch(browser, old)[0], fetch(browser, new)[0]) == (404, 404)
    for seeing in (signed_in(alice), moderator):
        assert REASON in seeing.get(page).content.decode()
        assert fetch(seeing, new) == (200, "private, no-store")

    act(moderator, "restore", note)
    for browser in others:
        assert browser.get(page).status_code == 200
        assert all(shown(browser))
        assert (fetch(browser, old)[0], fetch(browser, new)[0]) == (404, 200)


def test_a_hidden_comment_is_gone_and_comes_back(moderator: Client, alice: User, bob: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note, "Buy my phones")
    page = note.get_absolute_url()
    assert listed(moderator, f"{COMMENTS}?q=phones") == {"Buy my phones"}
    assert listed(moderator, f"{COMMENTS}?note__id__exact={note.pk}") == {"Buy my phones"}
    assert hide(moderator, comment).status_code == 303
    assert "Buy my phones" not in signed_in(alice).get(page).content.decode()
    note.refresh_from_db()
    assert note.comment_count == 0
    assert REASON in moderator.get(f"{COMMENTS}{comment.pk}/change/").content.decode()
    assert listed(moderator, f"{COMMENTS}?hidden=yes") == {"Buy my phones"}
    act(moderator, "restore", comment)
    assert "Buy my phones" in signed_in(alice).get(page).content.decode()
    note.refresh_from_db()
    assert note.comment_count == 1


def test_a_list_costs_the_same_whatever_its_length(moderator: Client, mona: User) -> None:
    paths = [NOTES, f"{NOTES}?q=note&hidden=no", COMMENTS]
    counts: dict[str, list[int]] = {path: [] for path in paths}
    for number in (1, 3, 51):  # a page shows fifty
        while Note.objects.count() < number:
            author = make_person()
            note = make_note(
                author, photos=1, tags=[author.handle], campus=make_campus(f"Campus of {author.handle}")
            )
            make_comment(make_person(), note, hidden_at="2026-01-01T00:00Z", hidden_by=author)
        for path in paths:
            moderator.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert len(moderator.get(path).context["cl"].result_list) == min(number, 50), path
            counts[path].append(len(queries))
    for first, *others in counts.values():
        assert others == [first] * 2, counts
        assert first <= 13, counts
