"""What a page of the queue does not tell: numbers of sealed cases, and what is not public without a record."""

from uuid import uuid4

import pytest

from core.models import AuditEntry
from moderation.actions import report_named
from moderation.models import Case, Evidence, Step
from moderation.sealing.roles import CHILD_SAFETY, give_role
from notes.models import Collection, Note, Photo
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_note, make_person, make_photo, signed_in
from tests.moderation.builders import make_reporter, make_rules, reported
from tests.moderation.queue.deciding import decided

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


def test_sealed_decisions_are_in_no_number(alice: User, mona: User) -> None:
    sasha = make_person("sasha")
    appoint(person=sasha)
    give_role(person=sasha, role=CHILD_SAFETY)
    decided(reported(make_note(alice), reason="child_abuse"), by=sasha, step=Step.HIDE)
    other = reported(make_note(alice), reason="child_abuse")
    other.seal.delete()
    pages = {who: signed_in(who).get(f"/admin/cases/{other.pk}/").context["page"] for who in (mona, sasha)}
    assert [(pages[who].strikes, pages[who].alike_of) for who in (mona, sasha)] == [(0, 0), (1, 1)]


def test_a_photo_taken_out_is_seen_with_a_record(alice: User, mona: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, roles=["320"])
    case = reported(note)
    Photo.objects.filter(pk=photo.pk).update(note=None, hidden_in=note, hidden_at=note.published_at)
    before = AuditEntry.objects.count()
    assert photo.base in signed_in(mona).get(f"/admin/cases/{case.pk}/").text
    assert AuditEntry.objects.count() == before + 1


def test_kept_descriptions_wait_until_they_are_asked_for(alice: User, mona: User) -> None:
    case = reported(make_note(alice))
    kept = {"alt": "A cup of tea", "folder": "", "blurred": "AA==", "size": 1}
    Evidence.objects.filter(case=case).update(pictures=[kept])
    browser = signed_in(mona)
    assert "A cup of tea" not in browser.get(f"/admin/cases/{case.pk}/").text
    assert "A cup of tea" in browser.get(f"/admin/cases/{case.pk}/?kept=words").text


def test_what_is_the_same_is_said_so(alice: User, mona: User) -> None:
    photo = make_photo(alice, note=make_note(alice), alt="A cup " * 30)
    collection = Collection.objects.create(owner=alice, name="Tea", description="Green ones")
    for target in (photo, collection):
        report_named(reporter=make_reporter(), named=target, reason="harassment", details="", key=uuid4())
        case = Case.objects.latest("pk")
        assert "The same." in signed_in(mona).get(f"/admin/cases/{case.pk}/").text


@pytest.mark.parametrize("path", ["moderation/report/", "moderation/appeal/", "notes/note/"])
@pytest.mark.parametrize("year", ["999999999999999999", "-1", "0", "x"])
def test_no_year_is_an_error(path: str, year: str, mona: User) -> None:
    answer = signed_in(mona).get(f"/admin/{path}?created_at__year={year}")
    assert answer.status_code in {302, 400}
    assert Note.objects.count() == 0


def test_a_seal_cannot_be_asked_for(alice: User, mona: User) -> None:
    sealed, other = (make_note(alice) for _number in range(2))
    reported(sealed, reason="child_abuse")
    browser = signed_in(mona)
    for path in ("/admin/cases/of/note/{}/", "/admin/notes/note/{}/hide/"):
        answers = [browser.post(path.format(note.pk), {"reason": "Mine."}) for note in (sealed, other)]
        assert [answer.status_code for answer in answers] == [303, 303], path
