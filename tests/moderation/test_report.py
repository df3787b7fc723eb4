"""Reporting: only what one may see, once while the report is open, without losing typed text."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from moderation.actions import close_report
from moderation.models import Report
from notes.comments.actions import delete_comment
from profiles.models import User
from tests.builders import make_comment, make_draft, make_note, make_person, signed_in
from tests.markup import form_in, words

pytestmark = pytest.mark.django_db

HATE = {"reason": "harassment", "details": "It names me."}


def sent(client: Client, path: str, **changes: str) -> Any:
    """What the page's own form sends."""
    return client.post(path, form_in(client.get(path), "").filled(**HATE | changes))


def test_a_note_a_comment_and_a_person_are_reported(alice: User, charlie: User) -> None:
    note = make_note(alice)
    comment = make_comment(alice, note)
    reply = make_comment(alice, note, "And more.", parent=comment)
    client = signed_in(charlie)
    targets = {
        f"/report/?note={note.pk}": (note, "Report this note"),
        f"/report/?comment={comment.pk}": (comment, "Report this comment"),
        f"/report/?comment={reply.pk}": (reply, "Report this comment"),
        "/report/?person=ALICE": (alice, "Report this person"),
    }
    for path, (target, heading) in targets.items():
        assert heading in words(client.get(path))
        response = sent(client, path)
        assert (response.status_code, response["Location"]) == (303, target.get_absolute_url())
        made = Report.objects.latest("pk")
        assert (made.target, made.reporter) == (target, charlie)
        assert (made.reason, made.details) == ("harassment", "It names me.")
    assert Report.objects.count() == 4
    assert "Thank you. A moderator will read it." in client.get(note.get_absolute_url()).text


def test_a_dialog_holds_the_same_form(alice: User, charlie: User) -> None:
    path, client = f"/report/?note={make_note(alice).pk}", signed_in(charlie)
    as_dialog = {"headers": {"HX-Request": "true"}}
    answer = client.get(path, **as_dialog)
    assert "<main" not in answer.text
    assert "Report this note" in answer.text
    assert "HX-Request" in answer["Vary"]
    refused = client.post(path, {"details": "She sells phones."}, **as_dialog)
    assert (refused.status_code, "<main" in refused.text) == (422, False)
    assert form_in(refused, "").fields["details"] == ["She sells phones."]
    assert client.post(path, form_in(answer, "").filled(**HATE), **as_dialog).status_code == 303
    signed_out = Client().get(path, **as_dialog)
    assert signed_out["HX-Redirect"].startswith("/accounts/login/?next=/report/")


def test_menus_and_comments_lead_to_it(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note)
    reply = make_comment(bob, note, "And more.", parent=comment)
    paths = [f"/report/?note={note.pk}", f"/report/?comment={comment.pk}", f"/report/?comment={reply.pk}"]
    for person in (None, charlie):
        page = signed_in(person).get(note.get_absolute_url()).text
        assert [path for path in paths if f'href="{path}"' not in page] == []
        assert 'href="/report/?person=alice"' in signed_in(person).get("/@alice/").text
    assert "/report/" not in signed_in(alice).get("/@alice/").text
    assert paths[0] not in signed_in(alice).get(note.get_absolute_url()).text
    assert paths[1] not in signed_in(bob).get(note.get_absolute_url()).text


def test_the_sheet_offers_what_the_rules_forbid(alice: User, charlie: User) -> None:
    path, client = f"/report/?note={make_note(alice).pk}", signed_in(charlie)
    sheet, rules = words(client.get(path)), words(client.get("/rules/"))
    for said in map(str, Report.Reason.labels):
        assert said in sheet
        assert said in rules
    for reason in Report.Reason.values:
        assert sent(client, path, reason=reason).status_code == 303
    assert set(Report.objects.values_list("reason", flat=True)) == {
        *("harassment", "sexual", "child_abuse", "self_harm", "danger", "private"),
        *("undisclosed", "advertising", "copied", "rule", "other"),
    }


def test_report_and_delete_are_behind_the_menu_of_a_comment(alice: User, bob: User, charlie: User) -> None:
    comment = make_comment(bob, make_note(alice))
    offered = {alice: (True, True), bob: (False, True), charlie: (True, False), None: (True, False)}
    for person, expected in offered.items():
        page = signed_in(person).get(f"{comment.note.get_absolute_url()}").text
        menu = page.partition(f'id="comment-menu-{comment.pk}"')[2].partition("</div>")[0]
        assert f'popovertarget="comment-menu-{comment.pk}"' in page
        report, delete = f"/report/?comment={comment.pk}", f"/comments/{comment.pk}/delete/"
        assert (report in menu, delete in menu) == expected
        assert (page.count(report), page.count(delete)) == expected, "and nowhere else"


def test_a_report_sent_twice_is_one(alice: User, charlie: User, bob: User) -> None:
    note = make_note(alice)
    path, client = f"/report/?note={note.pk}", signed_in(charlie)
    form = form_in(client.get(path), "").filled(**HATE)
    for _ in range(2):
        assert client.post(path, form)["Location"] == note.get_absolute_url()
    assert Report.objects.count() == 1
    assert sent(client, path).status_code == 303
    assert Report.objects.get().reason == "harassment", "the same words from another form are the open report"
    comment = make_comment(alice, note)
    assert sent(client, f"/report/?comment={comment.pk}").status_code == 303
    assert sent(signed_in(bob), path).status_code == 303
    assert Report.objects.count() == 3
    close_report(report=Report.objects.earliest("pk"), by=None, reason="Nothing in it.")
    sent(client, path, reason="other")
    assert Report.objects.open().filter(reporter=charlie, comment=None).get().reason == "other"


