"""Answer a compose form, one view for each intention. `answer` is the one place that decides which.

Each view is given what was sent (submission.py), its photos, and the note that it is about, None for a new one.
"""

from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.http import see_other
from core.limits import TooMany
from notes.compose.actions import ChangedMeanwhile, publish_note, save_draft
from notes.compose.content import content_of, has_content
from notes.compose.page import bound_form, show_form, unchecked_form
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import as_typed, revision_of
from notes.compose.set_aside import set_aside
from notes.compose.submission import Intention, Submission
from notes.compose.uploads import receive_photos
from notes.forms import NoteForm
from notes.mentions.told import say_if_some_stay_text
from notes.models import Note
from notes.models.pending_edit import pending_edit_of
from profiles.requests import SignedInRequest

type View = Callable[[SignedInRequest, Submission, PhotoList, Note | None], HttpResponse]


def answer(request: SignedInRequest, submission: Submission, note: Note | None) -> HttpResponse:
    """Answer a form by its intention. Its new photos are always stored, since a browser cannot send them again."""
    intention = submission.intention
    if intention is Intention.SAVE_DRAFT and note and note.status != Note.Status.DRAFT:
        intention = Intention.PUBLISH
    photo_list = _receive(request, submission, note if submission.note_id is not None else None)
    try:
        return _by(intention, request, submission, photo_list, note)
    except ChangedMeanwhile:
        form = bound_form(request, submission.data, publishing=intention is Intention.PUBLISH)
        said = _(
            "This note was changed in another window after you opened it here. Save again to replace those changes."
        )
        form.add_error(None, said)
        return show_form(request, form, photo_list, note, status=409)


def _by(
    intention: Intention,
    request: SignedInRequest,
    submission: Submission,
    photo_list: PhotoList,
    note: Note | None,
) -> HttpResponse:
    """Answer by this intention. A form for a new note whose draft was deleted in another window since it was looked up
    makes another.
    """
    try:
        return _VIEWS[intention](request, submission, photo_list, note)
    except Note.DoesNotExist:
        if not submission.is_new:
            raise
        return _VIEWS[intention](request, submission, photo_list, None)


def answer_sent_again(request: SignedInRequest, submission: Submission, note: Note) -> HttpResponse:
    """Answer a form whose note is published. The same content redirects to that note; other content comes back in a
    form that creates another note.
    """
    restored = getattr(request, "restored", None)
    if restored and not restored.cause:  # set aside for a crop, and sent meanwhile
        return see_other(note.get_absolute_url())
    if submission.intention is Intention.AUTOSAVE:
        return _stale(request, note)
    form = bound_form(request, submission.data)
    photo_list = PhotoList.sent(submission, request.user, None)
    if form.is_valid():
        content = content_of(submission, form, photo_list)
        if has_content(note, content, submission.new_photos):
            return see_other(note.get_absolute_url())
    receive_photos(owner=request.user, submission=submission, photo_list=photo_list)
    form = bound_form(request, submission.data_for_another())
    form.add_error(None, _("This note is already published. Send again to publish this as another note."))
    return show_form(request, form, photo_list, None, status=409 if request.method == "POST" else 200)


def publish(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Publish the note, new or changed. Raises ChangedMeanwhile."""
    form = bound_form(request, submission.data)
    if not form.is_valid() or photo_list.unfit or photo_list.errors:
        return _refuse(request, submission, form, photo_list, note)
    if not request.user.is_verified:
        form.add_error(None, _("Confirm your e-mail address to publish. The note is kept as a draft."))
        return _refuse(request, submission, form, photo_list, note, status=403)
    content, key = content_of(submission, form, photo_list), submission.key or uuid4()
    try:
        note = publish_note(
            author=request.user, key=key, note=note, content=content, only_draft=submission.is_new
        )
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_refuse(request, submission, form, photo_list, note, status=429))
    _say_repeats(request, submission, photo_list)
    say_if_some_stay_text(request, note=note)
    edit = pending_edit_of(note)
    return see_other(
        reverse("note_edit", args=[note.pk]) if edit and edit.has_failed else note.get_absolute_url()
    )


def save(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Save the note as a draft, as far as it is valid. Raises ChangedMeanwhile."""
    form = bound_form(request, submission.data, publishing=False)
    form.full_clean()
    if photo_list.errors:
        return _refuse(request, submission, form, photo_list, note)
    if not photo_list.photos and not as_typed(submission.data, {}):
        form.add_error(None, _("There’s nothing to save in this draft yet."))
        return _refuse(request, submission, form, photo_list, note)
    content, key = content_of(submission, form, photo_list), submission.key or uuid4()
    try:
        note = save_draft(author=request.user, key=key, note=note, content=content)
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_refuse(request, submission, form, photo_list, note, status=429))
    _say_repeats(request, submission, photo_list)
    messages.success(request, _("Draft saved"))
    return see_other(reverse("note_edit", args=[note.pk]))


