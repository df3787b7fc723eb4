"""Cards of the queue: what a moderator needs to see of a case before opening it, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery

from core.db.keyset import keyset
from moderation.decisions.checks import steps_for
from moderation.models import Case, Report, Rule, Step
from moderation.models.case import CaseQuerySet
from notes.models import Note, Photo

SIZE, MOST = 24, 100
COVER = "cover480"
WORDS_MAX = 400
QUICK = (Step.NOTE, Step.HIDE)  # of the usual steps, those that need nothing chosen beside the rule


@dataclass(frozen=True)
class Card:
    """`title` and `words` are "" and `photo` None unless everyone may see the target now: opening the case shows
    those of others, and is logged. `quick`: the usual step for the rule that was reported, if it needs no more.
    """

    case: Case
    title: str = ""
    words: str = ""
    photo: Photo | None = None
    is_public: bool = False
    reasons: list[tuple[str, int]] = field(default_factory=list)
    rule: Rule | None = None
    quick: str = ""

    @property
    def quick_words(self) -> str:
        return str(Step(self.quick).label)


def page_of(cases: CaseQuerySet, order: str, after: str, size: int = SIZE) -> tuple[list[Card], Any]:
    """Return the cards of a page, and the page itself: the highest `order` first."""
    first = Report.objects.filter(case=OuterRef("pk")).order_by("pk").values("reported_text")[:1]
    rows = cases.with_targets().marking_held().select_related("note__cover").annotate(said=Subquery(first))
    page = keyset(rows.fetch_mode(settings.LAZY_FETCH_MODE), order, after, min(size, MOST))
    return cards_of(page.rows), page


def cards_of(cases: Any) -> list[Card]:
    public = public_notes(cases)
    reasons = reasons_of(cases)
    rules = {rule.slug: rule for rule in Rule.objects.in_force()}
    return [_card(case, public, reasons[case.pk], rules.get(case.reason)) for case in cases]


def _card(case: Case, public: set[int], reasons: list[tuple[str, int]], rule: Rule | None) -> Card:
    usual = rule.usual_step if rule else ""
    quick = usual if usual in QUICK and usual in steps_for(case) else ""
    known: dict[str, Any] = {"reasons": reasons, "rule": rule, "quick": quick}
    if not is_public(case, public):
        return Card(case, **known)
    title = title_of(case)
    words = (getattr(case, "said", None) or "").removeprefix(title).strip()
    return Card(case, title, words[:WORDS_MAX], photo_of(case), is_public=True, **known)


def public_notes(cases: Iterable[Case]) -> set[int]:
    """Return which of the notes that these cases are about, or stand under, everyone may read."""
    notes: set[Any] = {case.note_id or getattr(case.comment, "note_id", None) for case in cases}
    return set(Note.objects.public().filter(pk__in=notes - {None}).values_list("pk", flat=True))


def is_public(case: Case, public: set[int]) -> bool:
    """Return whether everyone may see the target now. What people call themselves and others everyone may."""
    target = case.target
    if target is None:
        return False
    match case.kind:
        case Case.Kind.NOTE:
            return target.pk in public
        case Case.Kind.COMMENT:
            return target.note_id in public and not target.hidden_at and not target.deleted_at
        case Case.Kind.PHOTO | Case.Kind.COLLECTION | Case.Kind.SERIES:
            return False
        case _:
            return True


def title_of(case: Case) -> str:
    match case.kind:
        case Case.Kind.NOTE:
            return str(case.note.title) if case.note else ""
        case Case.Kind.COMMENT:
            return ""
        case _:
            return str(case.target or "")


def photo_of(case: Case) -> Photo | None:
    cover = case.note.cover if case.note else None
    return cover if cover and COVER in cover.roles else None


def reasons_of(cases: Iterable[Case]) -> dict[int, list[tuple[str, int]]]:
    """Return for each case the reasons it was reported for, and by how many people each, the most first."""
    people = Count("reporter", distinct=True) + Count("pk", filter=Q(reporter=None))
    rows = Report.objects.filter(case__in=[case.pk for case in cases]).values_list("case", "reason")
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for case, reason, number in rows.annotate(number=people).order_by("-number", "reason"):
        found[case].append((str(Report.Reason(reason).label), number))
    return found
