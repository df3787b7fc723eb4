"""Reports in admin, and the access that a report gives moderators, which is logged."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moderation.models import Report
from notes.models import Note
from profiles.models import User
from tests.builders import make_comment, make_draft, make_note, make_photo, signed_in, status

pytestmark = pytest.mark.django_db

REPORTS = "/admin/moderation/report/"


@pytest.fixture
def moderator(mona: User) -> Client:
    return signed_in(mona)


def make_report(reporter: User, **target: Any) -> Report:
    if "comment" in target:
        target["note"] = target["comment"].note
    return Report.objects.create(
        reporter=reporter, reason="harassment", details="See for yourself.", **target
    )


def act(browser: Client, verb: str, *rows: Report) -> Any:
    chosen = {"action": verb, "index": "0", "_selected_action": [str(row.pk) for row in rows]}
    return browser.post(REPORTS, chosen, follow=True)


def openings() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))


def test_the_list_and_its_filters(moderator: Client, alice: User, bob: User) -> None:
    note = make_note(alice, "Words of the title")
    reports = [
        make_report(bob, note=note),
        make_report(bob, comment=make_comment(alice, note)),
        make_report(bob, person=alice),
    ]
    page = moderator.get(REPORTS).text
    for words in ("Harassment, hate or threats", f"note {note.pk}", "@alice", "@bob"):
        assert words in page
    assert "Words of the title" not in page, "it is for those who open it"
    moderator.post(f"{REPORTS}{reports[0].pk}/close/", {"reason": "Hidden."})
    for query, number in {"closed=no": 2, "closed=yes": 1, "reason__exact=danger": 0, "q=bob": 3}.items():
        assert len(moderator.get(f"{REPORTS}?{query}").context["cl"].result_list) == number, query


def test_the_list_asks_the_same_for_one_and_for_many(moderator: Client, alice: User, bob: User) -> None:
    asked = []
    for number in (1, 3, 24):
        while Report.objects.count() < number:
            make_report(bob, comment=make_comment(alice, make_note(alice)))
        with CaptureQueriesContext(connection) as queries:
            moderator.get(REPORTS)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_closing_asks_for_a_reason_and_is_recorded(
    moderator: Client, mona: User, alice: User, bob: User
) -> None:
    report = make_report(bob, note=make_note(alice))
    path = f"{REPORTS}{report.pk}/close/"
    assert "Say why no action was needed" in moderator.get(path).text
    assert moderator.post(path, {"reason": ""}).status_code == 422
    for _ in range(2):
        answer = moderator.post(path, {"reason": "The note is hidden."})
        assert answer["Location"] == f"{REPORTS}{report.pk}/change/"
    assert moderator.post(path, {"reason": "Too late."}).status_code == 409
    report.refresh_from_db()
    assert (report.closed_by, report.closed_reason) == (mona, "The note is hidden.")
    page = moderator.get(f"{REPORTS}{report.pk}/change/").text
    assert 'value="restore"' in page
    assert 'value="close"' not in page
    act(moderator, "restore", report)
    report.refresh_from_db()
    assert (report.closed_at, report.closed_by, report.closed_reason) == (None, None, "")
    said = [f"report {report.pk}"] * 2
    assert openings() == list(zip(said, ["Closed: The note is hidden.", "Reopened"], strict=True))


def test_one_reported_anew_stays_closed(moderator: Client, alice: User, bob: User) -> None:
    note = make_note(alice)
    report = make_report(bob, note=note)
    moderator.post(f"{REPORTS}{report.pk}/close/", {"reason": "Nothing in it."})
    make_report(bob, note=note)
    act(moderator, "restore", report)
    assert Report.objects.open().exclude(pk=report.pk).count() == Report.objects.open().count() == 1


@pytest.mark.parametrize("who", [None, "bob"])
def test_others_neither_see_nor_close(request: pytest.FixtureRequest, who: str | None, alice: User) -> None:
    person = request.getfixturevalue(who) if who else None
    report = make_report(alice, person=alice)
    browser = signed_in(person)
    for path in (REPORTS, f"{REPORTS}{report.pk}/change/", f"{REPORTS}{report.pk}/close/"):
        assert browser.get(path).status_code == (404 if person else 302)
        assert browser.post(path, {"reason": "Because."}).status_code == (404 if person else 302)
    assert Report.objects.open().exists()


def test_nothing_is_added_or_rewritten(moderator: Client, alice: User, bob: User) -> None:
    report = make_report(bob, person=alice)
    for path in ("add/", f"{report.pk}/delete/", f"{report.pk}/change/"):
        assert moderator.post(f"{REPORTS}{path}", {"details": "Mine now."}).status_code == 403
    assert Report.objects.get().details == "See for yourself."


STATES: dict[str, dict[str, Any]] = {
    "followers": {"visibility": "followers"},
    "private": {"visibility": "private"},
    "draft": {},
}


@pytest.mark.parametrize("through", ["note", "comment"])
@pytest.mark.parametrize("state", STATES)
def test_a_report_opens_a_note_while_it_is_open_and_leaves_a_trace(
    moderator: Client, alice: User, bob: User, state: str, through: str
) -> None:
    note = (make_draft if state == "draft" else make_note)(alice, **STATES[state])
    photo = make_photo(alice, note=note, with_files=True)
    comment = make_comment(bob, note)
    page, media = note.get_absolute_url(), f"{photo.base}320.jpg"
    admin = f"/admin/notes/note/{note.pk}/change/"
    addresses = [page, media, admin, f"/admin/notes/comment/{comment.pk}/change/"]
    assert [status(moderator, path) for path in addresses] == [404] * 4
    assert openings() == []

    report = make_report(bob, **({"note": note} if through == "note" else {"comment": comment}))
    assert [status(moderator, path) for path in addresses] == [200] * 4
    trace = [(f"note {note.pk}", "Opened by a moderator")]
    assert openings() == trace * 3, "the page, admin's page, and that of the comment"
    for person in (None, bob if state == "private" else None):
        assert status(signed_in(person), page) == 404, "no other role sees more"

    moderator.post(f"{REPORTS}{report.pk}/close/", {"reason": "Nothing in it."})
    assert [status(moderator, path) for path in addresses] == [404] * 4


def test_who_liked_a_closed_note_leaves_a_trace(moderator: Client, alice: User, bob: User) -> None:
    note = make_note(alice, visibility="private")
    assert status(moderator, f"{note.get_absolute_url()}likes/") == 404
    make_report(bob, note=note)
    assert status(moderator, f"{note.get_absolute_url()}likes/") == 200
    assert openings() == [(f"note {note.pk}", "Opened by a moderator")]


def test_what_is_hidden_leaves_a_trace_and_what_is_public_or_their_own_none(
    moderator: Client, mona: User, alice: User, bob: User
) -> None:
    notes = [make_note(alice), make_note(alice, hidden_at="2026-01-01T00:00Z", visibility="private")]
    notes += [make_note(mona, visibility="private"), make_draft(mona)]
    for note in notes:
        make_report(bob, note=note)
        assert status(moderator, note.get_absolute_url()) == 200
    trace = [(f"note {notes[1].pk}", "Opened by a moderator")]
    assert openings() == trace
    status(signed_in(alice), notes[0].get_absolute_url())
    assert openings() == trace


def test_a_report_of_one_note_opens_no_other(moderator: Client, alice: User, bob: User) -> None:
    make_report(bob, note=make_note(alice, visibility="followers"))
    make_report(bob, person=alice)
    other = make_note(alice, visibility="followers")
    assert status(moderator, other.get_absolute_url()) == 404
    assert not Note.objects.for_moderators().filter(pk=other.pk).exists()
