"""What a page of the queue shows: its cards, counts, filters and the way on."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from core.db.keyset import Page
from core.db.prepared_queries import compiled
from moderation.admin.queue.cards import MOST, SIZE, cards_of, page_of
from moderation.admin.queue.filters import APPEALS, CLOSED, MINE, Filters
from moderation.admin.queue.forms import ManyForm
from moderation.appeals.queries import waiting
from moderation.cases.access import access_of
from moderation.counting import counts, said
from moderation.models import Case, Report, Rule, Severity
from moderation.pictures.labels import RULE as AI_LABEL
from profiles.models import User

APPEALS_SHOWN = 100


def shown(by: User, query: Mapping[str, str], form: ManyForm) -> dict[str, Any]:
    """Return the context of the queue with the filters of this query, and the form of decisions about many."""
    filters, access, in_force = Filters.read(query), access_of(by), rules()
    size = MOST if query.get("size") == str(MOST) else SIZE
    is_of_appeals = filters.show == APPEALS
    page = Page([], "") if is_of_appeals else page_of(filters, by, access, query.get("after", ""), size)
    cards = cards_of(page.rows, in_force, by)
    numbers = counts(by, access)
    drawn = (card.drawn(filters.query, is_chosen=card.case.pk in form.chosen) for card in cards)
    return {
        "filters": filters,
        "tabs": _tabs(filters, numbers),
        "appealed": 0 if filters else numbers[APPEALS],
        "kinds": tuple((kind, str(label)) for kind, label in Case.Kind.choices),
        "reasons": _reasons(in_force),
        "cards": cards,
        "drawn": mark_safe("".join(drawn)),  # noqa: S308  rendered by the template of cards
        "form": form,
        "many": None if form.is_bound or form.initial else many_fields(in_force),
        "page": page,
        "appeals": list(waiting(by)[:APPEALS_SHOWN]) if is_of_appeals else [],
        "more_at_once": MOST if size < MOST else 0,
    }


def _reasons(in_force: list[Rule]) -> tuple[tuple[str, str], ...]:
    """Return what a case may be there for, with its words: what people report, and then what programs alone find."""
    found = ((rule.slug, rule.name) for rule in in_force if rule.slug == AI_LABEL)
    return (*((reason, str(label)) for reason, label in Report.Reason.choices), *found)


class Tab(NamedTuple):
    """A link over the queue: its words, how many it leads to, "" where that is not counted, and where."""

    words: str
    number: str
    query: str
    is_current: bool


def _tabs(filters: Filters, numbers: dict[str, int]) -> tuple[Tab, ...]:
    """Return how many cases are open, by how grave they are; those one has open, appeals, and what was decided."""
    number_of = {name: said(number) for name, number in numbers.items()}
    everything = said(sum(number for name, number in numbers.items() if name.startswith("severity")))
    return (
        Tab(pgettext("cases", "Open"), everything, "", not filters),
        *(
            Tab(
                str(label),
                number_of[f"severity_{value}"],
                f"?severity={value}",
                filters.severity == str(value),
            )
            for value, label in sorted(Severity.choices, reverse=True)
        ),
        Tab(pgettext("cases", "Mine"), number_of[MINE], f"?show={MINE}", filters.show == MINE),
        Tab(gettext("Appeals"), number_of[APPEALS], f"?show={APPEALS}", filters.show == APPEALS),
        Tab(pgettext("cases", "Decided"), "", f"?show={CLOSED}", filters.show == CLOSED),
    )


def many_fields(in_force: list[Rule]) -> SafeString:
    """Return the fields of the form about many cases, kept for the same rules."""
    return _many_fields(tuple((rule.slug, rule.name) for rule in in_force), get_language())


@lru_cache(64)
def _many_fields(in_force: tuple[tuple[str, str], ...], language: str | None) -> SafeString:
    return render_to_string("moderation/queue/many_fields.html", {"form": ManyForm(cases=[])})


@compiled
def rules() -> Any:
    return Rule.objects.in_force()


def rule_of(case: Case, in_force: list[Rule]) -> Rule | None:
    """Return the rule that a case was reported for, if it is in force."""
    return next((rule for rule in in_force if rule.slug == case.rule_slug), None)
