"""The photos of a compose form: those it already holds, in order, and those uploaded with this request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import imaging
from core.forms import LineField
from core.storage import StorageAway
from core.text import isolated
from notes.forms import ALT_MAX, REFUSALS, STORAGE_AWAY
from notes.models import Note, Photo
from notes.models.note import PHOTOS_MAX
from notes.photos.actions import receive_photo
from profiles.models import User

_ALT = LineField(limit=ALT_MAX, required=False)


@dataclass
class PhotoList:
    """`photos` in order; the ids `removed` from the note (None if the form has no note yet); `alts` by photo id as
    typed, and the valid ones of them; the chosen `cover`; and `errors`. `unfit` has errors of descriptions by photo
    id, which matter only when publishing. `away` while storage is unavailable.
    """

    photos: list[Photo] = field(default_factory=list)
    removed: list[int] | None = None
    alts: dict[int, str] = field(default_factory=dict)
    sound_alts: dict[int, str] = field(default_factory=dict)
    cover: Photo | None = None
    errors: list[str] = field(default_factory=list)
    unfit: dict[int, str] = field(default_factory=dict)
    away: bool = False

    @classmethod
    def of(cls, note: Note, typed: Mapping[str, str]) -> "PhotoList":
        """Return the photo list of a note, with descriptions as typed into a draft."""
        held = list(note.photos.all())
        cover = next((photo for photo in held if photo.pk == note.cover_id), None)
        return cls(
            held, alts={photo.pk: typed.get(f"alt-{photo.pk}", photo.alt) for photo in held}, cover=cover
        )

    @property
    def room(self) -> int:
        return PHOTOS_MAX - len(self.photos)

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


def read_photo_list(
    owner: User, data: QueryDict, files: list[UploadedFile], *, note: Note | None, by_index: bool
) -> PhotoList:
    """Return the photo list that a form describes. Valid new photos are stored, attached to no note yet.

    Photos of `note` stay unless `remove` names them. `cover` is an index into the form's photos followed by the new
    ones if `by_index`, else a photo id or `new:<index of a new one>`.
    """
    own = list(note.photos.all()) if note else []
    removed = set(data.getlist("remove"))
    held = _held(owner, data, own, removed)
    asked_for = [photo for photo in held if str(photo.pk) not in removed]
    photo_list = PhotoList(asked_for[:PHOTOS_MAX])
    if note:
        photo_list.removed = [photo.pk for photo in own if str(photo.pk) in removed]
    for photo in photo_list.photos:
        _describe(photo_list, photo, data.get(f"alt-{photo.pk}", photo.alt))
    arrived = _receive(photo_list, owner, files[: max(photo_list.room, 0)], data.getlist("alt"))
    if left_out := len(asked_for) - len(photo_list.photos) + len(files) - len(arrived):
        photo_list.errors.append(
            ngettext(
                "A note holds %(most)d photos. The last one was left out.",
                "A note holds %(most)d photos. The last %(left_out)d were left out.",
                left_out,
            )
            % {"most": PHOTOS_MAX, "left_out": left_out}
        )
    photo_list.photos += [photo for photo in arrived if photo]
    cover = _cover(data.get("cover", ""), [*held], arrived, by_index)
    photo_list.cover = cover if cover in photo_list.photos else None
    _move(photo_list, data.get("move", ""))
    return photo_list


def _held(owner: User, data: QueryDict, own: list[Photo], removed: set[str]) -> list[Photo]:
    """Return the photos that the form lists, then the note's own that it neither lists nor removes."""
    listed = [int(pk) for pk in data.getlist("photo") if pk.isdecimal() and len(pk) < 19]
    known = {photo.pk: photo for photo in [*own, *Photo.objects.loose(owner).filter(pk__in=listed)]}
    rest = (photo.pk for photo in own if str(photo.pk) not in removed)
    return [known[pk] for pk in dict.fromkeys([*listed, *rest]) if pk in known]


def _receive(
    photo_list: PhotoList, owner: User, files: list[UploadedFile], alts: list[str]
) -> list[Photo | None]:
    arrived: list[Photo | None] = []
    for number, file in enumerate(files):
        try:
            facts = imaging.inspect(file)  # type: ignore[arg-type]
        except imaging.Refused as refused:
            photo_list.errors.append(str(REFUSALS[refused.reason]) % {"name": isolated(file.name or "")})
            arrived.append(None)
            continue
        try:
            photo = receive_photo(owner=owner, file=file, facts=facts)
        except StorageAway:
            photo_list.away = True
            photo_list.errors.append(str(STORAGE_AWAY))
            return arrived + [None] * (len(files) - number)
        _describe(photo_list, photo, alts[number] if number < len(alts) else "")
        arrived.append(photo)
    return arrived


def _describe(photo_list: PhotoList, photo: Photo, typed: str) -> None:
    photo_list.alts[photo.pk] = typed
    try:
        photo_list.sound_alts[photo.pk] = _ALT.clean(typed)
    except ValidationError as error:
        photo_list.unfit[photo.pk] = _("Photo description: %(problem)s") % {"problem": error.messages[0]}


def _cover(
    choice: str, kept: list[Photo | None], arrived: list[Photo | None], by_index: bool
) -> Photo | None:
    if choice.startswith("new:"):
        kept, choice, by_index = [], choice.removeprefix("new:"), True
    if not choice.isdecimal() or len(choice) > 18:
        return None
    if by_index:
        everything = kept + arrived
        return everything[int(choice)] if int(choice) < len(everything) else None
    return next((photo for photo in kept if photo and photo.pk == int(choice)), None)


def _move(photo_list: PhotoList, move: str) -> None:
    """Swap a photo with its neighbour: `<id>:up` or `<id>:down`."""
    pk, _colon, way = move.partition(":")
    here = next((place for place, photo in enumerate(photo_list.photos) if str(photo.pk) == pk), None)
    there = None if here is None else here + {"up": -1, "down": 1}.get(way, 0)
    if here is not None and there is not None and 0 <= there < len(photo_list.photos):
        photo_list.photos[here], photo_list.photos[there] = photo_list.photos[there], photo_list.photos[here]
