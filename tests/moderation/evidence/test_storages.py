"""Copies in a folder and in a bucket: one contract for both."""

from collections.abc import Callable

import pytest

from core.storage import StorageAway
from moderation.evidence.actions import copy_evidence
from notes.compose.actions import delete_note
from profiles.models import User
from tests.builders import signed_in
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def test_copies_are_made_and_served_from_either(
    break_it: Callable[[], None], alice: User, bob: User, mona: User
) -> None:
    note = note_with_photos(alice)
    case = reported(bob, note=note)
    delete_note(note=note)
    run_jobs()
    (evidence,) = kept(case)
    page = signed_in(mona).get(f"/admin/moderation/evidence/{evidence.pk}/1.jpg")
    assert (page.status_code, page["Content-Type"]) == (200, "image/jpeg")
    assert page.getvalue().startswith(b"\xff\xd8")
    other = reported(bob, note=note_with_photos(alice))
    break_it()
    with pytest.raises(StorageAway):
        copy_evidence(kept(other)[0].pk)
