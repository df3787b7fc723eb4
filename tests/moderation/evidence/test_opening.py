"""Who opens kept copies, that each opening is recorded, and that a blurred picture comes first."""

from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from moderation.models import Case, Evidence, Report
from people.actions.moderators import appoint, remove_moderator
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in, status
from tests.markup import words
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(alice: User, bob: User) -> Case:
    made = reported(bob, note=note_with_photos(alice, visibility="followers"))
    run_jobs()
    return made


def pages(case: Case) -> list[str]:
    (evidence,) = kept(case)
    base = "/admin/moderation/evidence/"
    return [
        f"{base}case/{case.pk}/",
        f"{base}{evidence.pk}/0.jpg",
        f"{base}{evidence.pk}/1/blurred.jpg",
    ]


def logged() -> list[tuple[str, int, str]]:
    seen = AuditEntry.objects.filter(action__in=["evidence", "sealed"]).order_by("pk")
    return list(seen.values_list("action", "case_number", "words"))


def test_a_moderator_opens_words_and_pictures_and_each_is_recorded(mona: User, case: Case) -> None:
    browser, (page, picture, blurred) = signed_in(mona), pages(case)
    (evidence,) = kept(case)
    report = case.reports.get()
    assert f'href="{page}"' in browser.get(f"/admin/moderation/report/{report.pk}/change/").text
    assert logged() == []
    answer = browser.get(page)
    assert "Body then" in words(answer)
    assert "Photo 1" in answer.text
    assert blurred in answer.text
    assert logged() == [("evidence", case.pk, "")]
    for address in (blurred, picture):
        shown = browser.get(address)
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert shown["Cache-Control"] == "private, no-store"
        assert shown.getvalue().startswith(b"\xff\xd8")
    assert answer["Cache-Control"] == "private, no-store"
    assert logged()[1:] == [("evidence", case.pk, f"{evidence.pk}/1")], "the blurred one is no opening"


@pytest.mark.parametrize("who", ["anonymous", "stranger", "author", "reporter", "dismissed"])
def test_nobody_else_finds_them(alice: User, bob: User, charlie: User, case: Case, who: str) -> None:
    former = make_person("former")
    appoint(person=former)
    browsers: dict[str, Client] = {
        "anonymous": signed_in(None),
        "stranger": signed_in(charlie),
        "author": signed_in(alice),
        "reporter": signed_in(bob),
        "dismissed": signed_in(former),
    }
    remove_moderator(person=former)
    found = [status(browsers[who], page) for page in pages(case)]
    assert found == [302 if who == "anonymous" else 404] * 3
    assert logged() == []


def test_numbers_of_nothing_are_404(mona: User, case: Case) -> None:
    (evidence,) = kept(case)
    base = "/admin/moderation/evidence/"
    for path in (
        "case/0/",
        f"{evidence.pk}/9.jpg",
        f"{evidence.pk}/9/blurred.jpg",
        "0/0.jpg",
        "0/0/blurred.jpg",
    ):
        assert signed_in(mona).get(base + path).status_code == 404, path
    assert signed_in(mona).post(f"{base}case/{case.pk}/").status_code == 405


def test_before_they_are_copied_pictures_are_on_their_way(mona: User, alice: User, bob: User) -> None:
    case = reported(bob, note=note_with_photos(alice))
    page, picture, blurred = pages(case)
    assert "being copied" in words(signed_in(mona).get(page))
    assert [status(signed_in(mona), each) for each in (picture, blurred)] == [404, 404]


def matters(mona: User, alice: User, bob: User) -> list[Case]:
    note, other = make_note(mona), make_note(alice)
    return [
        reported(bob, person=mona),
        reported(bob, note=note),
        reported(bob, comment=make_comment(mona, other)),
        reported(alice, comment=make_comment(bob, note)),
        reported(mona, note=other),
    ]


def test_what_concerns_a_moderator_goes_to_the_others(mona: User, alice: User, bob: User) -> None:
    other = make_person("max")
    appoint(person=other)
    for case in matters(mona, alice, bob):
        page = f"/admin/moderation/evidence/case/{case.pk}/"
        assert status(signed_in(mona), page) == 404
        assert status(signed_in(other), page) == 200


def test_the_only_moderator_decides_all_of_it(mona: User, alice: User, bob: User) -> None:
    User.objects.filter(pk=mona.pk).update(is_superuser=True)
    mona.refresh_from_db()
    for case in matters(mona, alice, bob):
        assert status(signed_in(mona), f"/admin/moderation/evidence/case/{case.pk}/") == 200


def test_the_page_asks_the_same_for_one_version_and_for_many(mona: User, alice: User, bob: User) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case, asked = reported(bob, note=note_with_photos(alice, 1)), []
    for number in (1, 3, 12):
        while Evidence.objects.filter(case=case).count() < number:
            Evidence.objects.create(case=case, digest=f"{Evidence.objects.count()}", words={"body": "Other"})
        with CaptureQueriesContext(connection) as queries:
            signed_in(mona).get(f"/admin/moderation/evidence/case/{case.pk}/")
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_the_page_of_the_case_shows_them_when_asked(mona: User, case: Case) -> None:
    browser, (_page, picture, blurred) = signed_in(mona), pages(case)
    (evidence,) = kept(case)
    Report.objects.update(reported_text="")
    blurred = blurred.replace("/1/", "/0/")
    first = browser.get(f"/admin/cases/{case.pk}/").text
    assert blurred in first
    assert "Body then" not in first.partition("As it reads now")[0]
    assert f'<img src="{picture}"' not in first
    assert logged() == []
    asked = browser.get(f"/admin/cases/{case.pk}/?kept=words&picture={evidence.pk}-0").text
    assert "Body then" in asked.partition("As it reads now")[0]
    assert f'<img src="{picture}"' in " ".join(asked.split())
    assert logged() == [("evidence", case.pk, "")]
