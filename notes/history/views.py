from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import see_other, signed_in
from notes.history.actions import delete_version
from notes.history.queries import as_shown, versions_page
from notes.models import Note, NoteVersion
from profiles.requests import SignedInRequest


def _own(request: SignedInRequest, pk: int) -> Note:
    notes = Note.objects.filter(author=request.user, published_at__isnull=False)
    return get_object_or_404(notes.select_related("campus").prefetch_related("photos"), pk=pk)


@require_safe
@signed_in
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the author the earlier versions of their note."""
    note = _own(request, pk)
    page = versions_page(note, request.GET.get("after", ""))
    context = {"note": note, "versions": as_shown(note, page.rows), "after": page.after}
    return render(request, "notes/history/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    """Ask, then delete a version for good."""
    note = _own(request, pk)
    page = reverse("note_history", args=[note.pk])
    found = NoteVersion.objects.filter(note=note, pk=version)
    if request.method == "POST":
        for each in found:
            delete_version(version=each)
            messages.success(request, _("Version deleted"))
        return see_other(page)
    get_object_or_404(found)
    return ask(
        request,
        question=_("Delete this version?"),
        says=_("It will be gone from the edit history for good. The note itself stays as it is."),
        act=_("Delete version"),
        keep=_("Keep it"),
        fallback=page,
    )
