"""The drafts of a person, and what is missing before each can be published."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from core.db.keyset import Page, keyset
from notes.compose.revisions import typed_in
from notes.forms import NoteForm
from notes.models import Note, Photo
from notes.models.note import NoteQuerySet
from notes.schedule.actions import SCHEDULED_MAX
from profiles.models import User

_FIELDS = [
    *("title", "title_width", "text_tone", "typed", "status", "saved_at", "scheduled_for", "not_published"),
    *("cover__state", "cover__token", "cover__snap", "cover__tone", "cover__alt"),
    *("cover__width", "cover__height", "cover__roles"),
]


@dataclass(frozen=True)
class Draft:
    """A note that is not published yet, as its author's list shows it."""

    note: Note
    title: str
    missing: list[str]

    @property
    def pk(self) -> int:
        return self.note.pk


def drafts(author: User, after: str = "") -> Page[Note]:
    """Return the author's drafts without a time, last saved first."""
    rows = _of(author).filter(status=Note.Status.DRAFT, scheduled_for__isnull=True)
    return keyset(rows, "saved_at", after)


def scheduled(author: User) -> list[Note]:
    """Return what is about to be published, in order of time. There are SCHEDULED_MAX at most."""
    rows = _of(author).filter(status=Note.Status.DRAFT, scheduled_for__isnull=False)
    return list(rows.order_by("scheduled_for", "pk")[: SCHEDULED_MAX * 2])


def processing(author: User) -> list[Note]:
    """Return notes that are published as soon as their photos are ready."""
    waiting = Q(status=Note.Status.PROCESSING, published_at__isnull=True)
    return list(_of(author).filter(waiting).order_by("-saved_at", "-pk")[:SCHEDULED_MAX])


def shown(note: Note, author: User) -> Draft:
    """Return a draft with its title as typed and what it lacks. Needs the counts of `drafts`."""
    typed = typed_in(note)
    data = typed or {"title": note.title}
    form = NoteForm(data, approves=author.approves_followers)
    problems = [f"{form[name].label}: {said[0]}" for name, said in form.errors.items() if name in form.fields]
    return Draft(note, (typed.get("title") or note.title).strip(), [*problems, *_of_photos(note)])


def _of_photos(note: Note) -> list[str]:
    failed: int = note.failed_count  # type: ignore[attr-defined]  # annotated
    return [str(Note.NotPublished.PHOTO.label)] if failed else []


def _of(author: User) -> NoteQuerySet:
    failed = Count("photos", filter=Q(photos__state=Photo.State.FAILED))
    notes = Note.objects.filter(author=author).select_related("cover").only(*_FIELDS)
    return notes.annotate(photo_count=Count("photos"), failed_count=failed).fetch_mode(
        settings.LAZY_FETCH_MODE
    )
