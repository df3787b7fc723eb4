"""Make a series, and add several of one's notes to one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from core.http import retyped, see_other, signed_in
from core.text import isolated
from notes.models import Series
from notes.series import actions, queries
from notes.series.forms import AddForm, SeriesForm, is_full, too_many
from notes.series.views import MAY_POST, own_series
from profiles.requests import SignedInRequest


@MAY_POST
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """Name a series; then its notes are chosen. A name that is there already leads to that series."""
    posted = request.POST if request.method == "POST" else None
    form = SeriesForm(posted, initial=retyped(request, SeriesForm))
    if form.is_valid():
        try:
            made = actions.series_named(author=request.user, name=form.cleaned_data["name"])
        except actions.TooManySeries:
            form.add_error("name", too_many())
        else:
            return see_other(reverse("series_add", args=[made.pk]))
    status = form.refusal if form.is_bound else 200
    return render(request, "notes/series/new.html", {"form": form}, status=status)


@MAY_POST
@signed_in
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose among one's notes that are not in the series, a page at a time."""
    series, after = own_series(request, pk), request.GET.get("after", "")
    page = queries.to_add(request.user, series, after)
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _added(request, series, form):
        goes_on = "onward" in request.POST and page.after
        here = reverse("series_add", args=[pk])
        return see_other(f"{here}?after={page.after}" if goes_on else series.get_absolute_url())
    chosen = set(request.POST.getlist("note"))
    rows = [(note, str(note.pk) in chosen) for note in page.rows]
    context = {"series": series, "form": form, "rows": rows, "after": page.after, "is_first": not after}
    return render(request, "notes/series/add.html", context, status=422 if form.is_bound else 200)


def _added(request: SignedInRequest, series: Series, form: AddForm) -> bool:
    """Return whether the chosen notes were added. If not, the form shows why."""
    try:
        number = actions.add_to_series(series=series, notes=form.cleaned_data["note"])
    except Series.DoesNotExist:
        raise Http404 from None
    except actions.SeriesFull:
        form.add_error(None, is_full())
        return False
    said = ngettext("%(number)d note added to “%(name)s”.", "%(number)d notes added to “%(name)s”.", number)
    messages.success(request, said % {"number": number, "name": isolated(series.name)})
    return True
