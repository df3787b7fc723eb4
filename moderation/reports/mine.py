"""What a person reported, and how each report ended. Nothing is told of those it was about."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.db.keyset import Page, keyset
from core.http import signed_in
from moderation.models import NAMED, Decision, Report, Step
from notes.models import Collection, Comment, Note, Photo, Series
from profiles.models import Label, User
from profiles.requests import SignedInRequest


@dataclass(frozen=True)
class Mine:
    """A report with what it is about, None where its reporter cannot see that any more, and how it ended."""

    report: Report
    target: Any
    kind: str

    @property
    def decisions(self) -> list[Decision]:
        return list(self.report.case.decisions.all()) if self.report.case else []

    @property
    def outcome(self) -> str:
        """ "open", "acted", "kept", "gone", "changed" or "closed"."""
        if self.report.closed_at is None:
            return "open"
        standing = [decision for decision in self.decisions if decision.undone_at is None]
        if any(decision.step != Step.NONE for decision in standing):
            return "acted"
        if not standing:
            return "changed" if self.decisions else "closed"
        return "gone" if self.is_gone else "kept"

    @property
    def is_gone(self) -> bool:
        case, report = self.report.case, self.report
        named = getattr(case, f"{self.kind}_id") if self.kind in NAMED else None
        return not (report.note_id or report.comment_id or report.person_id or named)

    @property
    def reason(self) -> str:
        """Why nothing was done, as moderators say it to the reporter."""
        none = [each for each in self.decisions if each.step == Step.NONE and each.undone_at is None]
        return none[-1].facts if none and self.outcome in {"kept", "gone"} else ""


@require_safe
@signed_in
def reports(request: SignedInRequest) -> HttpResponse:
    """List the viewer's reports, the newest first."""
    page = mine(request.user, request.GET.get("after", ""))
    return render(
        request, "moderation/reports.html", {"page": page, "reports": seen_by(request.user, page.rows)}
    )


def mine(person: User, after: str = "") -> Page[Report]:
    decisions = Prefetch("case__decisions", Decision.objects.final().order_by("pk"))
    rows = Report.objects.filter(reporter=person).select_related("case").prefetch_related(decisions)
    return keyset(rows.fetch_mode(settings.LAZY_FETCH_MODE), "pk", after)


def seen_by(person: User, reports: list[Report]) -> list[Mine]:
    """Attach what each report is about, as far as the person may see it now."""
    kinds = [(row, row.case.kind if row.case else _kind(row)) for row in reports]
    numbers = {kind: [_number(row, kind) for row, of in kinds if of == kind] for _row, kind in kinds}
    seen: dict[str, dict[int, Any]] = {
        kind: _VISIBLE[kind](person).in_bulk([pk for pk in found if pk])
        for kind, found in numbers.items()
        if kind in _VISIBLE
    }
    return [Mine(row, seen.get(kind, {}).get(_number(row, kind) or 0), kind) for row, kind in kinds]


def _number(row: Report, kind: str) -> int | None:
    found: int | None = getattr(row.case if kind in NAMED else row, f"{kind}_id", None)
    return found


def _comments(person: User) -> QuerySet[Comment]:
    notes = Note.objects.meant_for(person)
    return Comment.objects.readable_by(person).filter(note__in=notes, deleted_at__isnull=True)


_VISIBLE: dict[str, Any] = {
    "note": lambda person: Note.objects.meant_for(person),
    "photo": lambda person: Photo.objects.filter(note__in=Note.objects.meant_for(person)),
    "comment": _comments,
    "person": lambda person: User.objects.visible_to(person),
    "label": lambda person: Label.objects.shown(),
    "collection": lambda person: Collection.objects.visible_to(person).select_related("owner"),
    "series": lambda person: Series.objects.visible_to(person).select_related("author"),
}


def _kind(row: Report) -> str:
    if row.comment_id:
        return "comment"
    return "note" if row.note_id else "person"
