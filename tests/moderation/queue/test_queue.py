"""The queue: its cards, their order, filters, counts and pages, at a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import counting
from moderation.cases.access import access_of
from moderation.cases.actions import look_at, open_case
from moderation.models import Appeal, Case, Step
from notes.models import Note
from profiles.models import User
from tests.builders import (
    make_campus,
    make_comment,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
)
from tests.moderation.builders import make_reporter, make_rules, reported
from tests.moderation.queue.deciding import decided

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


def listed(answer: Any) -> list[Case]:
    return [card.case for card in answer.context["cards"]]


def test_a_case_is_a_card(alice: User, mona: User) -> None:
    note = make_note(alice, "Three cafés", body="Come and buy.")
    note.cover = make_photo(alice, note=note, alt="A cup", roles=["cover480"])
    note.save()
    for reason in ("advertising", "advertising", "copied"):
        reported(note, by=make_reporter(), reason=reason)
    page = " ".join(signed_in(mona).get("/admin/").text.split())
    for words in (
        "Three cafés",
        "Come and buy.",
        "3 people",
        "Spam or a scam × 2",
        "Copied from someone else",
    ):
        assert words in page
    assert 'class="blurred' in page
    assert 'name="quick" value="hide:' in page


def test_the_most_urgent_comes_first(alice: User, bob: User, mona: User) -> None:
    spam, danger, threat = (make_note(alice, title) for title in "abc")
    for note, reason in ((spam, "advertising"), (danger, "danger"), (threat, "harassment")):
        reported(note, reason=reason)
    assert [case.note for case in listed(signed_in(mona).get("/admin/"))] == [danger, threat, spam]


def test_what_is_not_public_is_not_on_a_card(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, "For my friends", body="Between us.", visibility="followers")
    comment = make_comment(bob, note, "Not for everyone.")
    reported(note)
    reported(comment)
    page = signed_in(mona).get("/admin/").text
    assert "Not public" in page
    for words in ("For my friends", "Between us.", "Not for everyone."):
        assert words not in page


def test_a_deleted_target_stays_and_says_so(alice: User, mona: User) -> None:
    note = make_note(alice, "Gone")
    reported(note)
    note.delete()
    page = signed_in(mona).get("/admin/").text
    assert "Deleted meanwhile." in page
    assert "Note " in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"note", "comment", "person"}),
        ("?kind=comment", {"comment"}),
        ("?reason=danger", {"note"}),
        ("?severity=4", {"note"}),
        ("?severity=2&kind=person", {"person"}),
        ("?severity=4&kind=person", set()),
        ("?show=mine", {"comment"}),
        ("?show=closed", {"label"}),
        ("?kind=nothing&severity=9&show=nothing", {"note", "comment", "person"}),
    ],
)
def test_filters(alice: User, bob: User, mona: User, query: str, expected: set[str]) -> None:
    note = make_note(alice)
    reported(note, reason="danger")
    reported(bob, reason="advertising")
    look_at(case=reported(make_comment(bob, note)), by=mona)
    decided(open_case(target=make_label(alice, "Matcha person").label), by=mona, step=Step.NONE)
    answer = signed_in(mona).get(f"/admin/{query}")
    assert {case.kind for case in listed(answer)} == expected
    if not expected:
        assert "No case fits these filters." in answer.text


def test_counts_are_of_what_is_open(alice: User, mona: User) -> None:
    for reason in ("danger", "harassment", "harassment"):
        reported(make_note(alice), reason=reason)
    decided(reported(make_note(alice)), by=mona, step=Step.NONE)
    shown = signed_in(mona).get("/admin/").context
    assert [tab.number for tab in shown["tabs"]] == ["3", "1", "2", "0", "0", "0", "0", ""]


def test_counting_ends(alice: User, mona: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED", 2)
    for _number in range(4):
        reported(make_note(alice))
    assert counting.counts(mona, access_of(mona))["severity_3"] == 3
    assert counting.said(3) == "2+"


def test_an_empty_queue_says_so(mona: User) -> None:
    assert "Nothing to decide" in signed_in(mona).get("/admin/").text


def test_appeals_are_listed_apart(alice: User, mona: User) -> None:
    decision = decided(reported(make_note(alice)), by=mona, step=Step.HIDE)
    Appeal.objects.create(decision=decision, text="It was a joke between friends.")
    assert "It was a joke between friends." in signed_in(mona).get("/admin/?show=appeals").text


def test_own_cases_and_those_one_reported_are_for_others(mona: User, alice: User) -> None:
    make_person("second", is_staff=True)
    reported(make_note(mona))
    theirs = reported(make_note(alice), by=mona)
    assert listed(signed_in(mona).get("/admin/")) == []
    assert signed_in(mona).get(f"/admin/cases/{theirs.pk}/").status_code == 404


def test_pages_follow_the_order(alice: User, mona: User) -> None:
    for _number in range(30):
        reported(make_note(alice))
    browser = signed_in(mona)
    first = browser.get("/admin/")
    second = browser.get("/admin/", {"after": first.context["page"].after})
    assert [len(listed(first)), len(listed(second))] == [24, 6]
    assert [case.pk for case in listed(first) + listed(second)] == [
        case.pk for case in Case.objects.in_order()
    ]
    assert len(listed(browser.get("/admin/?size=100"))) == 30


def mixed(number: int) -> None:
    """Cases of every kind, whose targets differ in all that a card fetches."""
    campus = make_campus()
    for each in range(number):
        author = make_person(name=f"Author {each}")
        note = make_note(author, f"Note {each}", campus=campus)
        note.cover = make_photo(author, note=note, roles=["cover480"])
        note.save()
        target = [note, make_comment(author, note), author, make_note(author, visibility="private")][each % 4]
        for reporter in (make_reporter(), make_reporter())[: each % 2 + 1]:
            reported(target, by=reporter)
        if each % 5 == 0:
            look_at(case=Case.objects.latest("pk"), by=make_person(is_staff=True))


def test_queries_are_the_same_for_1_3_and_100_cases(mona: User) -> None:
    """Beside one for each kind of target that is on the page."""
    browser = signed_in(mona)
    numbers = {}
    browser.get("/admin/?size=100")
    for number in (1, 3, 100):
        mixed(number - Case.objects.count())
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get("/admin/?size=100")
        assert len(listed(answer)) == number
        kinds = {case.kind for case in listed(answer)}
        numbers[number] = len(queries) - len(kinds)
    assert set(numbers.values()) == {numbers[1]}, numbers
    assert numbers[1] <= 11


def test_the_navigation_has_the_number(alice: User, mona: User, bob: User) -> None:
    reported(make_note(alice))
    assert ">1<span" in "".join(signed_in(mona).get("/").text.split())
    for person in (bob, None):
        assert "Moderation" not in signed_in(person).get("/").text


def test_the_number_costs_one_query_in_ten_seconds(alice: User, mona: User, cached: None) -> None:
    reported(make_note(alice))
    browser = signed_in(mona)
    browser.get("/following/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/following/")
    assert not [query for query in queries if "moderation_case" in query["sql"]]


def test_hide_stands_in_the_menu_of_a_note(alice: User, mona: User, bob: User) -> None:
    note = make_note(alice)
    path = f"/admin/cases/of/note/{note.pk}/"
    assert path in signed_in(mona).get(note.get_absolute_url()).text
    assert path not in signed_in(bob).get(note.get_absolute_url()).text
    answers = [signed_in(mona).post(path) for _twice in range(2)]
    case = Case.objects.get(note=note)
    assert [answer["Location"] for answer in answers] == [f"/admin/cases/{case.pk}/"] * 2
    assert "Opened by a moderator" in signed_in(mona).get(f"/admin/cases/{case.pk}/").text


def test_only_what_a_moderator_sees_becomes_a_case(alice: User, mona: User) -> None:
    private = make_note(alice, visibility="private")
    browser = signed_in(mona)
    assert browser.post(f"/admin/cases/of/note/{private.pk}/").status_code == 404
    assert browser.post(f"/admin/cases/of/nothing/{private.pk}/").status_code == 404
    assert browser.get(f"/admin/cases/of/note/{private.pk}/").status_code == 405
    assert not Case.objects.exists()
    assert Note.objects.filter(pk=private.pk).exists()


def test_old_cases_rise(alice: User, mona: User) -> None:
    old = reported(make_note(alice), reason="advertising")
    Case.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=60))
    connection.cursor().execute("SELECT weigh_cases(ARRAY[%s]::bigint[])", [old.pk])
    fresh = reported(make_note(alice), reason="harassment")
    assert listed(signed_in(mona).get("/admin/")) == [old, fresh]