def autosave(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Save a draft for a script, without error messages for fields that are not valid yet."""
    if note is None or note.status != Note.Status.DRAFT:
        return HttpResponse(status=204)
    form = bound_form(request, submission.data, publishing=False)
    form.full_clean()
    content = content_of(submission, form, photo_list)
    try:
        note = save_draft(author=request.user, key=note.key, note=note, content=content)
    except ChangedMeanwhile:
        return _stale(request, note)
    context = {"note": note, "seen": revision_of(note), "kept_at": now()}
    return render(request, "notes/compose/autosave.html", context)


def arrange(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Show the form again as it was sent, unchecked, with its photos as arranged."""
    photo_list.move(*submission.move)
    form, status = unchecked_form(request, submission.data), 503 if photo_list.is_away else 200
    return show_form(request, form, photo_list, note, status=status, seen=submission.seen)


def crop(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Set the form aside and redirect to the page that crops one of its photos."""
    photo = next((photo for photo in photo_list.photos if photo.pk == submission.crop), None)
    query = set_aside(request, submission, photo_list) if photo and not photo_list.errors else ""
    if photo is None or not query:
        form = bound_form(request, submission.data, publishing=False)
        return show_form(request, form, photo_list, note, status=422, seen=submission.seen)
    return see_other(f"{reverse('photo_edit', args=[photo.pk])}?{query}")


_VIEWS: dict[Intention, View] = {
    Intention.PUBLISH: publish,
    Intention.SAVE_DRAFT: save,
    Intention.AUTOSAVE: autosave,
    Intention.ARRANGE: arrange,
    Intention.CROP: crop,
}


def _receive(request: SignedInRequest, submission: Submission, note: Note | None) -> PhotoList:
    photo_list = PhotoList.sent(submission, request.user, note)
    receive_photos(owner=request.user, submission=submission, photo_list=photo_list)
    return photo_list


def _refuse(
    request: SignedInRequest,
    submission: Submission,
    form: NoteForm,
    photo_list: PhotoList,
    note: Note | None,
    *,
    status: int = 0,
) -> HttpResponse:
    """Show the form again with everything typed. A draft keeps all valid photos and text; for a note that may not be
    published yet, everything.
    """
    begins = note is None and (photo_list.photos or status in {403, 429})
    if begins or (note and note.status == Note.Status.DRAFT):
        content, key = content_of(submission, form, photo_list), submission.key or uuid4()
        with suppress(TooMany):  # the limit of drafts is reached: only the form has the text
            note = save_draft(author=request.user, key=key, note=note, content=content)
    return show_form(request, form, photo_list, note, status=status or photo_list.status)


def _stale(request: SignedInRequest, note: Note) -> HttpResponse:
    return render(request, "notes/compose/autosave.html", {"note": note, "is_stale": True}, status=409)


def _say_repeats(request: SignedInRequest, submission: Submission, photo_list: PhotoList) -> None:
    """Tell which photos are the same file, if some were new."""
    repeats = photo_list.repeats if submission.new_photos else {}
    for number, photo in enumerate(photo_list.photos, start=1):
        if first := repeats.get(photo.pk):
            said = _("Photo %(number)d is the same as photo %(first)d.")
            messages.info(request, said % {"number": number, "first": first})
