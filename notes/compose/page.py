"""Render the compose form."""

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render

from core.limits import left
from core.text import normal_form
from imaging import MAX_BYTES, Refusal
from notes.compose.photo_list import PhotoList
from notes.compose.revisions import revision_of
from notes.compose.topics_posted import unknown_to
from notes.explore import channels
from notes.feeds import lists
from notes.forms import REFUSALS, NoteForm, processing_errors
from notes.models import Note
from notes.models.declared import promised
from notes.models.framing import PENDING_CROPS
from notes.models.note import PHOTOS_MAX
from notes.models.public_names import offered_campuses
from profiles.models import User
from profiles.requests import SignedInRequest

SUGGESTED_MAX = 12


def show_form(
    request: SignedInRequest,
    form: NoteForm,
    photo_list: PhotoList,
    note: Note | None,
    *,
    status: int = 200,
    seen: str | None = None,
) -> HttpResponse:
    """Render the form of a note. `seen` is the revision the form is based on, by default the note's current one."""
    is_new = request.resolver_match.url_name == "note_new"
    repeats, unfit = photo_list.repeats, photo_list.unfit if form.is_bound and form.publishing else {}
    prefetch_related_objects(photo_list.photos, PENDING_CROPS)
    photo_items = [
        {
            "photo": photo,
            "number": index + 1,
            "alt": photo_list.alts.get(photo.pk, ""),
            "cover": index if is_new else photo.pk,
            "is_cover": photo == (photo_list.cover or photo_list.photos[0]),
            "same_as": repeats.get(photo.pk),
            "problem": unfit.get(photo.pk),
        }
        for index, photo in enumerate(photo_list.photos)
    ]
    published = note is not None and note.status != Note.Status.DRAFT
    topics = promised(request.user)
    context: dict[str, Any] = {
        "form": form,
        "first_day": None if published else first_day(request.user),
        "photo_items": photo_items,
        "photo_list": photo_list,
        "unfit": unfit,
        "edits_photos": bool(unfit) or not {"move", "remove"}.isdisjoint(request.POST),
        "note": note,
        "is_new": is_new,
        "problems": processing_errors(photo_list.photos),
        "published": published,
        "unfinished": lists.unfinished(request.user)
        if is_new and not request.POST and not photo_list.photos
        else None,
        "seen": revision_of(note) if seen is None else seen,
        "needs_verification": status == 403,
        "photos_max": PHOTOS_MAX,
        "bytes_max": MAX_BYTES,
        "too_heavy": REFUSALS[Refusal.TOO_HEAVY] % {"name": "{0}"},
        "promised": [each.topic for each in topics],
        "without_note": [] if published else [each.topic for each in topics if not each.has_note],
        "unknown_tags": unknown_to(
            [each.topic for each in topics], form["tags"].value(), form["body"].value()
        ),
        "suggested_tags": _suggested([each.topic for each in topics], request.user),
        "campuses": offered_campuses(),
    }
    return render(request, "notes/compose/compose.html", context, status=status)


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
