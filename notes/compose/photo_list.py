"""The photos of a compose form, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.forms import LineField
from notes.compose.submission import Submission
from notes.forms import ALT_MAX
from notes.models import Note, PendingEdit, Photo
from notes.models.note import PHOTOS_MAX
from notes.models.pending_edit import pending_edit_of
from profiles.models import User

_ALT = LineField(limit=ALT_MAX, required=False)


@dataclass
class PhotoList:
    """`photos` in order; the ids `removed` from the note (None if the form has no note yet); `alts` by photo id as
    typed, and the valid ones of them; and the chosen `cover`. `refused` says why files were not accepted, `left_out`
    counts photos beyond the most. `unfit` has errors of descriptions by photo id, which matter only when publishing.
    `is_limited` at the limit of uploads, `is_away` while storage is unavailable.
    """

    photos: list[Photo] = field(default_factory=list)
    removed: list[int] | None = None
    alts: dict[int, str] = field(default_factory=dict)
    sound_alts: dict[int, str] = field(default_factory=dict)
    cover: Photo | None = None
    refused: list[str] = field(default_factory=list)
    left_out: int = 0
    unfit: dict[int, str] = field(default_factory=dict)
    is_limited: bool = False
    is_away: bool = False

    @classmethod
    def of(cls, note: Note, typed: Mapping[str, str]) -> "PhotoList":
        """Return the photo list of a note, with descriptions as typed into a draft."""
        held = list(note.photos.all())
        cover = next((photo for photo in held if photo.pk == note.cover_id), None)
        return cls(
            held, alts={photo.pk: typed.get(f"alt-{photo.pk}", photo.alt) for photo in held}, cover=cover
        )

    @classmethod
    def of_edit(cls, note: Note, edit: PendingEdit) -> "PhotoList":
        """Return the photo list of a note's pending edit."""
        found = Photo.objects.shown().in_bulk([*edit.photos, *note.photos.values_list("pk", flat=True)])
        order = dict.fromkeys([*edit.photos, *sorted(found.keys() - set(edit.removed))])
        photos = [found[pk] for pk in order if pk in found]
        return cls(
            photos,
            removed=edit.removed,
            alts={photo.pk: edit.alts.get(str(photo.pk), photo.alt) for photo in photos},
            cover=found.get(edit.cover),
        )

    @classmethod
    def sent(cls, submission: Submission, owner: User, note: Note | None) -> "PhotoList":
        """Return the photos that a form lists and its note has, also by a pending edit, without the removed ones."""
        own = [*note.photos.all(), *_pending(note, submission)] if note else []
        edit = pending_edit_of(note) if note else None
        removed, alts = submission.removed.union(edit.removed if edit else ()), edit.alts if edit else {}
        held = _held(submission, owner, own, note, removed)
        photo_list = cls(held[:PHOTOS_MAX], left_out=len(held[PHOTOS_MAX:]))
        if note:
            photo_list.removed = [photo.pk for photo in own if photo.pk in removed]
        for photo in photo_list.photos:
            known = alts.get(str(photo.pk), photo.alt)
            photo_list.describe(photo, submission.alts.get(photo.pk, known))
        photo_list.cover = next((photo for photo in photo_list.photos if photo.pk == submission.cover), None)
        return photo_list

    @property
    def room(self) -> int:
        return PHOTOS_MAX - len(self.photos)

    @property
    def errors(self) -> list[str]:
        if not self.left_out:
            return self.refused
        said = ngettext(
            "A note holds %(most)d photos. The last one was left out.",
            "A note holds %(most)d photos. The last %(left_out)d were left out.",
            self.left_out,
        )
        return [*self.refused, said % {"most": PHOTOS_MAX, "left_out": self.left_out}]

    @property
    def status(self) -> int:
        """HTTP status of the form that comes back with these errors."""
        return 503 if self.is_away else 429 if self.is_limited else 422

    @property
    def repeats(self) -> dict[int, int]:
        """Ids of photos whose file is in the list already, with the position of the first such, from 1."""
        first: dict[str, int] = {}
        places = {
            photo.pk: (number, first.setdefault(photo.digest, number))
            for number, photo in enumerate(self.photos, start=1)
            if photo.digest
        }
        return {pk: earliest for pk, (number, earliest) in places.items() if number != earliest}

    def add(self, photo: Photo, alt: str) -> None:
        self.photos.append(photo)
        self.describe(photo, alt)

    def describe(self, photo: Photo, typed: str) -> None:
        """Set the description of a photo as typed, and whether it is valid."""
        self.alts[photo.pk] = typed
        try:
            self.sound_alts[photo.pk] = _ALT.clean(typed)
        except ValidationError as error:
            self.unfit[photo.pk] = _("Photo description: %(problem)s") % {"problem": error.messages[0]}

    def move(self, pk: int | None, step: int) -> None:
        """Swap the photo with its neighbour, the one before it (-1) or after it (1)."""
        here = next((place for place, photo in enumerate(self.photos) if photo.pk == pk), None)
        if here is not None and 0 <= (there := here + step) < len(self.photos):
            self.photos[here], self.photos[there] = self.photos[there], self.photos[here]


def sound_alt(typed: str) -> str:
    """Return a description in the form it is stored; "" if it is not valid."""
    try:
        return _ALT.clean(typed)
    except ValidationError:
        return ""


def _pending(note: Note, submission: Submission) -> list[Photo]:
    """Return the new photos of the note's pending edit, without those whose file comes again with this form."""
    again = {new.digest for new in submission.new_photos}
    return [photo for photo in Photo.objects.filter(pending_edit__note=note) if photo.digest not in again]


def _held(
    submission: Submission, owner: User, own: list[Photo], note: Note | None, removed: frozenset[int]
) -> list[Photo]:
    """Return the photos that the form lists, then the note's own that it does not list, except the removed ones."""
    loose = Photo.objects.loose(owner).free_for(note.pk if note else None).filter(pk__in=submission.photos)
    known = {photo.pk: photo for photo in [*own, *loose]}
    order = dict.fromkeys([*submission.photos, *(photo.pk for photo in own)])
    return [known[pk] for pk in order if pk in known and pk not in removed]
