"""A note that says it was made otherwise than the file of one of its photos says."""

from django.db import transaction

from moderation.cases.actions import case_of, open_case
from moderation.decisions.actions import decide
from moderation.decisions.rows import lock
from moderation.evidence.actions import keep
from moderation.models import Case, Finding, Rule, Step
from moderation.pictures.findings import end, found
from notes.models import Note, Photo

RULE = "ai_label"


def check_label(*, note: Note) -> Case | None:
    """Open a case about a note for everyone whose author took away what a file says of AI, once for the same photos; it
    hides nothing. Close it where the author says so again before anybody has decided. Idempotent.
    """
    known = Finding.objects.filter(case__note=note, kind=Finding.Kind.AI_LABEL)
    if _labelled(note) or known.exists():
        return _compare(note)
    return None


@transaction.atomic
def _compare(note: Note) -> Case | None:
    is_there, _subject, _case = lock(case_of(note), Step.HIDE)
    now = Note.objects.filter(pk=note.pk, status=Note.Status.PUBLISHED).first() if is_there else None
    if now is None:
        return None
    labelled = _labelled(now)
    if not labelled or now.origin == Note.Origin.AI:
        _end(now)
        return None
    if now.visibility != Note.Visibility.PUBLIC:
        return None
    before = Finding.objects.filter(case__note=now, kind=Finding.Kind.AI_LABEL, over_at=None)
    if any(set(labelled) <= set(row.about) for row in before):
        return None
    case = open_case(target=now)
    keep(case=case, target=now)
    rule = Rule.objects.in_force().filter(slug=RULE).first()
    found(case=case, kind=Finding.Kind.AI_LABEL, rule=rule, about=labelled)
    return case


def _labelled(note: Note) -> list[int]:
    """Return the photos of the note whose files say that they were made with AI."""
    photos = Photo.objects.filter(note=note).exclude(origin="").order_by("pk")
    return list(photos.values_list("pk", flat=True))


def _end(note: Note) -> None:
    """End the finding that waits; close its case if nothing else brought it."""
    case = Case.objects.open().filter(note=note).select_for_update(no_key=True, of=["self"]).first()
    findings = Finding.objects.filter(case=case, over_at=None)
    waiting = findings.filter(kind=Finding.Kind.AI_LABEL).first() if case else None
    if case is None or waiting is None:
        return
    end(waiting)
    case.refresh_from_db()
    if not (case.report_count or findings.exists() or case.decisions.exists()):
        decide(case=case, version=case.version, by=None, step=Step.NONE)
