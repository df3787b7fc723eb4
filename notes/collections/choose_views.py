"""Choose in which of one's collections a note is."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import back, post_only, retyped, signed_in
from core.limits import TooMany, spend
from core.messages import say
from core.text import isolated
from notes.collections import actions, lists
from notes.collections.forms import ChooseForm, is_full, too_many
from notes.collections.views import own_collection
from notes.models import Note
from notes.moderation import record_opening
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one's collections with those ticked that have the note, as a page or for a script as a dialog; save the
    choice, and with it the note.
    """
    note = get_object_or_404(Note.objects.live().visible_to(request.user).select_related("author"), pk=pk)
    record_opening(note=note, by=request.user)
    collections, chosen, save = lists.choices_of(request.user, note)
    form = ChooseForm(
        request.POST if request.method == "POST" else None,
        stored={"remark": save.remark if save else ""},
        initial={"collection": list(map(str, chosen))} | retyped(request, ChooseForm),
        collections=collections,
    )
    was = form.was() if form.is_bound else chosen
    if not form.is_valid() or not _saved(request, note, form):
        status = form.refusal if form.is_bound else 200
        return _page(request, note, form, was, status)
    say(request, _said(request, form))
    return back(request, note.get_absolute_url(), f"note-{pk}")


def _saved(request: SignedInRequest, note: Note, form: ChooseForm) -> bool:
    """Return whether the choice was saved. If not, the form shows why."""
    chosen, was, data = form.chosen(), form.was(), form.cleaned_data
    try:
        spend("likes", request.user, once=f"collect/{note.pk}")
        actions.sort_save(
            person=request.user,
            note=note,
            add=chosen - was,
            remove=was - chosen,
            new=data["name"],
            remark=data["remark"],
        )
    except Note.DoesNotExist:  # it was deleted at the same moment
        raise Http404 from None
    except TooMany as error:
        form.refusal = 429
        form.add_error(None, str(error))
    except actions.TooManyCollections:
        form.add_error("name", too_many())
    except actions.CollectionFull as error:
        form.add_error(None, is_full(str(error)))
    return not form.errors


def _said(request: SignedInRequest, form: ChooseForm) -> str:
    """Return where the note is now."""
    names = [name for pk, name in form.fields["collection"].choices if int(pk) in form.chosen()]  # type: ignore[attr-defined]
    names += [form.cleaned_data["name"]] if form.cleaned_data["name"] else []
    if not names:
        return _("Saved, in no collection.")
    quoted = _(", ").join(_("“%(word)s”") % {"word": isolated(name)} for name in dict.fromkeys(names))
    return _("Saved in %(names)s.") % {"names": quoted}


def _page(request: SignedInRequest, note: Note, form: ChooseForm, was: set[int], status: int) -> HttpResponse:
    name = "notes/collections/choose_sheet.html" if request.htmx else "notes/collections/choose.html"
    context = {"note": note, "form": form, "was": sorted(was)}
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])  # one address, two answers: a browser must not mix them up
    return response


@post_only
@signed_in
def remove(request: SignedInRequest, pk: int, note: int) -> HttpResponse:
    """Take a note out of one collection. It stays saved."""
    collection = own_collection(request, pk)
    actions.remove_from_collection(collection=collection, note=note)
    said = _("Taken out of “%(name)s”. It is still saved.")
    say(request, said % {"name": isolated(collection.name)})
    return back(request, collection.get_absolute_url())
