"""A deleted account: its reported words and pictures stay to the end of the case, and not a day longer."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from leaving.actions.removal import remove_leavers
from leaving.traces import unowned_files
from moderation.evidence.actions import clear_evidence
from moderation.models import Case, Evidence
from people.actions.people import end_account
from profiles.models import User
from tests.builders import signed_in
from tests.markup import words
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def traces(*names: str) -> tuple[str, bool]:
    """What the command says, and whether it found any."""
    out = StringIO()
    try:
        call_command("traces", *names, stdout=out)
    except SystemExit:
        return out.getvalue(), True
    return out.getvalue(), False


def test_copies_outlive_the_account_to_the_end_of_their_case(alice: User, bob: User, mona: User) -> None:
    User.objects.filter(pk=alice.pk).update(bio="Write to\nalice now")
    note, number, email = note_with_photos(alice), str(alice.pk), alice.email
    cases = [reported(bob, note=note), reported(bob, person=alice)]
    end_account(person=alice)
    remove_leavers()
    run_jobs()
    assert not User.objects.filter(pk=int(number)).exists()
    said, found = traces(number, email, "alice")
    assert not found, said
    (evidence,) = kept(cases[1])
    assert f"moderation_evidence {evidence.pk}, of case {cases[1].pk}: kept while the case" in said
    assert signed_in(mona).get(f"/admin/moderation/evidence/case/{cases[0].pk}/").status_code == 200

    closed = timezone.now() - timedelta(days=10)
    Case.objects.update(closed_at=closed)
    assert f"kept until {closed + timedelta(days=30):%Y-%m-%d}" in traces(number, email, "alice")[0]
    Case.objects.update(closed_at=timezone.now() - timedelta(days=32))
    said, found = traces(number, email, "alice")
    assert found, "what is kept too long is a trace"
    clear_evidence()
    run_jobs()
    assert not Evidence.objects.exists()
    said, found = traces(number, email, "alice")
    assert (found, "moderation_evidence" in said) == (False, False)
    assert list(unowned_files()) == []


def test_traces_find_copies_that_no_row_names(alice: User, bob: User) -> None:
    case = reported(bob, note=note_with_photos(alice))
    run_jobs()
    assert len(kept(case)) == 1
    assert list(unowned_files()) == []
    folder = f"evidence/ab/{'1' * 29}"
    default_storage.save(f"{folder}/0.jpg", ContentFile(b"words"))
    assert list(unowned_files()) == [folder]


def test_people_are_told_before_they_leave(alice: User) -> None:
    told = words(signed_in(alice).get("/settings/data/leaving/"))
    assert "until 30 days after the case and any appeal are over" in told
    assert "30 days after the case and any appeal are over" in words(signed_in(None).get("/privacy/"))
