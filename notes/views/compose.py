import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notes import feeds
from notes.actions.publishing import WORDS, save_note, start_draft
from notes.forms import NoteForm
from notes.models import Note
from notes.models.note import PHOTOS_MAX
from notes.models.visibility import campus_names
from notes.tray import Tray, read_tray
from redbook.http import see_other, signed_in
from redbook.limits import TooMany, spend


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Compose. A form sent again carries the same key and meets the same note."""
    if request.method != "POST":
        campus = request.user.shown_campus
        form = _form(request, initial={"key": uuid.uuid4(), "campus": campus.name if campus else ""})
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
    return _compose(request, _form(request, initial=initial), Tray.of(note), note)


def _form(request: HttpRequest, *data: Any, **options: Any) -> NoteForm:
    return NoteForm(*data, approves=request.user.approves_followers, **options)


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
    resumed = note if "draft" in data or not by_index else None
    files = request.FILES.getlist("photos")
    too_many = _over("photos", request.user, len(files))
    tray = read_tray(request.user, data, [] if too_many else files, note=resumed, by_index=by_index)
    if too_many:
        tray.errors.append(too_many)
    if "move" in data or "add" in data or ("remove" in data and "action" not in data):
        return _compose(request, _unchecked(request), tray, note)

    was_published = note is not None and note.status != Note.Status.DRAFT
    publish = was_published or data.get("action") != "draft"
    form = _form(request, data, publishing=publish)
    if not form.is_valid() or tray.errors:
        return _keep(request, form, tray, note, status=429 if too_many else 422)
    if not publish and not tray.photos and not form.says_something:
        form.add_error(None, _("An empty draft has nothing to keep."))
        return _keep(request, form, tray, note, status=422)
    if publish and not request.user.is_verified:
        form.add_error(None, _("Confirm your e-mail address to publish. The note is kept as a draft."))
        return _keep(request, form, tray, note, status=403)
    if publish and not was_published and (too_many := _over("notes", request.user)):
        form.add_error(None, too_many)
        return _keep(request, form, tray, note, status=429)

    note = note or start_draft(author=request.user, key=form.cleaned_data["key"] or uuid.uuid4())
    note = save_note(
        note=note,
        words=form.cleaned_data,
        photos=tray.photos,
        alts=tray.sound_alts,
        cover=tray.cover,
        publish=publish,
        draft=by_index,
    )
    if publish:
        return see_other(note.get_absolute_url())
    messages.success(request, _("Draft saved"))
    return see_other(f"{note.get_absolute_url()}edit/")


def _over(limit: str, person: Any, number: int = 1) -> str:
    """Spends of a limit; why that cannot be, in words, or ""."""
    try:
        spend(limit, person, number)
    except TooMany as error:
        return str(error)
    return ""


def _keep(
    request: HttpRequest, form: NoteForm, tray: Tray, note: Note | None, *, status: int
) -> HttpResponse:
    """The form again with all that was typed. A draft keeps every good photo, with the words that were fit, and all
    of a note that may not be published yet.
    """
    if note is None and (tray.photos or status in {403, 429}):
        note = start_draft(author=request.user, key=form.cleaned_data.get("key") or uuid.uuid4())
    if note and note.status == Note.Status.DRAFT:
        words = {name: getattr(note, name) for name in WORDS} | {"tags": [], "campus": ""} | form.cleaned_data
        save_note(
            note=note,
            words=words,
            photos=tray.photos,
            alts=tray.sound_alts,
            cover=tray.cover,
            publish=False,
            draft=True,
        )
    return _compose(request, form, tray, note, status=status)


def _unchecked(request: HttpRequest) -> NoteForm:
    """The form as typed, without a word about it: the person is still arranging."""
    data = request.POST
    typed = {name: data.get(name, "") for name in NoteForm.base_fields}
    if added := data.get("add"):
        typed["tags"] = f"{typed['tags']}, {added}".strip(", ")
    return _form(request, initial=typed)


def _compose(
    request: HttpRequest, form: NoteForm, tray: Tray, note: Note | None, *, status: int = 200
) -> HttpResponse:
    is_new = request.resolver_match.url_name == "note_new"
    shots = [
        {
            "photo": photo,
            "alt": tray.alts.get(photo.pk, ""),
            "cover": index if is_new else photo.pk,
            "is_cover": photo == (tray.cover or tray.photos[0]),
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
        "needs_verification": status == 403,
        "photos_max": PHOTOS_MAX,
        "suggested_tags": feeds.channels(),
        "campuses": campus_names(),
    }
    return render(request, "notes/compose.html", context, status=status)
