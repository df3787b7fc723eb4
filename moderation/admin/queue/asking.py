"""The page of a case with the form of its decision, whose fields are kept for cases that ask the same."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.http import form_address
from moderation.admin.queue.case import CasePage
from moderation.admin.queue.filters import Filters
from moderation.admin.queue.forms import DecisionForm
from moderation.admin.site import site
from moderation.decisions.checks import steps_for
from moderation.models import Case, Rule


@dataclass(frozen=True)
class Asked:
    """What the form begins with. `typed`: what was typed before, by field. `form`: one that was sent and refused.
    `languages`: those in which the author and who reported last are written to.
    """

    case: Case
    in_force: list[Rule]
    rule: Rule | None
    typed: dict[str, Any]
    form: DecisionForm | None = None
    languages: tuple[str, str] = ("", "")

    @property
    def fields(self) -> SafeString:
        """The HTML of the fields: kept for the same steps, rules and usual decision, unless something was typed."""
        if self.form or self.typed:
            return self._drawn(self.form or self.fresh)
        rules = tuple((rule.slug, rule.name, rule.text) for rule in self.in_force)
        usual = (self.rule.slug, self.rule.usual_step) if self.rule else None
        key = (tuple(steps_for(self.case)), rules, usual, self.case.reason, self.languages, get_language())
        if key not in _kept:
            if len(_kept) >= KEPT:
                _kept.clear()
            _kept[key] = self._drawn(self.fresh)
        return _kept[key]

    @property
    def fresh(self) -> DecisionForm:
        """The form with the rule that the case was reported for, and what is usually decided."""
        begins: dict[str, Any] = {"version": self.case.version, "limits": ["posting", "commenting"]}
        if self.rule:
            begins |= {"rule": self.rule.slug, "step": self.rule.usual_step}
        return DecisionForm(case=self.case, initial=begins | self.typed)

    def _drawn(self, form: DecisionForm) -> SafeString:
        widget: Any = form.fields["ready"].widget
        widget.said_in = lambda sentence: sentence.said_in(self.languages[sentence.rule == "none"])
        context = {"form": form, "rules": self.in_force}
        return render_to_string("moderation/queue/decision_fields.html", context)


KEPT = 256
_kept: dict[Any, SafeString] = {}


def render_case(
    request: HttpRequest, shown: CasePage, asked: Asked, status: int = 200, **said: Any
) -> HttpResponse:
    case = shown.case
    context = site.each_context(request) | said
    context |= {"page": shown, "case": case, "form": asked.form, "fields": asked.fields}
    context |= {"form_url": form_address(request), "query": Filters.read(request.GET).query}
    context |= {"steps": len(steps_for(case)), "about": str(case), "title": str(case)}
    return render(request, "moderation/queue/case.html", context, status=status)
