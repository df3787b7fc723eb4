"""A moderator who is dismissed while cases are open, or while deciding."""

from typing import Any

import pytest
from django.urls import reverse

from core.models import AuditEntry
from moderation.cases.actions import look_at
from moderation.decisions.actions import decide, undo
from moderation.decisions.refusals import NO_MODERATOR, Refused
from moderation.models import Case, Decision
from people.actions.moderators import appoint, remove_moderator
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.moderation.builders import make_rule, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice: User) -> Case:
    return reported(make_note(alice))


def dismissed_by_command(person: User) -> None:
    remove_moderator(person=person)


def dismissed_in_admin(person: User) -> None:
    root = make_person("root", is_staff=True, is_superuser=True)
    client, page = signed_in(root), f"/admin/profiles/user/{person.pk}/change/"
    assert client.post(page, {"groups": []}).status_code in {302, 303}


@pytest.mark.parametrize("dismiss", [dismissed_by_command, dismissed_in_admin])
def test_nobody_has_the_case_open_any_more(dismiss: Any, case: Case, mona: User) -> None:
    look_at(case=case, by=mona)
    dismiss(mona)
    case.refresh_from_db()
    assert (case.opened_by, case.opened_at, case.closed_at) == (None, None, None)
    other = make_person("zoe")
    appoint(person=other)
    page = signed_in(other).get(reverse("admin:case", args=[case.pk]))
    assert page.status_code == 200
    assert "@mona" not in page.text


def test_what_they_send_decides_nothing_and_their_pages_are_gone(case: Case, mona: User) -> None:
    client, page = signed_in(mona), reverse("admin:case", args=[case.pk])
    made = decide(case=case, version=case.version, by=mona, step="note", rule=make_rule())
    assert client.get(page).status_code == 200
    remove_moderator(person=mona)
    second = reported(make_note(case.subject))  # type: ignore[arg-type]
    logged = AuditEntry.objects.count()
    typed = {"version": 0, "step": "none", "facts": "Fine."}
    writes = [
        (reverse("admin:case", args=[second.pk]), typed),
        (reverse("admin:cases_decide"), typed | {"case": f"{second.pk}:0"}),
        (reverse("admin:decision_undo", args=[made.pk]), {}),
        (f"/admin/cases/of/note/{case.number}/", {}),
        (f"/admin/notes/note/{case.number}/hide/", {"reason": "Mine."}),
    ]
    for path, sent in writes:
        assert client.post(path, sent).status_code == 404, path
        assert client.get(path).status_code == 404, path
    assert Decision.objects.get() == made
    assert made.is_in_force
    assert (Case.objects.open().get(), AuditEntry.objects.count()) == (second, logged)
    assert AuditEntry.objects.filter(action="dismissed").exists()


def test_who_is_dismissed_while_deciding_is_told(case: Case, mona: User) -> None:
    made = decide(case=case, version=case.version, by=mona, step="note", rule=make_rule())
    remove_moderator(person=User.objects.get(pk=mona.pk))
    second = reported(make_note(case.subject))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        decide(case=second, version=second.version, by=mona, step="none")
    assert refused.value.args[0] is NO_MODERATOR
    with pytest.raises(Refused):
        undo(decision=made, by=mona)
    second.refresh_from_db()
    assert second.closed_at is None
    assert Decision.objects.get().undone_at is None
