import hashlib
import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import see_other, signed_in
from core.limits import TooMany, spend
from notes.compose.actions import (
    ChangedMeanwhile,
    first_tone,
    has_content,
    save_note,
    start_draft,
)
from notes.compose.page import show_form
from notes.compose.photo_list import PhotoList, read_photo_list
from notes.compose.revisions import WORDS, as_typed, revision_of, typed_in
from notes.compose.set_aside import restored_data, set_aside
from notes.compose.topics_posted import names_at
from notes.forms import NoteForm
from notes.models import Note
from notes.models.note import TAGS_MAX
from profiles.models import User
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """Compose a note, prefilled from ?tags=<slug>. A form sent again carries the same key and finds the same note."""
    data = _sent(request)
    if data is None:
        campus = request.user.shown_campus
        key = uuid.uuid4()
        words = {"key": key, "text_tone": first_tone(key), "campus": campus.name if campus else ""}
        words["commenters"] = request.user.commenters
        words["tags"] = names_at(request.GET.get("tags", "").split(","), request.user)[:TAGS_MAX]
        return show_form(request, _form(request, initial=words), PhotoList(), None)
    draft = _draft(request.user, data)
    if draft and draft.status != Note.Status.DRAFT:
        return _sent_again(request, data, draft)
    return _submit(request, data, draft, by_index=True)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    notes = Note.objects.select_related("campus").prefetch_related("tags", "photos")  # type: ignore[misc]  # taggit
    note = get_object_or_404(notes, pk=pk, author=request.user)
    data = _sent(request)
    if data is not None:
        try:
            return _submit(request, data, note, by_index=False)
        except Note.DoesNotExist:  # deleted meanwhile
            raise Http404 from None
    initial = {name: getattr(note, name) for name in NoteForm.base_fields if hasattr(note, name)}
    initial |= {
        "tags": [tag.name for tag in note.tags.all()],
        "campus": note.campus.name if note.campus else "",
    }
    typed = typed_in(note)
    return show_form(request, _form(request, initial=initial | typed), PhotoList.of(note, typed), note)


def _form(request: SignedInRequest, *data: Any, **options: Any) -> NoteForm:
    return NoteForm(*data, approves=request.user.approves_followers, **options)


def _sent(request: SignedInRequest) -> QueryDict | None:
    """Return the data of the form, posted now or set aside earlier; None without either."""
    return request.POST if request.method == "POST" else restored_data(request)


def _draft(author: User, data: QueryDict) -> Note | None:
    """Return the note this form is about: the draft it names, or the note an earlier submission created."""
    own = Note.objects.filter(author=author)
    named = data.get("draft", "")
    if named.isdecimal() and len(named) < 19:
        return own.filter(pk=named).first()
    try:
        return own.filter(key=uuid.UUID(data.get("key", ""))).first()
    except ValueError:
        return None


def _sent_again(request: SignedInRequest, data: QueryDict, note: Note) -> HttpResponse:
    """Answer a form whose note is published. The same content redirects to that note; other content comes back in a
    form that creates another note.
    """
    restored = getattr(request, "restored", None)
    if restored and not restored.cause:  # set aside for a crop, and sent meanwhile
        return see_other(note.get_absolute_url())
    if data.get("action") == "keep":
        return render(request, "notes/compose/autosave.html", {"note": note, "is_stale": True}, status=409)
    photo_list = read_photo_list(
        request.user, data, request.FILES.getlist("photos"), note=None, by_index=True
    )
    form = _form(request, data)
    if form.is_valid() and has_content(note, form.cleaned_data, photo_list.photos, photo_list.sound_alts):
        return see_other(note.get_absolute_url())
    anew = data.copy()
    anew["key"], anew["draft"] = str(uuid.uuid4()), ""
    form = _form(request, anew)
    form.add_error(None, _("This note is already published. Send again to publish this as another note."))
    return show_form(request, form, photo_list, None, status=409 if request.method == "POST" else 200)


def _submit(request: SignedInRequest, data: QueryDict, note: Note | None, *, by_index: bool) -> HttpResponse:
    resumed = note if data.get("draft") or not by_index else None
    files = request.FILES.getlist("photos")
    too_many = _over("photos", request.user, files, data.get("key", ""))
    photo_list = read_photo_list(
        request.user, data, [] if too_many else files, note=resumed, by_index=by_index
    )
    if too_many:
        photo_list.errors.append(too_many)
    if "crop" in data:
        return _crop(request, data, photo_list, note, by_index=by_index)
    if {"move", "add", "show"} & data.keys() or ("remove" in data and "action" not in data):
        status = 503 if photo_list.away else 200
        return show_form(
            request, _unchecked(request, data), photo_list, note, status=status, seen=data.get("seen")
        )

    was_published = note is not None and note.status != Note.Status.DRAFT
    publishing = was_published or data.get("action") not in {"draft", "keep"}
    form = _form(request, data, publishing=publishing)
    try:
        if data.get("action") == "keep":
            return _keep_quietly(request, form, photo_list, note)
        return _save(request, form, photo_list, note, limited=bool(too_many))
    except ChangedMeanwhile:
        said = _(
            "This note was changed in another window after you opened it here. Save again to replace those changes."
        )
        form.add_error(None, said)
        return show_form(request, form, photo_list, note, status=409)


