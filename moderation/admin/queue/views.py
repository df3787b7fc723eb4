"""The queue of cases, admin's first page; the page of a case, decisions and their undoing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.http import post_only, retyped, see_other
from core.messages import say
from moderation.admin.queue import listing
from moderation.admin.queue.asking import Asked, render_case
from moderation.admin.queue.case import find, next_in, page_of
from moderation.admin.queue.filters import Filters
from moderation.admin.queue.forms import DecisionForm, ManyForm, decided_in
from moderation.admin.site import moderator, site
from moderation.cases.access import Access, access_of, may_decide, open_to
from moderation.cases.actions import look_at, open_case
from moderation.cases.targets import MODELS
from moderation.decisions.actions import Outcome, decide, decide_many, undo
from moderation.decisions.refusals import Decided, Refused
from moderation.models import Case, Decision
from moderation.rules.ready import addressed_in, with_sentence
from notes.models import Note, Photo
from profiles.models import User

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _may_decide(request: HttpRequest) -> User:
    """Return the moderator, if they may decide about cases."""
    by = moderator(request)
    if not may_decide(by):
        raise PermissionDenied
    return by


@site.page("", "index")
@require_http_methods(["GET", "HEAD"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue; to a member of staff who may not decide about cases, all lists."""
    if not may_decide(moderator(request)):
        return site.index(request)
    return _queue(request, ManyForm(cases=[], initial=retyped(request, ManyForm)))


def _queue(request: HttpRequest, form: ManyForm, status: int = 200) -> HttpResponse:
    shown = listing.shown(moderator(request), request.GET, form)
    page = site.each_context(request) | shown | {"title": _("Cases")}
    return render(request, "moderation/queue/queue.html", page, status=status)


@site.page("cases/decide/", "cases_decide")
@post_only
def decide_about_many(request: HttpRequest) -> HttpResponse:
    """Decide the same about the cases chosen in the queue. What was not decided is said, each case by itself."""
    by = _may_decide(request)
    form = ManyForm(request.POST, cases=request.POST.getlist("case"))
    if not form.is_valid():
        return _queue(request, form, 422)
    said = form.cleaned_data
    cases = said.pop("cases")
    reachable = set(
        open_to(Case.objects.all(), by).filter(pk__in=[pk for pk, _v in cases]).values_list("pk", flat=True)
    )
    outcomes = _each_in_its_language([case for case in cases if case[0] in reachable], by, said)
    made = sum(outcome.decision is not None for outcome in outcomes)
    say(request, ngettext("%(number)d case decided.", "%(number)d cases decided.", made) % {"number": made})
    if left := len(cases) - made:
        words = ngettext(
            "%(number)d was left as it is: it has changed, or cannot be decided so.",
            "%(number)d were left as they are: they have changed, or cannot be decided so.",
            left,
        )
        say(request, words % {"number": left})
    return see_other(reverse("admin:index") + Filters.read(request.GET).query)


def _each_in_its_language(cases: list[tuple[int, int]], by: User, said: dict[str, Any]) -> list[Outcome]:
    """Decide the same about all of them, with a ready-made reason in the language of who reads it."""
    ready, facts = said.pop("ready"), said.pop("facts")
    languages = addressed_in([pk for pk, _version in cases], said["step"])
    outcomes: list[Outcome] = []
    for language in sorted(set(languages.values())):
        some = [case for case in cases if languages[case[0]] == language]
        outcomes += decide_many(cases=some, by=by, facts=with_sentence(facts, ready, language), **said)
    return outcomes


@site.page("cases/<int:number>/", "case")
@GET_OR_POST
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show a case with the form of its decision; decide, and lead on to the next case."""
    by = _may_decide(request)
    access = access_of(by)
    found = find(number, by, access)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decide(request, found, by, access)
    in_force = listing.rules()
    rule = listing.rule_of(found, in_force)
    opens_kept = "kept" in request.GET
    shown = page_of(found, by, access, Filters.read(request.GET), rule, opens_kept=opens_kept)
    look_at(case=found, by=by)
    typed = retyped(request, DecisionForm)
    return render_case(request, shown, Asked(found, in_force, rule, typed, None, shown.languages))


def _decide(request: HttpRequest, found: Case, by: User, access: Access) -> HttpResponse:
    form = DecisionForm(decided_in(request.POST), case=found)
    if not form.is_valid():
        return _again(request, found, by, form, 422)
    filters = Filters.read(request.GET)
    try:
        made = decide(case=found, by=by, **form.terms)
    except Decided as error:
        return _again(request, error.case, by, form, 409, meanwhile=error.meanwhile, is_stale=True)
    except Refused as error:
        form.add_error(None, str(error))
        return _again(request, found, by, form, 422)
    say(request, said_of(made), undo=reverse("admin:decision_undo", args=[made.pk]))
    coming = next_in(found, filters, access, by)
    page = reverse("admin:case", args=[coming]) if coming else reverse("admin:index")
    return see_other(page + filters.query)


def said_of(made: Decision) -> str:
    return _("Decided about %(case)s: %(step)s.") % {"case": made.case, "step": made.label}


def _again(
    request: HttpRequest, found: Case, by: User, form: DecisionForm, status: int, **said: Any
) -> HttpResponse:
    """Show the page again with what was typed. The form then decides about the case as this page shows it."""
    access = access_of(by)
    now = find(found.pk, by, access)
    if now is None:
        raise Http404
    in_force = listing.rules()
    rule = listing.rule_of(now, in_force)
    shown = page_of(now, by, access, Filters.read(request.GET), rule)
    return render_case(request, shown, Asked(now, in_force, rule, {}, form, shown.languages), status, **said)


@site.page("decisions/<int:number>/undo/", "decision_undo")
@post_only
def undo_decision(request: HttpRequest, number: int) -> HttpResponse:
    """Take a decision back, and lead to its case."""
    by = _may_decide(request)
    decisions = Decision.objects.filter(case__in=open_to(Case.objects.all(), by)).select_related("case")
    found = get_object_or_404(decisions, pk=number)
    try:
        undone = undo(decision=found, by=by)
        say(request, _("Taken back.") if undone else _("This had been taken back already."))
    except Refused as error:
        say(request, str(error))
    return see_other(reverse("admin:case", args=[found.case_id]))


@site.page("cases/of/<slug:kind>/<int:number>/", "case_of")
@post_only
def case_of(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Open a case about what a moderator saw themselves, and lead to its decision."""
    by = _may_decide(request)
    if kind not in MODELS:
        raise Http404
    target = get_object_or_404(_seen_by(kind, by), pk=number)
    with transaction.atomic():
        found = open_case(target=target, by=by)
        if not open_to(Case.objects.filter(pk=found.pk), by).exists():
            raise Http404
    return see_other(reverse("admin:case", args=[found.pk]))


def _seen_by(kind: str, by: User) -> QuerySet[Any]:
    notes = Note.objects.visible_to(by)
    match kind:
        case Case.Kind.NOTE:
            return notes
        case Case.Kind.PHOTO:
            return Photo.objects.filter(note__in=notes)
        case Case.Kind.COMMENT | Case.Kind.COLLECTION:
            return MODELS[kind]._default_manager.for_moderators()
        case _:
            return MODELS[kind]._default_manager.all()
