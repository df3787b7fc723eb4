import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notes import feeds
from notes.actions.publishing import ChangedMeanwhile, save_note, start_draft
from notes.forms import REFUSALS, NoteForm
from notes.models import Note
from notes.models.note import PHOTOS_MAX
from notes.models.visibility import campus_names
from notes.photos import MAX_BYTES, Refusal
from notes.revisions import WORDS, revision_of
from notes.tray import Tray, read_tray
from redbook.http import see_other, signed_in
from redbook.limits import TooMany, spend


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Compose. A form sent again carries the same key and meets the same note."""
    if request.method != "POST":
        campus = request.user.shown_campus
        form = NoteForm(initial={"key": uuid.uuid4(), "campus": campus.name if campus else ""})
        return _compose(request, form, Tray(), None)
    draft = _draft(request)
    if draft and draft.status != Note.Status.DRAFT:
        return see_other(draft.get_absolute_url())
    return _submit(request, draft, by_index=True)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.select_related("campus"), pk=pk, author=request.user)
    if request.method == "POST":
        try:
            return _submit(request, note, by_index=False)
        except Note.DoesNotExist:  # deleted meanwhile
            raise Http404 from None
    initial = {name: getattr(note, name) for name in NoteForm.base_fields if hasattr(note, name)}
    initial |= {
        "tags": [tag.name for tag in note.tags.all()],
        "campus": note.campus.name if note.campus else "",
    }
    return _compose(request, NoteForm(initial=initial), Tray.of(note), note)


def _draft(request: HttpRequest) -> Note | None:
    """The note this form is about: the one it names as its draft, or the one an earlier sending made."""
    own = Note.objects.filter(author=request.user)
    named = request.POST.get("draft", "")
    if named.isdecimal() and len(named) < 19:
        return own.filter(pk=named).first()
    try:
        return own.filter(key=uuid.UUID(request.POST.get("key", ""))).first()
    except ValueError:
        return None


def _submit(request: HttpRequest, note: Note | None, *, by_index: bool) -> HttpResponse:
    data = request.POST
    resumed = note if data.get("draft") or not by_index else None
    files = request.FILES.getlist("photos")
    too_many = _over("photos", request.user, len(files))
    tray = read_tray(request.user, data, [] if too_many else files, note=resumed, by_index=by_index)
    if too_many:
        tray.errors.append(too_many)
    if "move" in data or "add" in data or ("remove" in data and "action" not in data):
        return _compose(request, _unchecked(data), tray, note, seen=data.get("seen"))

    was_published = note is not None and note.status != Note.Status.DRAFT
    form = NoteForm(data, publishing=was_published or data.get("action") not in {"draft", "keep"})
    try:
        if data.get("action") == "keep":
            return _keep_quietly(request, form, tray, note)
        return _save(request, form, tray, note, limited=bool(too_many))
    except ChangedMeanwhile:
        said = _(
            "Another window changed this note after you opened it here. Save again to replace what it says."
        )
        form.add_error(None, said)
        return _compose(request, form, tray, note, status=409)


def _save(
    request: HttpRequest, form: NoteForm, tray: Tray, note: Note | None, *, limited: bool
) -> HttpResponse:
    """Publishes or keeps what is fit, else gives the form again. Raises ChangedMeanwhile."""
    publish = form.publishing
    if not form.is_valid() or tray.errors:
        return _refuse(request, form, tray, note, status=429 if limited else 422)
    if not publish and not tray.photos and not form.says_something:
        form.add_error(None, _("An empty draft has nothing to keep."))
        return _refuse(request, form, tray, note, status=422)
    if publish and not request.user.is_verified:
        form.add_error(None, _("Confirm your e-mail address to publish. The note is kept as a draft."))
        return _refuse(request, form, tray, note, status=403)
    is_draft = note is None or note.status == Note.Status.DRAFT
    if publish and is_draft and (too_many := _over("notes", request.user)):
        form.add_error(None, too_many)
        return _refuse(request, form, tray, note, status=429)

    note = note or start_draft(author=request.user, key=form.cleaned_data["key"] or uuid.uuid4())
    is_new = request.resolver_match.url_name == "note_new"
    note = _store(request, note, form.cleaned_data, tray, publish=publish, draft=is_new)
    if request.FILES:
        _say_repeats(request, tray)
    if publish:
        return see_other(note.get_absolute_url())
    messages.success(request, _("Draft saved"))
    return see_other(f"{note.get_absolute_url()}edit/")


def _store(
    request: HttpRequest, note: Note, words: dict[str, Any], tray: Tray, *, publish: bool, draft: bool
) -> Note:
    return save_note(
        note=note,
        words=words,
        photos=tray.photos,
        alts=tray.sound_alts,
        cover=tray.cover,
        publish=publish,
        draft=draft,
        removed=tray.removed,
        seen=request.POST.get("seen"),
    )


def _say_repeats(request: HttpRequest, tray: Tray) -> None:
    repeats = tray.repeats
    for number, photo in enumerate(tray.photos, start=1):
        if first := repeats.get(photo.pk):
            said = _("Photo %(number)d is the same as photo %(first)d.")
            messages.info(request, said % {"number": number, "first": first})


def _over(limit: str, person: Any, number: int = 1) -> str:
    """Spends of a limit; why that cannot be, in words, or ""."""
    try:
        spend(limit, person, number)
    except TooMany as error:
        return str(error)
    return ""


def _refuse(
    request: HttpRequest, form: NoteForm, tray: Tray, note: Note | None, *, status: int
) -> HttpResponse:
    """The form again with all that was typed. A draft keeps every good photo, with the words that were fit, and all
    of a note that may not be published yet.
    """
    if note is None and (tray.photos or status in {403, 429}):
        note = start_draft(author=request.user, key=form.cleaned_data.get("key") or uuid.uuid4())
    if note and note.status == Note.Status.DRAFT:
        note = _store_fit(request, form, tray, note)
    return _compose(request, form, tray, note, status=status)


def _store_fit(request: HttpRequest, form: NoteForm, tray: Tray, draft: Note) -> Note:
    """Keeps the words that were fit, and of the others what the draft said before."""
    words = {name: getattr(draft, name) for name in WORDS} | {"tags": [], "campus": ""} | form.cleaned_data
    return _store(request, draft, words, tray, publish=False, draft=True)


def _keep_quietly(request: HttpRequest, form: NoteForm, tray: Tray, note: Note | None) -> HttpResponse:
    """What a script saves in the draft while one writes, without a word about what is not fit yet."""
    if note is None or note.status != Note.Status.DRAFT:
        return HttpResponse(status=204)
    form.is_valid()
    try:
        note = _store_fit(request, form, tray, note)
    except ChangedMeanwhile:
        return render(request, "notes/kept.html", {"note": note, "is_stale": True}, status=409)
    return render(request, "notes/kept.html", {"note": note, "seen": revision_of(note), "kept_at": now()})


def _unchecked(data: QueryDict) -> NoteForm:
    """The form as typed, without a word about it: the person is still arranging."""
    typed = {name: data.get(name, "") for name in NoteForm.base_fields}
    if added := data.get("add"):
        typed["tags"] = f"{typed['tags']}, {added}".strip(", ")
    return NoteForm(initial=typed)


def _compose(
    request: HttpRequest,
    form: NoteForm,
    tray: Tray,
    note: Note | None,
    *,
    status: int = 200,
    seen: str | None = None,
) -> HttpResponse:
    """The form, about a note whose words have become what is `seen`; without that, what they are."""
    is_new = request.resolver_match.url_name == "note_new"
    repeats = tray.repeats
    shots = [
        {
            "photo": photo,
            "number": index + 1,
            "alt": tray.alts.get(photo.pk, ""),
            "cover": index if is_new else photo.pk,
            "is_cover": photo == (tray.cover or tray.photos[0]),
            "same_as": repeats.get(photo.pk),
        }
        for index, photo in enumerate(tray.photos)
    ]
    context: dict[str, Any] = {
        "form": form,
        "shots": shots,
        "tray": tray,
        "note": note,
        "is_new": is_new,
        "published": note is not None and note.status != Note.Status.DRAFT,
        "unfinished": feeds.unfinished(request.user) if is_new and request.method != "POST" else None,
        "seen": revision_of(note) if seen is None else seen,
        "needs_verification": status == 403,
        "photos_max": PHOTOS_MAX,
        "bytes_max": MAX_BYTES,
        "too_heavy": REFUSALS[Refusal.TOO_HEAVY] % {"name": "{0}"},
        "suggested_tags": feeds.channels(),
        "campuses": campus_names(),
    }
    return render(request, "notes/compose.html", context, status=status)