def _save(
    request: SignedInRequest, form: NoteForm, photo_list: PhotoList, note: Note | None, *, limited: bool
) -> HttpResponse:
    """Publish or save the form if it is valid, else show it again. Raises ChangedMeanwhile."""
    publish, is_sound = form.publishing, form.is_valid() and not photo_list.unfit
    if (publish and not is_sound) or photo_list.errors:
        return _refuse(
            request, form, photo_list, note, status=503 if photo_list.away else 429 if limited else 422
        )
    if not publish and not photo_list.photos and not as_typed(request.POST, {}):
        form.add_error(None, _("There’s nothing to save in this draft yet."))
        return _refuse(request, form, photo_list, note, status=422)
    if publish and not request.user.is_verified:
        form.add_error(None, _("Confirm your e-mail address to publish. The note is kept as a draft."))
        return _refuse(request, form, photo_list, note, status=403)
    is_new = request.resolver_match.url_name == "note_new"
    try:
        note = _store_whole(request, note, form, photo_list, draft=is_new)
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_refuse(request, form, photo_list, note, status=429))
    if request.FILES:
        _say_repeats(request, photo_list)
    if publish:
        return see_other(note.get_absolute_url())
    messages.success(request, _("Draft saved"))
    return see_other(f"{note.get_absolute_url()}edit/")


@transaction.atomic
def _store_whole(
    request: SignedInRequest, note: Note | None, form: NoteForm, photo_list: PhotoList, *, draft: bool
) -> Note:
    """Store the form in one transaction, so that a refusal leaves no draft behind."""
    key = form.cleaned_data.get("key") or uuid.uuid4()
    note = note or start_draft(author=request.user, key=key, limited=not form.publishing)
    if not form.publishing:
        return _store_fit(request, form, photo_list, note)
    return _store(request, note, form.cleaned_data, photo_list, publish=True, draft=draft)


def _crop(
    request: SignedInRequest, data: QueryDict, photo_list: PhotoList, note: Note | None, *, by_index: bool
) -> HttpResponse:
    """Set the form aside and redirect to the page that crops one of its photos."""
    photo = next((photo for photo in photo_list.photos if str(photo.pk) == data["crop"]), None)
    query = set_aside(request, photo_list, by_index=by_index) if photo and not photo_list.errors else ""
    if photo is None or not query:
        form = _form(request, data, publishing=False)
        return show_form(request, form, photo_list, note, status=422, seen=data.get("seen"))
    return see_other(f"{reverse('photo_edit', args=[photo.pk])}?{query}")


def _store(
    request: SignedInRequest,
    note: Note,
    words: dict[str, Any],
    photo_list: PhotoList,
    *,
    publish: bool,
    draft: bool,
) -> Note:
    return save_note(
        note=note,
        words=words,
        photos=photo_list.photos,
        alts=photo_list.sound_alts,
        cover=photo_list.cover,
        publish=publish,
        draft=draft,
        removed=photo_list.removed,
        typed=as_typed(request.POST, photo_list.alts),
        seen=request.POST.get("seen", _begun_with(request)),
    )


def _begun_with(request: SignedInRequest) -> str | None:
    """Return the revision a form without `seen` began with: an empty note's, unless it names its draft."""
    is_new = request.resolver_match.url_name == "note_new" and not request.POST.get("draft")
    return revision_of(None) if is_new else None


def _say_repeats(request: SignedInRequest, photo_list: PhotoList) -> None:
    repeats = photo_list.repeats
    for number, photo in enumerate(photo_list.photos, start=1):
        if first := repeats.get(photo.pk):
            said = _("Photo %(number)d is the same as photo %(first)d.")
            messages.info(request, said % {"number": number, "first": first})


def _over(limit: str, person: User, files: list[UploadedFile], key: str) -> str:
    """Spend a limit for these files, once per form. Return the error message, or ""."""
    digests = [hashlib.file_digest(file, "sha256").hexdigest() for file in files]  # type: ignore[arg-type]
    try:
        spend(limit, person, len(files), once="/".join([key, *digests]) if key else "")
    except TooMany as error:
        return str(error)
    finally:
        for file in files:
            file.seek(0)
    return ""


def _refuse(
    request: SignedInRequest, form: NoteForm, photo_list: PhotoList, note: Note | None, *, status: int
) -> HttpResponse:
    """Show the form again with everything typed. A draft keeps all valid photos and text; for a note that may not be
    published yet, everything.
    """
    if note is None and (photo_list.photos or status in {403, 429}):
        with suppress(TooMany):  # the limit of drafts is reached: only the form has the text
            note = start_draft(author=request.user, key=form.cleaned_data.get("key") or uuid.uuid4())
    if note and note.status == Note.Status.DRAFT:
        note = _store_fit(request, form, photo_list, note)
    return show_form(request, form, photo_list, note, status=status)


def _store_fit(request: SignedInRequest, form: NoteForm, photo_list: PhotoList, draft: Note) -> Note:
    """Save the valid fields, and for the others what the draft had before."""
    words = {name: getattr(draft, name) for name in WORDS} | {"tags": [], "campus": ""} | form.cleaned_data
    return _store(request, draft, words, photo_list, publish=False, draft=True)


def _keep_quietly(
    request: SignedInRequest, form: NoteForm, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Autosave a draft for a script, without error messages for fields that are not valid yet."""
    if note is None or note.status != Note.Status.DRAFT:
        return HttpResponse(status=204)
    form.is_valid()
    try:
        note = _store_fit(request, form, photo_list, note)
    except ChangedMeanwhile:
        return render(request, "notes/compose/autosave.html", {"note": note, "is_stale": True}, status=409)
    return render(
        request, "notes/compose/autosave.html", {"note": note, "seen": revision_of(note), "kept_at": now()}
    )


def _unchecked(request: SignedInRequest, data: QueryDict) -> NoteForm:
    """Return the form as typed without validation, while photos are being arranged."""
    typed = {name: data.get(name, "") for name in NoteForm.base_fields}
    if added := data.get("add"):
        typed["tags"] = f"{typed['tags']}, {added}".strip(", ")
    return _form(request, initial=typed)
