"""What a compose form may ask for, one view for each intention (answering.py chooses).

Each view is given what was sent (submission.py), its photos, and the note that it is about, None for a new one.
"""

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
from notes.compose.actions import ChangedMeanwhile, publish_note, save_draft, schedule_note
from notes.compose.content import content_of
from notes.compose.page import bound_form, schedule_form, show_form, unchecked_form
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import as_typed, revision_of, was_scheduled
from notes.compose.set_aside import set_aside
from notes.compose.submission import Submission
from notes.forms import NoteForm, processing_errors
from notes.mentions.told import say_if_some_stay_text
from notes.models import Note
from notes.models.pending_edit import pending_edit_of
from notes.schedule.actions import ScheduleFull
from notes.schedule.forms import ScheduleForm
from notes.schedule.times import of_doubled
from profiles.requests import SignedInRequest


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
        if note and note.status == Note.Status.PUBLISHED and was_scheduled(submission.seen):
            messages.info(request, _("This note was published already, as scheduled."))
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


def schedule(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Save the note to be published by itself at the time in the form. Raises ChangedMeanwhile."""
    form, when = bound_form(request, submission.data), schedule_form(submission, note)
    for problem in processing_errors(photo_list.photos):
        form.add_error(None, problem)
    if not (form.is_valid() & when.is_valid()) or photo_list.unfit or photo_list.errors:
        return _refuse(request, submission, form, photo_list, note, when=when)
    if not request.user.is_verified:
        form.add_error(None, _("Confirm your e-mail address to publish. The note is kept as a draft."))
        return _refuse(request, submission, form, photo_list, note, status=403, when=when)
    content, key = content_of(submission, form, photo_list), submission.key or uuid4()
    try:
        note = schedule_note(author=request.user, key=key, note=note, content=content, at=when.moment.at)
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_refuse(request, submission, form, photo_list, note, status=429, when=when))
    except ScheduleFull as error:
        when.add_error("publish_at", str(error))
        return _refuse(request, submission, form, photo_list, note, when=when)
    said = _("Your note will be published on %(time)s.") % {"time": when.moment}
    messages.success(request, " ".join(filter(None, [said, of_doubled(when.moment)])))
    return see_other(reverse("drafts"))


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
    was = was_scheduled(submission.seen)
    messages.success(request, _("Draft saved. It is no longer scheduled.") if was else _("Draft saved"))
    return see_other(reverse("note_edit", args=[note.pk]))


def autosave(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Save a draft for a script, without error messages for fields that are not valid yet."""
    is_typed = as_typed(submission.data, photo_list.alts)
    if note is None and submission.note_id is not None:  # deleted in another window: it is not made again
        return render(request, "notes/compose/autosave.html", {"is_gone": True}, status=409)
    if note is None and not is_typed:
        return HttpResponse(status=204)
    if note and (note.status != Note.Status.DRAFT or note.scheduled_for):
        return stale(request, note)
    key, photo_list.removed = submission.key or uuid4(), photo_list.removed or []
    form = bound_form(request, submission.data, publishing=False)
    form.full_clean()
    content = content_of(submission, form, photo_list)
    try:
        note = save_draft(author=request.user, key=key, note=note, content=content)
    except ChangedMeanwhile:
        return stale(request, note or Note.objects.get(author=request.user, key=key))
    except TooMany as error:
        return error.tell(render(request, "notes/compose/autosave.html", {"error": error}, status=429))
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


def _refuse(
    request: SignedInRequest,
    submission: Submission,
    form: NoteForm,
    photo_list: PhotoList,
    note: Note | None,
    *,
    status: int = 0,
    when: ScheduleForm | None = None,
) -> HttpResponse:
    """Show the form again with everything typed. A draft keeps all valid photos and text; for a note that may not be
    published yet, everything. A scheduled note keeps what it has.
    """
    begins = note is None and (photo_list.photos or status in {403, 429})
    if begins or (note and note.status == Note.Status.DRAFT and not note.scheduled_for):
        content, key = content_of(submission, form, photo_list), submission.key or uuid4()
        with suppress(TooMany):  # the limit of drafts is reached: only the form has the text
            note = save_draft(author=request.user, key=key, note=note, content=content)
    is_kept = note is not None and (note.status != Note.Status.DRAFT or note.scheduled_for is not None)
    seen = submission.seen if is_kept else None  # a stale form stays stale
    return show_form(
        request, form, photo_list, note, status=status or photo_list.status, when=when, seen=seen
    )


def stale(request: SignedInRequest, note: Note) -> HttpResponse:
    context = {"note": note, "is_stale": True, "seen_there": revision_of(note)}
    return render(request, "notes/compose/autosave.html", context, status=409)


def _say_repeats(request: SignedInRequest, submission: Submission, photo_list: PhotoList) -> None:
    """Tell which photos are the same file, if some were new."""
    repeats = photo_list.repeats if submission.new_photos else {}
    for number, photo in enumerate(photo_list.photos, start=1):
        if first := repeats.get(photo.pk):
            said = _("Photo %(number)d is the same as photo %(first)d.")
            messages.info(request, said % {"number": number, "first": first})
