"""Decisions of moderators about rows: asked for with a reason, made, taken back and logged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, re_path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.audit import write_history
from core.forms import LineField
from core.http import retyped, see_other
from moderation.admin.site import CHOSEN_MAX, Moderated, moderator
from moderation.cases.access import SEALED
from moderation.cases.targets import MODELS
from moderation.decisions.directly import decide_about, undo_about
from moderation.decisions.refusals import Refused
from moderation.models import Case, Step
from profiles.models import User

EVERYWHERE = [admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM]
REASON_MAX = 300
RESTORE, RESTORED = _("Restore"), _("Restored")
NOTHING_TO_DO = _("There is nothing to do here.")
DECIDED_ALREADY = _("Another moderator or another window has decided this already. Nothing was changed.")
WHICH_RULE = _("Say which rule, and what to change: the person concerned reads it.")

type Action = Callable[..., HttpResponse | None]


@dataclass(frozen=True)
class Decision:
    verb: str
    title: Promise
    done: Promise
    since: str  # the field that says when it was done, null where it was not
    step: str
    undo: Promise = RESTORE
    undone: Promise = RESTORED
    asks: Promise = WHICH_RULE


HIDE = Decision("hide", _("Hide"), _("Hidden"), "hidden_at", Step.HIDE)
HIDDEN = (_("Hidden"), {"fields": ["hidden_at", "hidden_by", "hidden_reason"]})


class ReasonForm(forms.Form):
    reason = LineField(
        limit=REASON_MAX,
        max_length=REASON_MAX,
        label=_("Reason"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class DecidedFilter(admin.SimpleListFilter):
    """Filter rows by whether a decision holds for them: that of the field `<parameter_name>_at`."""

    answers: tuple[Promise, Promise]  # for rows it does not hold for, and those it holds for

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(zip(("no", "yes"), map(str, self.answers), strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(**{f"{self.parameter_name}_at__isnull": self.value() == "no"})


class HiddenFilter(DecidedFilter):
    title = _("hidden")
    parameter_name = "hidden"
    answers = (_("Not hidden"), _("Hidden"))


class Decided[Row: Model](Moderated):
    """Rows that moderators make one kind of decision about, one or many at once, and can take it back."""

    decision: Decision

    def __init__(self, model: type[Row], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self.actions = [_action_to_decide(self.decision), _action_to_undo(self.decision)]

    def decide(self, row: Row, *, by: User, reason: str) -> bool:
        """Make the decision. Return whether it changed anything: if two moderators decide at once, one of them does."""
        try:
            return (
                decide_about(target=row, by=by, step=self.decision.step, facts=reason, once=True) is not None
            )
        except Refused as error:
            if error.is_gone:
                return False
            raise PermissionDenied(str(error)) from None

    def undo(self, row: Row, *, by: User) -> bool:
        """Take the decision back. Return whether it changed anything."""
        return undo_about(target=row, by=by, step=self.decision.step)

    def within_reach(self, request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Return the rows that the moderator may decide about."""
        return rows

    def get_urls(self) -> list[URLPattern]:
        """Add the page that asks for a reason, for one or more rows: /admin/<app>/<model>/<id>,<id>/<verb>/."""
        verb = self.decision.verb
        ids = rf"(?P<ids>[0-9]{{1,18}}(?:,[0-9]{{1,18}}){{0,{CHOSEN_MAX - 1}}})"
        name = f"{self.opts.app_label}_{self.opts.model_name}_{verb}"
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.reason_page))
        return [re_path(rf"^{ids}/{verb}/$", view, name=name), *super().get_urls()]

    def reason_page(self, request: HttpRequest, ids: str) -> HttpResponse:
        """Ask for one reason on GET; on POST decide about the rows that it was not decided about yet, each by itself,
        and log it.
        """
        if not self.has_decide_permission(request):
            raise PermissionDenied
        wanted = set(map(int, ids.split(",")))
        chosen = self.within_reach(request, self.get_queryset(request)).filter(pk__in=wanted).order_by("pk")
        if chosen.count() != len(wanted):
            raise Http404
        data = request.POST if request.method == "POST" else None
        form = ReasonForm(data, initial=retyped(request, ReasonForm))
        if not form.is_valid():
            return self._ask(request, chosen, form, status=422 if form.is_bound else 200)
        by, reason = moderator(request), form.cleaned_data["reason"]
        todo = chosen.filter(**{f"{self.decision.since}__isnull": True})
        done = [row for row in todo if self.decide(row, by=by, reason=reason)]
        if not done and not self._was_decided(chosen.all(), by, reason):
            form.add_error("reason", DECIDED_ALREADY)
            return self._ask(request, chosen, form, status=409)
        _record(request, done, f"{self.decision.done}: {reason}", str(self.decision.done))
        return see_other(self._address("change", ids) if len(wanted) == 1 else self._address("changelist"))

    def _ask(
        self, request: HttpRequest, chosen: QuerySet[Row], form: ReasonForm, *, status: int
    ) -> HttpResponse:
        what = self.decision
        form.fields["reason"].help_text = str(what.asks)
        named = [(row.pk, self.name_of(row)) for row in chosen]
        context = {"what": what, "form": form, "rows": named, "opts": self.opts, "title": what.title}
        page = self.admin_site.each_context(request) | context
        return render(request, "admin/reason.html", page, status=status)

    def _was_decided(self, rows: QuerySet[Row], by: User, reason: str) -> bool:
        """Return whether this moderator made the decision on every row, for this reason."""
        name = self.decision.since.removesuffix("_at")
        said = [(getattr(row, f"{name}_by_id"), getattr(row, f"{name}_reason")) for row in rows]
        return all(each == (by.pk, reason) for each in said)

    def ask_reason(self, request: HttpRequest, rows: QuerySet[Row]) -> HttpResponse | None:
        """Redirect from the rows chosen in a list to the page that asks for a reason."""
        todo = rows.filter(**{f"{self.decision.since}__isnull": True}).order_by("pk")
        chosen = list(todo.values_list("pk", flat=True)[: CHOSEN_MAX + 1])
        if not chosen:
            messages.warning(request, NOTHING_TO_DO)
        elif len(chosen) > CHOSEN_MAX:
            messages.warning(request, _("Choose at most %(most)d at a time.") % {"most": CHOSEN_MAX})
        else:
            return see_other(self._address(self.decision.verb, ",".join(map(str, chosen))))
        return None

    def undo_all(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Take the decision back for the rows that it holds for, and log it."""
        held = rows.filter(**{f"{self.decision.since}__isnull": False}).order_by("pk")
        undone, by = str(self.decision.undone), moderator(request)
        _record(request, [row for row in held if self.undo(row, by=by)], undone, undone)

    def _address(self, page: str, *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


def _action_to_decide(decision: Decision) -> Action:
    def act(admin_: Decided[Model], request: HttpRequest, rows: QuerySet[Model]) -> HttpResponse | None:
        return admin_.ask_reason(request, admin_.within_reach(request, rows))

    return _action(act, decision.verb, decision.title)


def _action_to_undo(decision: Decision) -> Action:
    def act(admin_: Decided[Model], request: HttpRequest, rows: QuerySet[Model]) -> None:
        admin_.undo_all(request, admin_.within_reach(request, rows))

    return _action(act, "restore", decision.undo)


def _action(act: Action, name: str, title: Promise) -> Action:
    """Return an action of lists and of change pages. Its name is what a form sends."""
    act.__name__ = name
    decorate = admin.action(description=title, permissions=["decide"], location=EVERYWHERE)  # type: ignore[call-overload]
    return cast("Action", decorate(act))


def _record(request: HttpRequest, rows: Sequence[Model], entry: str, said: str) -> None:
    """Add an entry to the history of each row, and say how many there are. The decisions themselves are logged. Of
    what has a sealed case, the history has no reason: other moderators read it.
    """
    if not rows:
        messages.warning(request, NOTHING_TO_DO)
        return
    kinds = [kind for kind, model in MODELS.items() if model is type(rows[0])]
    sealed = Case.objects.filter(SEALED, kind__in=kinds, number__in=[row.pk for row in rows])
    closed = set(sealed.values_list("number", flat=True))
    write_history(request.user, [row for row in rows if row.pk not in closed], entry)
    write_history(request.user, [row for row in rows if row.pk in closed], said)
    messages.success(request, f"{said}: {len(rows)}")