@pytest.mark.parametrize("changes", [{"reason": "danger"}, {"details": "It also names my sister."}])
@pytest.mark.parametrize("is_fresh", [True, False], ids=["fresh form", "same form"])
def test_another_reason_makes_another_report(
    alice: User, charlie: User, changes: dict[str, str], is_fresh: bool
) -> None:
    note = make_note(alice)
    comment, client = make_comment(alice, note), signed_in(charlie)
    for path in (f"/report/?note={note.pk}", f"/report/?comment={comment.pk}", "/report/?person=alice"):
        form = form_in(client.get(path), "").filled(**HATE)
        again = form_in(client.get(path), "").filled(**HATE) if is_fresh else form
        for data in (form, again | changes, again | changes):
            assert client.post(path, data).status_code == 303
        first, second = Report.objects.order_by("-pk")[:2][::-1]
        assert {"reason": first.reason, "details": first.details} == HATE
        assert {"reason": second.reason, "details": second.details} == HATE | changes
    assert Report.objects.open().count() == 6


def test_what_one_may_not_see_cannot_be_reported(alice: User, bob: User, charlie: User) -> None:
    notes = [
        make_note(alice, visibility="private"),
        make_draft(alice),
        make_note(alice, visibility="followers"),
        make_note(alice, hidden_at="2026-01-01T00:00Z"),
    ]
    public = make_note(alice)
    deleted = make_comment(alice, public)
    delete_comment(comment=deleted)
    gone = make_person("gone_one", suspended_at="2026-01-01T00:00Z")
    paths = [f"/report/?note={note.pk}" for note in notes]
    paths += [f"/report/?comment={make_comment(alice, note).pk}" for note in notes]
    paths += [f"/report/?comment={make_comment(gone, public).pk}", f"/report/?comment={deleted.pk}"]
    paths += ["/report/?person=gone_one", "/report/?person=nobody", "/report/?note=987654321"]
    client = signed_in(charlie)
    nothing = client.get("/report/?note=987654321")
    for path in paths:
        response = client.get(path)
        assert (response.status_code, response.content) == (404, nothing.content), path
        assert client.post(path, HATE).status_code == 404, path
    assert signed_in(bob).get(paths[2]).status_code == 200, "a follower sees it"
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?", "?note=x", "?note=", f"?note={'9' * 40}", "?note=-1", "?comment=٣", "?thing=1"]
)
def test_an_address_that_names_nothing(charlie: User, query: str) -> None:
    assert signed_in(charlie).get(f"/report/{query}").status_code == 404


def test_two_things_at_once_and_ones_own(alice: User, charlie: User) -> None:
    note, own = make_note(alice), make_note(charlie)
    client = signed_in(charlie)
    for query in (
        f"note={note.pk}&person=alice",
        f"note={own.pk}",
        f"comment={make_comment(charlie, note).pk}",
        "person=charlie",
    ):
        assert client.post(f"/report/?{query}", HATE).status_code == 404
    assert not Report.objects.exists()


def test_a_visitor_signs_in_and_comes_back(client: Client, alice: User) -> None:
    path = f"/report/?note={make_note(alice).pk}"
    assert client.get(path)["Location"].startswith("/accounts/login/?next=/report/%3Fnote")
    assert client.post(path, HATE).status_code == 302
    assert signed_in(alice).put(path).status_code == 405
    assert not Report.objects.exists()


def test_bad_input_keeps_the_words(alice: User, charlie: User) -> None:
    path, client = f"/report/?note={make_note(alice).pk}", signed_in(charlie)
    for bad, says in {
        "": "Choose what is wrong.",
        "nothing": "Select a valid choice",
    }.items():
        response = sent(client, path, reason=bad)
        assert response.status_code == 422
        assert says in words(response)
        assert form_in(response, "").fields["details"] == ["It names me."]
    response = sent(client, path, details="x" * 501)
    assert response.status_code == 422
    assert form_in(response, "").fields["reason"] == ["harassment"]
    assert not Report.objects.exists()


def test_too_many_wait_and_keep_the_words(alice: User, charlie: User, settings: Any) -> None:
    settings.LIMITS_ON = True
    client = signed_in(charlie)
    notes = [make_note(alice) for _ in range(11)]
    answers = [sent(client, f"/report/?note={note.pk}") for note in notes]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert "You've reached " in words(answers[-1])
    assert form_in(answers[-1], "").fields["details"] == ["It names me."]


def test_the_database_holds_to_one_thing(alice: User, charlie: User) -> None:
    note = make_note(alice)
    comment = make_comment(alice, note)
    wrong: list[dict[str, Any]] = [
        {"note": note, "person": alice},
        {"comment": comment, "person": alice},
    ]
    for target in wrong:
        with pytest.raises(IntegrityError, match="report_of_one_thing_at_most"), transaction.atomic():
            Report.objects.create(reporter=charlie, reason="other", **target)


def test_a_report_outlives_its_reporter_and_its_target(alice: User, charlie: User, mona: User) -> None:
    note = make_note(alice)
    comment = make_comment(alice, note)
    sent(signed_in(charlie), f"/report/?note={note.pk}")
    sent(signed_in(charlie), f"/report/?comment={comment.pk}")
    charlie.delete()
    assert set(Report.objects.values_list("reporter", flat=True)) == {None}
    comment.delete()
    assert Report.objects.filter(note=note).count() == 1, "that of the comment is none of the note"
    note.delete()
    assert [report.target for report in Report.objects.all()] == [None, None]
    staff = signed_in(mona)
    assert staff.get("/admin/moderation/report/").status_code == 200
    for report in Report.objects.all():
        assert "deleted" in words(staff.get(f"/admin/moderation/report/{report.pk}/change/"))
