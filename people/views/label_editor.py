from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from core.confirmation import ask
from core.http import HtmxRequest, retyped, see_other, signed_in
from core.text import isolated
from notes.explore.label_tiles import labels_now
from people import steps
from people.actions.labels import LabelHidden, TooSoon, declare_label, withdraw_label
from people.feeds import former_labels
from people.forms import LabelForm
from people.label_choice import chosen_words, label_to_choose
from people.label_topics import meeting, with_topic
from profiles.models import Positioning, User
from profiles.requests import SignedInRequest

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
@vary_on_headers("HX-Request")
def label(request: HtmxRequest) -> HttpResponseBase:
    """Show or save the label. For htmx, compare the topics being typed with the person's notes."""
    if not request.htmx or request.method == "POST":
        return editor(request)
    if not request.user.is_authenticated:
        return HttpResponse(status=204)  # no redirect while typing
    met = meeting(request.user, request.GET.get("topics", ""))
    return render(request, "people/label_topics.html", {"met": met})


@signed_in
def editor(request: SignedInRequest) -> HttpResponse:
    """Show the label editor: prefilled from a former label (?again=<id>), someone's label (?choose=<slug>) or with one
    more topic (?topic=<slug>); ?welcome=1 is the first step after signing up. Nothing is declared before it is saved.
    """
    person, former = request.user, former_labels(request.user)
    welcome = "welcome" in request.GET
    onward = steps.following(request, steps.LABEL) if welcome else ""
    current = person.positionings.current().select_related("label").first()
    again = next((said for said in former if str(said.pk) == request.GET.get("again")), None)
    stored, initial = _words(person, current), _words(person, again or current)
    chosen = label_to_choose(request.GET.get("choose", ""))
    initial = chosen_words(chosen, initial) if chosen else initial
    initial["topics"], left_out = with_topic(person, initial["topics"], request.GET.get("topic", ""))
    typed = initial | retyped(request, LabelForm)
    form = LabelForm(request.POST or None, stored=stored, initial=typed)
    if form.is_valid() and _declare(person, form):
        messages.success(request, _("Label saved"))
        return see_other(onward or person.get_absolute_url())
    context: dict[str, Any] = {
        "form": form,
        "current": current,
        "onward": onward,
        "former": former,
        "again": again,
    }
    context |= {"left_out": left_out, "waits_until": current.waits_until if current else None}
    context["met"] = meeting(person, form["topics"].value())
    context["chosen"] = chosen
    if welcome:
        context |= {"steps": steps.steps(request, steps.LABEL), "end": steps.end(request)}
        context["examples"] = labels_now()
    return render(
        request, "people/settings_label.html", context, status=form.refusal if form.is_bound else 200
    )


@form_view
@signed_in
def label_delete(request: SignedInRequest) -> HttpResponse:
    """Ask, then withdraw the label; it stays in the settings."""
    if request.method != "POST":
        current = request.user.positionings.current().first()
        if current is None:
            return redirect("settings_label")
        return ask(
            request,
            question=_("Remove the label “%(wording)s”?") % {"wording": isolated(current.wording)},
            says=_(
                "Your name and your notes will show without a label. Its words, topics and notes stay in your label"
                " settings, and you can take it up again there."
            ),
            act=_("Remove label"),
            keep=_("Keep it"),
            fallback=reverse("settings_label"),
        )
    withdraw_label(person=request.user)
    messages.success(request, _("Label removed. You can take it up again here."))
    return see_other(reverse("settings_label"))


def _declare(person: User, form: LabelForm) -> bool:
    """Declare the label of a valid form, or add the error."""
    words = dict(form.cleaned_data)
    try:
        declare_label(person=person, wording=words.pop("label"), **words)
    except (LabelHidden, TooSoon) as error:
        form.refuse(error)
        return False
    return True


def _words(person: User, said: Positioning | None) -> dict[str, Any]:
    """Return a label's values for the editor."""
    return {
        "label": said.wording if said and not said.label.hidden_at else "",
        "statement": said.statement if said else "",
        "topics": [tag.name for tag in said.topics_in_order()] if said else [],
        "audience": said.audience if said else Positioning.Audience.EVERYONE,
        "shows_focus": person.shows_focus,
    }
