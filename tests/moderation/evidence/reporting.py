"""Reports as people make them, and what is kept of what they report."""

from typing import Any
from uuid import uuid4

from moderation.actions import report
from moderation.models import Case, Evidence, Report
from notes.models import Note
from profiles.models import User
from tests.builders import make_note, make_photo


def reported(by: User, *, reason: str = "harassment", details: str = "See.", **target: Any) -> Case:
    """Report the target, a comment with its note, and return its case."""
    if "comment" in target:
        target["note_id"] = target["comment"].note_id
    report(reporter=by, target=target, reason=reason, details=details, key=uuid4())
    case = Report.objects.latest("pk").case
    assert case is not None
    return case


def kept(case: Case) -> list[Evidence]:
    return list(Evidence.objects.filter(case=case).order_by("pk"))


def note_with_photos(author: User, number: int = 2, **fields: Any) -> Note:
    """A published note whose photos have files."""
    note = make_note(author, "Title then", body="Body then", **fields)
    for position in range(number):
        make_photo(author, note=note, position=position, with_files=True, alt=f"Photo {position}")
    return note
