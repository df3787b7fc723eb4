"""Cards of the queue: what a moderator needs to see of a case before opening it, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.safestring import SafeString

from core.db.keyset import Page, cut, keyset, top
from core.db.prepared_queries import compiled
from core.templatetags.redbook import kept
from moderation.admin.queue.facts import Facts, facts_of, for_facts, reasons_of
from moderation.admin.queue.filters import CLOSED, Filters
from moderation.admin.queue.targets import Seen, seen_by_everyone
from moderation.cases.access import Access, within
from moderation.decisions.checks import steps_for
from moderation.models import Case, Report, Rule, Step
from profiles.models import User

SIZE, MOST = 24, 100
WORDS_MAX = 400
TITLE_MAX = 200
QUICK = (Step.NOTE, Step.HIDE)  # of the usual steps, those that need nothing chosen beside the rule


@dataclass(frozen=True)
class Card:
    """`seen` is None and `words` "" unless everyone may see the target now: opening the case shows those of others, and
    is logged. `quick`: the usual step for the rule that was reported, if it needs no more.
    """

    case: Case
    facts: Facts
    seen: Seen | None = None
    words: str = ""
    rule: Rule | None = None
    quick: str = ""

    def drawn(self, query: str, *, is_chosen: bool) -> SafeString:
        """Return its HTML, kept for the same values. `query`: the filters, for the addresses."""
        case, seen = self.case, self.seen or Seen()
        return kept(
            "moderation/queue/card.html",
            pk=str(case.pk),
            version=str(case.version),
            address=reverse("admin:case", args=[case.pk]) + query,
            about=str(case),
            kind=case.kind,
            title=seen.title,
            photo=seen.photo,
            words=self.words,
            is_there=case.is_there,
            is_public=self.seen is not None,
            facts=self.facts,
            rule=self.rule.slug if self.rule and self.quick else "",
            rule_name=self.rule.name if self.rule and self.quick else "",
            quick=self.quick,
            quick_words=str(Step(self.quick).label) if self.quick else "",
            is_chosen=is_chosen,
        )


def page_of(filters: Filters, by: User, access: Access, after: str, size: int) -> Page[Case]:
    """Return the cases of a page: the most urgent first, or those decided last."""
    order = "closed_at" if filters.show == CLOSED else "urgency"
    if not after:
        return cut(_first(filters.names, access, order, size, moderator=by.pk, **filters.values), order, size)
    return keyset(_listed(filters.names, access, by.pk, filters.values), order, after, size)


@compiled
def _first(
    names: frozenset[str],
    access: Access,
    order: str,
    size: int,
    /,
    *,
    moderator: Any,
    severity: Any,
    kind: Any,
    reason: Any,
) -> QuerySet[Case]:
    values = {"severity": severity, "kind": kind, "reason": reason}
    return top(_listed(names, access, moderator, values), order, size)


def _listed(names: frozenset[str], access: Access, moderator: Any, values: dict[str, Any]) -> QuerySet[Case]:
    """Return the cases that these names of filters leave, with these values."""
    cases = within(Case.objects.filter(closed_at__isnull=CLOSED not in names), access, moderator)
    first = Report.objects.filter(case=OuterRef("pk")).order_by("pk")
    said = Subquery(first.values_list(Left("reported_text", TITLE_MAX + WORDS_MAX))[:1])
    return for_facts(Filters.narrowed(cases, names, moderator, values)).annotate(said=said)


def cards_of(cases: list[Any], rules: Iterable[Rule], by: User) -> list[Card]:
    seen, reasons = seen_by_everyone(cases), reasons_of(cases)
    named = {rule.slug: rule for rule in rules}
    return [
        _card(case, seen.get((case.kind, case.number)), facts_of(case, reasons[case.pk], by), named)
        for case in cases
    ]


def _card(case: Any, seen: Seen | None, facts: Facts, rules: dict[str, Rule]) -> Card:
    rule = rules.get(case.rule_slug)
    usual = rule.usual_step if rule else ""
    quick = usual if usual in QUICK and usual in steps_for(case) else ""
    words = (case.said or "").removeprefix(seen.title).strip()[:WORDS_MAX] if seen else ""
    return Card(case, facts, seen, words, rule, quick)
