"""One's collections: the list, and making, changing, merging and deleting one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import retyped, see_other, signed_in
from core.limits import spend
from core.text import isolated
from notes.collections import actions, follows, lists
from notes.collections.forms import CollectionForm, MergeForm, is_full, stored, too_many
from notes.models import Collection
from profiles.requests import SignedInRequest

MAY_POST = require_http_methods(["GET", "HEAD", "POST"])


def own_collection(request: SignedInRequest, pk: int) -> Collection:
    """Return the viewer's own collection. Raises Http404."""
    mine = Collection.objects.of(request.user)
    found: Collection = get_object_or_404(mine.select_related("owner"), pk=pk)
    return found


@require_safe
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """Show one's collections and those one follows; with ?after= or ?followed= the next page of either."""
    after, followed = request.GET.get("after", ""), request.GET.get("followed", "")
    context = {
        "own": None if followed else lists.own(request.user, after),
        "followed": None if after else follows.followed(request.user, followed),
    }
    return render(request, "notes/collections/mine.html", context)


@MAY_POST
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    form = CollectionForm(
        request.POST if request.method == "POST" else None,
        initial=retyped(request, CollectionForm),
        approves=request.user.approves_followers,
    )
    if not form.is_valid():
        return _form(request, form, None)
    spend("collections", request.user, once=form.cleaned_data["name"])
    try:
        made = actions.create_collection(owner=request.user, **form.written)
    except actions.NameTaken:
        form.refuse_name()
        return _form(request, form, None)
    except actions.TooManyCollections:
        form.add_error(None, too_many())
        return _form(request, form, None)
    messages.success(request, _("Collection created"))
    return see_other(made.get_absolute_url())


@MAY_POST
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    collection = own_collection(request, pk)
    form = CollectionForm(
        request.POST if request.method == "POST" else None,
        stored=stored(collection),
        initial=retyped(request, CollectionForm),
        approves=request.user.approves_followers,
    )
    if not form.is_valid():
        return _form(request, form, collection)
    try:
        actions.edit_collection(collection=collection, **form.written)
    except actions.NameTaken:
        form.refuse_name()
        return _form(request, form, collection)
    messages.success(request, _("Collection saved"))
    collection.name = form.written["name"]
    return see_other(collection.get_absolute_url())


def _form(request: SignedInRequest, form: CollectionForm, collection: Collection | None) -> HttpResponse:
    back = collection.get_absolute_url() if collection else reverse("my_collections")
    context = {"form": form, "collection": collection, "back": back}
    status = form.refusal if form.is_bound else 200
    return render(request, "notes/collections/edit.html", context, status=status)


@MAY_POST
@signed_in
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then delete a collection. The notes in it stay saved."""
    collection = own_collection(request, pk)
    if request.method != "POST":
        says = _("“%(name)s” will be deleted. The notes in it stay in your saved notes.")
        return ask(
            request,
            question=_("Delete this collection?"),
            says=says % {"name": isolated(collection.name)},
            act=_("Delete collection"),
            keep=_("Keep it"),
            fallback=collection.get_absolute_url(),
        )
    actions.delete_collection(collection=collection)
    messages.success(request, _("Collection deleted. Its notes are still saved."))
    return see_other(reverse("collections", args=[request.user.handle]))


@MAY_POST
@signed_in
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask which collection to merge one into, then do it."""
    collection = own_collection(request, pk)
    form = MergeForm(request.POST if request.method == "POST" else None, collection=collection)
    if form.is_valid():
        into = form.cleaned_data["into"]
        try:
            actions.merge_collections(collection=collection, into=into)
        except (actions.CollectionFull, Collection.DoesNotExist) as error:
            gone = form.fields["into"].error_messages["invalid_choice"]
            form.add_error("into", is_full(into.name) if isinstance(error, actions.CollectionFull) else gone)
        else:
            said = _("Merged into “%(name)s”.") % {"name": isolated(into.name)}
            messages.success(request, said)
            into.owner = request.user
            return see_other(into.get_absolute_url())
    context: dict[str, Any] = {"form": form, "collection": collection}
    status = 422 if form.is_bound else 200
    return render(request, "notes/collections/merge.html", context, status=status)
