"""The queries of a case's page, each written once (core/db/prepared_queries.py)."""

from typing import Any

from django.db.models import F, Model, Q, QuerySet

from core.db.prepared_queries import compiled
from moderation.admin.queue.facts import for_facts
from moderation.admin.queue.filters import Filters
from moderation.cases.access import Access, within
from moderation.cases.targets import MODELS
from moderation.models import Case, Decision, Evidence, Report, Seal
from notes.models import Photo

REPORTS, HISTORY, LIKE_THIS, PHOTOS = 20, 10, 50, 18
OF_TARGETS: dict[str, tuple[str, ...]] = {
    Case.Kind.NOTE: ("author",),
    Case.Kind.PHOTO: ("note",),
    Case.Kind.COMMENT: ("author", "note__author"),
    Case.Kind.COLLECTION: ("owner",),
    Case.Kind.SERIES: ("author",),
}


@compiled
def case_of(access: Access, /, *, moderator: Any, number: Any) -> QuerySet[Case]:
    cases = within(Case.objects.filter(pk=number), access, moderator)
    return for_facts(cases.select_related("subject"))


@compiled
def target_of(model: type[Model], related: tuple[str, ...], /, *, number: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(pk=number)
    return rows.select_related(*related) if related else rows


def with_target(case: Case) -> Case:
    """Fetch what the case is about."""
    if case.is_there:
        found = target_of(MODELS[case.kind], OF_TARGETS.get(case.kind, ()), number=case.number)
        setattr(case, case.kind, found[0] if found else None)
    return case


@compiled
def first_texts(*, case: Any) -> QuerySet[Any]:
    rows = Report.objects.filter(case=case).order_by("pk")
    return rows.values_list("reported_text", "created_at")[:REPORTS]


@compiled
def latest_reports(*, case: Any) -> QuerySet[Report]:
    return Report.objects.filter(case=case).select_related("reporter").order_by("-pk")[:REPORTS]


@compiled
def photos_of(*, note: Any) -> QuerySet[Photo]:
    own = Photo.objects.filter(Q(note=note) | Q(hidden_in=note, hidden_at__isnull=False, is_sealed=False))
    return own.order_by(F("hidden_in").asc(nulls_first=True), "position")[:PHOTOS]


@compiled
def versions_of(*, case: Any) -> QuerySet[Evidence]:
    return Evidence.objects.filter(case=case).order_by("-pk")


@compiled
def decisions_of(*, case: Any) -> QuerySet[Decision]:
    rows = Decision.objects.filter(case=case).select_related("rule", "decided_by")
    return rows.order_by("-pk")


@compiled
def decisions_about(access: Access, /, *, subject: Any, case: Any, moderator: Any) -> QuerySet[Decision]:
    """Return what was decided about the author before, in cases that the moderator may open."""
    open_ones = within(Case.objects.all(), access, moderator)
    others = Decision.objects.filter(subject=subject, case__in=open_ones).exclude(case=case)
    return others.select_related("rule", "case").order_by("-pk")[:HISTORY]


@compiled
def strikes_of(access: Access, /, *, subject: Any, now: Any) -> QuerySet[Any]:
    rows = Decision.objects.filter(subject=subject, undone_at=None, strike_until__gt=now)
    return _known(rows, access).values_list("pk")


@compiled
def steps_alike(access: Access, /, *, rule: Any, kind: Any, case: Any) -> QuerySet[Any]:
    """Return the steps decided last about cases of this kind for this rule."""
    same = Decision.objects.final().filter(rule=rule, case__kind=kind, undone_at=None).exclude(case=case)
    return _known(same, access).order_by("-pk").values_list("step")[:LIKE_THIS]


def _known(decisions: Any, access: Access) -> Any:
    """Leave out what was decided in sealed cases for moderators without their roles."""
    return decisions if access.sealed else decisions.exclude(case__in=Seal.objects.in_force().values("case"))


def neighbours(case: Case, filters: Filters, access: Access, by: Any) -> tuple[int | None, int | None]:
    """Return the keys of the case before and of the one after this one, in the order of the queue."""
    named = {"moderator": by.pk, "number": case.pk, "urgency": case.urgency, **filters.values}
    before, after = (_beside(filters.names, access, goes_up, **named) for goes_up in (True, False))
    return before[0][0] if before else None, after[0][0] if after else None


@compiled
def _beside(
    names: frozenset[str],
    access: Access,
    goes_up: bool,
    /,
    *,
    moderator: Any,
    number: Any,
    urgency: Any,
    severity: Any,
    kind: Any,
    reason: Any,
) -> QuerySet[Any]:
    values = {"severity": severity, "kind": kind, "reason": reason}
    cases = Filters.narrowed(within(Case.objects.open(), access, moderator), names, moderator, values)
    if goes_up:
        near = Q(urgency__gt=urgency) | Q(urgency=urgency, pk__gt=number)
        return cases.filter(near, urgency__gte=urgency).order_by("urgency", "pk").values_list("pk")[:1]
    near = Q(urgency__lt=urgency) | Q(urgency=urgency, pk__lt=number)
    return cases.filter(near, urgency__lte=urgency).in_order().values_list("pk")[:1]
