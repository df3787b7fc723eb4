"""Answer a compose form: the one place that decides which view of intentions.py does, and what to say where the note
is not as the form expected.
"""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.http import see_other
from notes.compose import intentions
from notes.compose.actions import ChangedMeanwhile
from notes.compose.content import content_of, has_content
from notes.compose.page import bound_form, show_form
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import was_scheduled
from notes.compose.submission import Intention, Submission
from notes.compose.uploads import receive_photos
from notes.models import Note
from notes.schedule.times import here
from profiles.requests import SignedInRequest

type View = Callable[[SignedInRequest, Submission, PhotoList, Note | None], HttpResponse]


def answer(request: SignedInRequest, submission: Submission, note: Note | None) -> HttpResponse:
    """Answer a form by its intention. Its new photos are always stored, since a browser cannot send them again."""
    intention = submission.intention
    if intention is Intention.SAVE_DRAFT and note and note.status != Note.Status.DRAFT:
        intention = Intention.PUBLISH
    is_named = submission.note_id is not None or intention is Intention.AUTOSAVE
    photo_list = _receive(request, submission, note if is_named else None)
    try:
        if intention is Intention.SCHEDULE and note and note.status != Note.Status.DRAFT:
            raise ChangedMeanwhile
        return _by(intention, request, submission, photo_list, note)
    except ChangedMeanwhile:
        return _changed(request, submission, photo_list, note)


def _changed(
    request: SignedInRequest, submission: Submission, photo_list: PhotoList, note: Note | None
) -> HttpResponse:
    """Show the form with what was typed beside the version that another window saved. Its author chooses."""
    own = Note.objects.filter(author=request.user)
    own = own.filter(pk=note.pk) if note else own.filter(key=submission.key or uuid4())
    other = own.first()
    form = bound_form(request, submission.data, publishing=submission.intention is Intention.PUBLISH)
    form.add_error(None, _what_changed(submission, other))
    is_draft = other is not None and other.status == Note.Status.DRAFT
    shown = other if is_draft or not submission.is_new else note
    return show_form(request, form, photo_list, shown, status=409, other=other)


def _what_changed(submission: Submission, other: Note | None) -> str:
    began_unpublished = submission.intention is Intention.SCHEDULE or was_scheduled(submission.seen)
    if began_unpublished and other and other.status != Note.Status.DRAFT:
        return _("This note is already published. Save again to change it.")
    if other and other.scheduled_for:
        said = _("In another window this note was scheduled for %(time)s. Send this again to replace that.")
        return said % {"time": here(other.scheduled_for)}
    return _(
        "This note was changed in another window after you opened it here. Save again to replace those changes."
    )


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
        return intentions.stale(request, note)
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


_VIEWS: dict[Intention, View] = {
    Intention.PUBLISH: intentions.publish,
    Intention.SAVE_DRAFT: intentions.save,
    Intention.SCHEDULE: intentions.schedule,
    Intention.AUTOSAVE: intentions.autosave,
    Intention.ARRANGE: intentions.arrange,
    Intention.CROP: intentions.crop,
}


def _receive(request: SignedInRequest, submission: Submission, note: Note | None) -> PhotoList:
    photo_list = PhotoList.sent(submission, request.user, note)
    receive_photos(owner=request.user, submission=submission, photo_list=photo_list)
    return photo_list
