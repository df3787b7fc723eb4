"""Put one's notes in series, and name, order and delete these. Their pages are in people/views/series.py."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.confirmation import ask
from core.http import back, is_scripted, post_only, retyped, see_other, signed_in
from core.text import isolated
from notes.models import Note, Series
from notes.moves import MoveForm
from notes.series import actions, queries
from notes.series.forms import NONE, ChooseForm, SeriesForm, is_full, too_many
from profiles.requests import SignedInRequest

MAY_POST = require_http_methods(["GET", "HEAD", "POST"])


def own_series(request: SignedInRequest, pk: int) -> Series:
    """Return the viewer's own series. Raises Http404."""
    found: Series = get_object_or_404(Series.objects.select_related("author"), pk=pk, author=request.user)
    return found


@MAY_POST
@signed_in
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the series of one's published note, as a page or for a script as a dialog."""
    note = get_object_or_404(Note, pk=pk, author=request.user, status=Note.Status.PUBLISHED)
    form = ChooseForm(
        request.POST if request.method == "POST" else None,
        stored={"series": str(note.series_id or NONE)},
        initial=retyped(request, ChooseForm),
        own=list(Series.objects.filter(author=request.user).order_by("-pk")),
    )
    if not form.is_valid() or not _put(request, note, form):
        name = "notes/series/choose_sheet.html" if request.htmx else "notes/series/choose.html"
        status = form.refusal if form.is_bound else 200
        response = render(request, name, {"note": note, "form": form}, status=status)
        patch_vary_headers(response, ["HX-Request"])  # one address, two answers
        return response
    return see_other(note.get_absolute_url())


def _put(request: SignedInRequest, note: Note, form: ChooseForm) -> bool:
    """Return whether the note is where it was to be. If not, the form shows why."""
    name, chosen, series = form.cleaned_data["name"], form.cleaned_data["series"], None
    try:
        if name:
            series = actions.series_named(author=request.user, name=name)
        elif chosen != NONE:
            series = Series.objects.get(pk=int(chosen), author=request.user)
        actions.put_in_series(note=note, series=series)
    except Note.DoesNotExist:  # deleted at the same moment
        raise Http404 from None
    except Series.DoesNotExist:
        form.add_error("series", form.fields["series"].error_messages["invalid_choice"])
    except actions.TooManySeries:
        form.add_error("name", too_many())
    except actions.SeriesFull:
        form.add_error("name" if name else "series", is_full())
    if form.errors:
        return False
    said = _("Now in “%(name)s”.") % {"name": isolated(series.name)} if series else _("In no series now.")
    messages.success(request, said)
    return True


@MAY_POST
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a series; below, its notes with the buttons that move and remove them."""
    series = own_series(request, pk)
    form = SeriesForm(
        request.POST if request.method == "POST" else None,
        stored={"name": series.name},
        initial=retyped(request, SeriesForm),
    )
    if form.is_valid():
        try:
            actions.rename_series(series=series, name=form.cleaned_data["name"])
        except Series.DoesNotExist:
            raise Http404 from None
        except actions.NameTaken:
            form.refuse_name()
        else:
            messages.success(request, _("Series saved"))
            series.name = form.cleaned_data["name"]
            return see_other(series.get_absolute_url())
    notes = list(queries.notes_in(request.user, series).for_cards())
    context: dict[str, Any] = {"series": series, "form": form, "rows": _with_neighbours(notes)}
    status = form.refusal if form.is_bound else 200
    return render(request, "notes/series/edit.html", context, status=status)


def _with_neighbours(notes: list[Note]) -> list[tuple[Note, int, int]]:
    """Return each note with the ids of those before and after it, 0 at the ends."""
    ids = [0, *(note.pk for note in notes), 0]
    return [(note, ids[place], ids[place + 2]) for place, note in enumerate(notes)]


@post_only
@signed_in
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move one note of a series. A script gets an empty answer, or 409 where one of the two notes is not in it."""
    series = own_series(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    wanted = form.cleaned_data["move"]
    done = actions.move_in_series(
        series=series, note=wanted.note, other=wanted.other, is_before=wanted.is_before
    )
    if is_scripted(request):
        return HttpResponse(status=204 if done else 409)
    if not done:
        messages.info(request, _("Another window has changed this series. Nothing was moved."))
    return back(request, reverse("series_edit", args=[pk]), f"note-{wanted.note}")


@post_only
@signed_in
def remove(request: SignedInRequest, pk: int, note: int) -> HttpResponse:
    """Take a note out of the series. It says the same of a note that is not in it."""
    series = own_series(request, pk)
    actions.take_out(series=series, note=note)
    said = _("Taken out of “%(name)s”. The note itself stays.")
    messages.success(request, said % {"name": isolated(series.name)})
    return back(request, reverse("series_edit", args=[pk]))


@MAY_POST
@signed_in
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then delete a series. Its notes stay."""
    series = own_series(request, pk)
    if request.method != "POST":
        says = _("“%(name)s” will be deleted. Its notes stay.")
        return ask(
            request,
            question=_("Delete this series?"),
            says=says % {"name": isolated(series.name)},
            act=_("Delete series"),
            keep=_("Keep it"),
            fallback=series.get_absolute_url(),
        )
    actions.delete_series(series=series)
    messages.success(request, _("Series deleted. Its notes stay."))
    return see_other(reverse("series_list", args=[request.user.handle]))
