"""The pages of the compose form: for a new note, and for one's own."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.confirmation import ask
from core.http import see_other, signed_in
from notes.compose.actions import first_tone
from notes.compose.answering import answer, answer_sent_again
from notes.compose.page import initial_form, show_form
from notes.compose.pending_edits import discard_edit
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import typed_in
from notes.compose.set_aside import restored_data
from notes.compose.submission import Submission
from notes.compose.topics_posted import names_at
from notes.forms import NoteForm
from notes.models import Note
from notes.models.note import TAGS_MAX
from notes.models.pending_edit import pending_edit_of
from profiles.models import User
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """Compose a note, prefilled from ?tags=<slug>. A form sent again carries the same key and finds the same note."""
    data = _sent(request)
    if data is None:
        return _blank(request)
    submission = Submission.read(data, request.FILES)
    note = _note_of(request.user, submission)
    if note and note.status != Note.Status.DRAFT:
        return answer_sent_again(request, submission, note)
    return answer(request, submission, note)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    notes = Note.objects.select_related("campus", "pending_edit").prefetch_related("tags", "photos")  # type: ignore[misc]  # taggit
    note = get_object_or_404(notes, pk=pk, author=request.user)
    data = _sent(request)
    if data is None:
        return _stored(request, note)
    try:
        return answer(request, Submission.read(data, request.FILES, note_id=note.pk), note)
    except Note.DoesNotExist:  # deleted meanwhile
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then discard the changes of a published note that wait for a photo."""
    note = get_object_or_404(Note, pk=pk, author=request.user)
    if request.method == "POST":
        discard_edit(note=note)
        messages.success(request, _("Changes discarded"))
        return see_other(note.get_absolute_url())
    edit = pending_edit_of(note)
    if edit is None:
        raise Http404
    says = _("The note stays as it is now. Your changes, with the photos they add, are deleted.")
    return ask(
        request,
        question=_("Discard these changes?"),
        says=" ".join([says, _("Who can see it has changed already.")]) if edit.has_narrowed else says,
        act=_("Discard changes"),
        keep=_("Keep them"),
        fallback=reverse("note_edit", args=[note.pk]),
    )


def _sent(request: SignedInRequest) -> QueryDict | None:
    """Return the data of the form, posted now or set aside earlier; None without either."""
    return request.POST if request.method == "POST" else restored_data(request)


def _note_of(author: User, submission: Submission) -> Note | None:
    """Return the note a form for a new one is about: the draft it names, or the note an earlier submission created."""
    own = Note.objects.filter(author=author)
    if submission.note_id is not None:
        return own.filter(pk=submission.note_id).first()
    return own.filter(key=submission.key).first() if submission.key else None


def _blank(request: SignedInRequest) -> HttpResponse:
    campus, key = request.user.shown_campus, uuid4()
    initial = {
        "key": key,
        "text_tone": first_tone(key),
        "campus": campus.name if campus else "",
        "commenters": request.user.commenters,
        "tags": names_at(request.GET.get("tags", "").split(","), request.user)[:TAGS_MAX],
    }
    return show_form(request, initial_form(request, initial), PhotoList(), None)


def _stored(request: SignedInRequest, note: Note) -> HttpResponse:
    """Show the form with what is stored of the note, a draft's text as it was typed, or with its pending edit."""
    if edit := pending_edit_of(note):
        return show_form(request, initial_form(request, edit.words), PhotoList.of_edit(note, edit), note)
    initial = {name: getattr(note, name) for name in NoteForm.base_fields if hasattr(note, name)}
    initial["tags"] = [tag.name for tag in note.tags.all()]
    initial["campus"] = note.campus.name if note.campus else ""
    typed = typed_in(note)
    return show_form(request, initial_form(request, initial | typed), PhotoList.of(note, typed), note)
