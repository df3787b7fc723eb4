"""Build the compose form and render its page."""

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from core.limits import left
from core.text import normal_form
from imaging import MAX_BYTES, Refusal
from notes.compose.content import with_origin
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import revision_of, typed_in
from notes.compose.set_aside import restored_data
from notes.compose.submission import Submission
from notes.compose.topics_posted import unknown_to
from notes.explore import channels
from notes.feeds import lists
from notes.forms import REFUSALS, NoteForm, processing_errors
from notes.models import Note
from notes.models.declared import promised
from notes.models.framing import PENDING_CROPS
from notes.models.note import PHOTOS_MAX
from notes.models.pending_edit import pending_edit_of
from notes.models.public_names import offered_campuses
from notes.schedule.forms import ScheduleForm
from profiles.models import User
from profiles.requests import SignedInRequest

SUGGESTED_MAX = 12


def initial_form(request: SignedInRequest, initial: dict[str, Any]) -> NoteForm:
    """Return a form that was not sent yet."""
    return NoteForm(initial=initial, approves=request.user.approves_followers)


def bound_form(request: SignedInRequest, data: QueryDict, *, publishing: bool = True) -> NoteForm:
    """Return the form that was sent, to be validated for publishing or as a draft."""
    return NoteForm(data, approves=request.user.approves_followers, publishing=publishing)


def unchecked_form(request: SignedInRequest, data: QueryDict) -> NoteForm:
    """Return the form as typed without validation, while photos are being arranged."""
    typed = {name: data.get(name, "") for name in NoteForm.base_fields}
    if added := data.get("add"):
        typed["tags"] = f"{typed['tags']}, {added}".strip(", ")
    return initial_form(request, typed)


def show_form(
    request: SignedInRequest,
    form: NoteForm,
    photo_list: PhotoList,
    note: Note | None,
    *,
    status: int = 200,
    seen: str | None = None,
    when: ScheduleForm | None = None,
    other: Note | None = None,
) -> HttpResponse:
    """Render the form of a note. `seen` is the revision the form is based on, by default the note's current one;
    `when` a schedule form that was refused, and `other` the note as another window saved it.
    """
    is_new = request.resolver_match.url_name == "note_new"
    if not form.is_bound:
        form.initial = with_origin(dict(form.initial), photo_list.photos)
    published = note is not None and note.status != Note.Status.DRAFT
    unfit = photo_list.unfit if form.is_bound and form.publishing else {}
    shows_unfinished = is_new and not request.POST and not photo_list.photos
    context: dict[str, Any] = {
        "form": form,
        "first_day": None if published else first_day(request.user),
        "photo_items": _photo_items(photo_list, unfit, by_index=is_new),
        "photo_list": photo_list,
        "unfit": unfit,
        "edits_photos": bool(unfit) or not {"move", "remove"}.isdisjoint(request.POST),
        "note": note,
        "is_new": is_new,
        "problems": processing_errors(photo_list.photos),
        "published": published,
        "when": when or _schedule_form(request, note),
        "other": _version(other) if other else None,
        "pending": pending_edit_of(note) if note and published else None,
        "unfinished": lists.unfinished(request.user) if shows_unfinished else None,
        "seen": revision_of(note) if seen is None else seen,
        "needs_verification": status == 403,
        "photos_max": PHOTOS_MAX,
        "bytes_max": MAX_BYTES,
        "too_heavy": REFUSALS[Refusal.TOO_HEAVY] % {"name": "{0}"},
        "campuses": offered_campuses(),
        **_topics(request.user, form, published=published),
    }
    return render(request, "notes/compose/compose.html", context, status=status)


def schedule_form(submission: Submission, note: Note | None) -> ScheduleForm:
    """Return the schedule form that was sent."""
    return ScheduleForm(submission.data, stored=note.scheduled_for if note else None)


def _schedule_form(request: SignedInRequest, note: Note | None) -> ScheduleForm:
    """Return the schedule form with what was typed, unchecked, or what is stored."""
    data: QueryDict = request.POST or restored_data(request) or QueryDict()
    typed, zone = str(data.get("publish_at", "")), str(data.get("zone", ""))
    return ScheduleForm(stored=note.scheduled_for if note else None, typed=typed, zone_name=zone)


def _version(note: Note) -> dict[str, Any]:
    """Return what a conflict shows of a stored note: its pending edit, or its text as it was typed."""
    edit = pending_edit_of(note)
    words = edit.words if edit else {"title": note.title, "body": note.body} | typed_in(note)
    return {"pk": note.pk, "title": words.get("title") or str(note), "body": words.get("body", "")}


def _photo_items(photo_list: PhotoList, unfit: dict[int, str], *, by_index: bool) -> list[dict[str, Any]]:
    """Return what the form shows of each photo. The value of its cover button is its index or its id."""
    prefetch_related_objects(photo_list.photos, PENDING_CROPS)
    repeats = photo_list.repeats
    return [
        {
            "photo": photo,
            "number": index + 1,
            "alt": photo_list.alts.get(photo.pk, ""),
            "cover": index if by_index else photo.pk,
            "is_cover": photo == (photo_list.cover or photo_list.photos[0]),
            "same_as": repeats.get(photo.pk),
            "problem": unfit.get(photo.pk),
        }
        for index, photo in enumerate(photo_list.photos)
    ]


def _topics(person: User, form: NoteForm, *, published: bool) -> dict[str, Any]:
    """Return the topics of the person's label, which of them the form's tags miss, and suggested tags."""
    declared = promised(person)
    topics = [each.topic for each in declared]
    return {
        "promised": topics,
        "without_note": [] if published else [each.topic for each in declared if not each.has_note],
        "unknown_tags": unknown_to(topics, form["tags"].value(), form["body"].value()),
        "suggested_tags": _suggested(topics, person),
    }


def _suggested(promised: list[str], person: User) -> list[str]:
    """Return the topics of the person's label, then the busiest tags, without duplicates."""
    busiest = [tag.name for tag in channels.bar(person).topics]
    unique: dict[str, str] = {}
    for name in [*promised, *busiest]:
        unique.setdefault(normal_form(name), name)
    return list(unique.values())[:SUGGESTED_MAX]


def first_day(person: User) -> dict[str, int] | None:
    """Return how many notes an account can publish on its first day, and how many are left; None later."""
    rest = left("notes", person)
    return None if rest is None else {"most": settings.LIMITS["notes"].first_day, "left": rest}
