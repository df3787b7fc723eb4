"""The forms of decisions: of one case, and of many at once."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import ProseField
from moderation.decisions.checks import steps_for
from moderation.decisions.refusals import TOO_MANY
from moderation.models import Case, Limit, Rule, Step
from moderation.models.decision import FACTS_MAX
from moderation.rules.ready import Sentence, addressed_in, sentences, with_sentence
from notes.models import Note

MOST = 100
DAYS = (1, 3, 7, 14, 30, 90, 180)
TIMED = (Step.WARNING, Step.HIDE, Step.LIMIT, Step.SUSPEND)
NO_STEP = _("Choose what to do.")
NO_RULE = _("Choose the rule that is broken.")
NO_CASES = _("Choose one case or more.")
ENDS = [("", _("For good")), *((str(days), format_lazy(_("{days} d"), days=days)) for days in DAYS)]


TOO_LONG = _("With the ready-made reason this is longer than %(most)d characters.")
OWN_WORDS = _("In my own words")


def ready_choices(rules: list[Rule], first: str = "") -> list[Any]:
    """Return the ready-made reasons by rule, those of the `first` one first, in the page’s language."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for sentence in sentences().values():
        groups.setdefault(sentence.rule, []).append((sentence.key, sentence.said_in(get_language() or "")))
    names = {rule.slug: rule.name for rule in rules} | {"none": str(Step.NONE.label)}
    order = sorted(groups, key=lambda rule: (rule != first, rule != "none"))
    return [("", OWN_WORDS), *((names[rule], groups[rule]) for rule in order if rule in names)]


class RuleField(forms.ModelChoiceField):
    def __init__(self) -> None:
        no_rule = {"invalid_choice": NO_RULE}
        options: dict[str, Any] = {"label": _("Rule"), "required": False, "empty_label": _("None")}
        super().__init__(Rule.objects.none(), to_field_name="slug", error_messages=no_rule, **options)


class ReadyReasons(forms.Select):
    """Ready-made reasons. Each option has the sentence as it fills the facts, in the language of who reads them."""

    said_in: Callable[[Sentence], str] | None = None

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        sentence = sentences().get(str(value))
        if sentence and self.said_in:
            option["attrs"] |= {"data-rule": sentence.rule, "data-said": self.said_in(sentence)}
        return option


class _TermsForm(forms.Form):
    """What each decision says: the step, the rule and the facts. A step other than "no action" names a rule. A
    ready-made reason stands before the facts, and brings its rule where none is chosen.
    """

    step = forms.ChoiceField(
        choices=Step.choices,
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": NO_STEP},
    )
    rule = RuleField()
    ready = forms.ChoiceField(
        choices=[(key, key) for key in sentences()],
        label=_("Ready-made reason"),
        required=False,
        widget=ReadyReasons,
    )
    facts = ProseField(
        limit=FACTS_MAX,
        label=_("In your words"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The author reads it, beside the rule. Without action, those who reported read it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rule: Any = self.fields["rule"]
        rule.queryset = Rule.objects.in_force()
        ready: Any = self.fields["ready"]
        ready.choices = lambda: ready_choices(list(rule.queryset))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        said["ready"] = sentence = sentences().get(said.get("ready", ""))
        longest = max(len(with_sentence(said.get("facts", ""), sentence, code)) for code in ("en", "zh"))
        if sentence and longest > FACTS_MAX:
            self.add_error("facts", TOO_LONG % {"most": FACTS_MAX})
        if sentence and not said.get("rule"):
            said["rule"] = self.fields["rule"].queryset.filter(slug=sentence.rule).first()  # type: ignore[attr-defined]
        if said.get("step") not in {None, Step.NONE} and not said.get("rule") and "rule" not in self.errors:
            self.add_error("rule", NO_RULE)
        return said


class DecisionForm(_TermsForm):
    """A decision about one case. `version` is that of the case as the page showed it."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    days = forms.ChoiceField(choices=ENDS, label=_("Until"), required=False)
    limits = forms.MultipleChoiceField(
        choices=Limit.choices,
        label=_("What the account may not do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    warning = forms.ChoiceField(choices=Note.Warning.choices, label=_("Warning"), required=False)

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = case
        step: Any = self.fields["step"]
        step.choices = [(value, Step(value).label) for value in steps_for(case)]
        ready: Any = self.fields["ready"]
        rule: Any = self.fields["rule"]
        ready.choices = lambda: ready_choices(list(rule.queryset), case.reason)

    @property
    def language(self) -> str:
        """The language of who reads the facts."""
        return addressed_in([self.case.pk], self.cleaned_data["step"])[self.case.pk]

    @property
    def terms(self) -> dict[str, Any]:
        """What `decide` is to be called with beside the case. A decision for some days ends with the last of them."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("version", "step", "rule")},
            "facts": with_sentence(said["facts"], said["ready"], self.language),
            "ends_at": _end_of(said["days"]) if said["days"] and said["step"] in TIMED else None,
            "limits": said["limits"] if said["step"] == Step.LIMIT else (),
            "warning": said["warning"] if said["step"] == Step.WARNING else "",
        }


def decided_in(sent: QueryDict) -> QueryDict:
    """Return what was sent as the form has it: the buttons of a card send "<step>:<version>:<rule>"."""
    if "quick" not in sent:
        return sent
    said = sent.copy()
    said["step"], said["version"], said["rule"] = (*str(sent["quick"]).split(":"), "", "")[:3]
    return said


def _end_of(days: str) -> datetime:
    last = timezone.localdate() + timedelta(days=int(days))
    return timezone.make_aware(datetime.combine(last, time(23, 59, 59)))


class ManyForm(_TermsForm):
    """The same decision about several cases, each sent as "<id>:<version>". Steps that need more are not offered."""

    step = forms.ChoiceField(
        choices=[(step.value, step.label) for step in (Step.NONE, Step.NOTE, Step.HIDE)],
        label=_("Decision"),
        error_messages={"required": NO_STEP},
    )

    def __init__(self, *args: Any, cases: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = cases

    @property
    def chosen(self) -> set[int]:
        """The cases that are ticked."""
        pks = [case.partition(":")[0] for case in self.cases]
        return {int(pk) for pk in pks if _is_number(pk)}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if len(self.cases) > MOST:
            raise ValidationError(TOO_MANY, params={"most": MOST})
        named = [case.partition(":") for case in self.cases]
        if not named or not all(_is_number(pk) and _is_number(version) for pk, _colon, version in named):
            raise ValidationError(NO_CASES)
        said["cases"] = list(dict.fromkeys((int(pk), int(version)) for pk, _colon, version in named))
        return said


def _is_number(said: str) -> bool:
    return said.isdecimal() and len(said) < 19
