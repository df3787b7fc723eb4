"""Give cases and decisions to reports, hidings and suspensions that the version before made without.

The migration runs this with the models of its time, and a job at night for what old processes wrote while the release
rolled out. It uses columns alone, goes a target at a time, each in a transaction, and changes nothing when it is run
again.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

Models = Callable[[str, str], Any]
BATCH = 500
FORMER = "former_moderator"  # the placeholder account, suspended by nobody
OWNERS = {
    "note": "author_id",
    "comment": "author_id",
    "collection": "owner_id",
    "series": "author_id",
    "person": "pk",
}
HIDEABLE = [
    ("note", "notes", "Note"),
    ("comment", "notes", "Comment"),
    ("collection", "notes", "Collection"),
    ("series", "notes", "Series"),
    ("label", "profiles", "Label"),
]


def adopt(model: Models) -> None:
    """Go through all reports, hidings and suspensions."""
    for kind in ("comment", "note", "person"):
        for number in _unadopted(model, kind):
            _adopt_reports(model, kind, number)
    for kind, app, name in HIDEABLE:
        for row in _hidden(model(app, name), hidden_at__isnull=False):
            _adopt_hiding(model, kind, row, row.hidden_at, row.hidden_by_id, row.hidden_reason)
    for row in _hidden(model("profiles", "Campus"), is_hidden=True):
        _adopt_hiding(model, "campus", row, timezone.now(), None, "")
    for state in _hidden(model("notes", "TagState").objects.select_related("tag"), is_hidden=True):
        _adopt_hiding(model, "tag", state.tag, timezone.now(), None, "")
    suspended = model("profiles", "User").objects.exclude(handle=FORMER)
    for row in _hidden(suspended, suspended_at__isnull=False):
        _adopt_suspension(model, row)


def _hidden(rows: Any, **which: Any) -> Iterator[Any]:
    found = getattr(rows, "objects", rows).filter(**which).order_by("pk")
    yield from found.iterator(chunk_size=BATCH)


def _unadopted(model: Models, kind: str) -> Iterator[int]:
    """Yield the targets of this kind that have reports without a case."""
    reports, after = model("moderation", "Report").objects.filter(case=None), 0
    if kind == "note":
        reports = reports.filter(comment=None)
    while True:
        some = (
            reports.filter(**{f"{kind}_id__gt": after})
            .order_by(f"{kind}_id")
            .values_list(f"{kind}_id", flat=True)
        )
        chosen = list(some.distinct()[:BATCH])
        if not chosen:
            return
        yield from chosen
        after = chosen[-1]


@transaction.atomic
def _adopt_reports(model: Models, kind: str, number: int) -> None:
    """Put the reports of a target into its open case, and those that were closed into one that is closed."""
    row = _locked(model, kind, number)
    reports = model("moderation", "Report").objects.filter(**{f"{kind}_id": number}, case=None)
    if kind == "note":
        reports = reports.filter(comment=None)
    if row is None or not reports.exists():
        return
    waiting = reports.filter(closed_at=None)
    if first := waiting.order_by("created_at").first():
        case = _open_case(model, kind, row) or _new_case(model, kind, row, created_at=first.created_at)
        waiting.update(case=case)
    closed = reports.exclude(closed_at=None)
    if last := closed.order_by("closed_at").last():
        since = closed.order_by("created_at").values_list("created_at", flat=True)[0]
        case = _new_case(model, kind, row, created_at=since, closed_at=last.closed_at, version=1)
        closed.update(case=case)
        _decide_closed(model, case, row, last)


def _decide_closed(model: Models, case: Any, row: Any, last: Any) -> None:
    """Record what came of closed reports: that the target is hidden, or that nothing was done."""
    if getattr(row, "hidden_at", None) and not _in_force(model, case.kind, case.number, "hide"):
        _decision(model, case, "hide", row.hidden_at, row.hidden_by_id, row.hidden_reason)
        model("moderation", "Report").objects.filter(case=case).update(was_right=True)
    else:
        _decision(model, case, "none", last.closed_at, last.closed_by_id, "")  # its reason was for moderators


@transaction.atomic
def _adopt_hiding(model: Models, kind: str, row: Any, at: Any, by: int | None, reason: str) -> None:
    locked = _locked(model, kind, row.pk)
    if locked is None or _in_force(model, kind, row.pk, "hide"):
        return
    if hasattr(locked, "hidden_at") and locked.hidden_at is None:
        return
    case = _new_case(model, kind, row, created_at=at, closed_at=at, version=1)
    _decision(model, case, "hide", at, by, reason)


@transaction.atomic
def _adopt_suspension(model: Models, row: Any) -> None:
    locked = _locked(model, "person", row.pk)
    decisions = model("moderation", "Decision").objects.filter(subject_id=row.pk, step="suspend")
    standing = decisions.filter(undone_at=None, ended_at=None)
    if locked is None or locked.suspended_at is None or standing.exists():
        return
    at = locked.suspended_at
    case = _new_case(model, "person", locked, created_at=at, closed_at=at, version=1)
    _decision(model, case, "suspend", at, locked.suspended_by_id, locked.suspended_reason)


def _locked(model: Models, kind: str, number: int) -> Any:
    """Lock the target, under its note; return it, None if it is gone."""
    if kind == "comment":
        note = model("notes", "Comment").objects.filter(pk=number).values("note")
        list(
            model("notes", "Note")
            .objects.filter(pk__in=note)
            .select_for_update(no_key=True)
            .values_list("pk")
        )
    named = {each: (app, name) for each, app, name in HIDEABLE} | {
        "person": ("profiles", "User"),
        "campus": ("profiles", "Campus"),
        "tag": ("taggit", "Tag"),
    }
    rows = model(*named[kind]).objects.filter(pk=number)
    return rows.select_for_update(no_key=True, of=["self"]).first()


def _open_case(model: Models, kind: str, row: Any) -> Any:
    return model("moderation", "Case").objects.filter(kind=kind, number=row.pk, closed_at=None).first()


def _new_case(model: Models, kind: str, row: Any, **said: Any) -> Any:
    subject = getattr(row, OWNERS[kind]) if kind in OWNERS else None
    people = model("profiles", "User").objects.filter(pk=subject, stage="high_school")
    about = {"kind": kind, "number": row.pk, f"{kind}_id": row.pk, "subject_id": subject}
    return model("moderation", "Case").objects.create(**about, is_young=people.exists(), **said)


def _decision(model: Models, case: Any, step: str, at: Any, by: int | None, facts: str) -> None:
    made = {"case": case, "step": step, "facts": facts, "decided_by_id": by, "subject_id": case.subject_id}
    model("moderation", "Decision").objects.create(**made, version=1, created_at=at, told_at=at)


def _in_force(model: Models, kind: str, number: int, step: str) -> bool:
    standing = model("moderation", "Decision").objects.filter(undone_at=None, ended_at=None, step=step)
    if standing.filter(case__kind=kind, case__number=number).exists():
        return True
    if kind != "note" or not hasattr(model("notes", "Photo"), "hidden_in"):
        return False
    # A note whose photos are all hidden is hidden with them.
    return bool(standing.filter(case__kind="photo", case__photo__hidden_in=number).exists())
