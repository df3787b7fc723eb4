"""Read a compose form as it was sent into a value. Pure: nothing is looked up or stored."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import file_digest
from typing import Self
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

_ALT = "alt-"


class Intention(StrEnum):
    """What the pressed button of a compose form asks for."""

    PUBLISH = "publish"
    SAVE_DRAFT = "save draft"
    SCHEDULE = "schedule"
    AUTOSAVE = "autosave"
    ARRANGE = "arrange"
    CROP = "crop"


@dataclass(frozen=True)
class NewPhoto:
    """A file that came with the form, and its description as typed."""

    file: UploadedFile
    alt: str

    @cached_property
    def digest(self) -> str:
        digest = file_digest(self.file, "sha256").hexdigest()  # type: ignore[arg-type]
        self.file.seek(0)
        return digest


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A compose form as it was sent.

    `note_id` is the note that the form names: the one being edited, or the draft of a form for a new note
    (`is_new`), if it has one. `key` identifies a form that is sent twice; `seen` is the revision of the note that
    the form began with; with `replace` in the form, the one that its author chose to replace. `photos` are the ids
    of the listed photos in order, `removed` of those taken out, `alts` their descriptions as typed. The cover is
    one of those photos (`cover`, an id) or an index of `new_photos` (`new_cover`). `move` is a photo with the step
    it moves by, `crop` the photo to crop. `data` has all fields, for NoteForm.
    """

    data: QueryDict
    intention: Intention
    is_new: bool
    note_id: int | None
    key: UUID | None
    seen: str | None
    photos: tuple[int, ...]
    removed: frozenset[int]
    alts: dict[int, str]
    new_photos: tuple[NewPhoto, ...]
    cover: int | None
    new_cover: int | None
    move: tuple[int | None, int]
    crop: int | None

    @classmethod
    def read(
        cls, data: QueryDict, files: MultiValueDict[str, UploadedFile], *, note_id: int | None = None
    ) -> Self:
        """Read a sent form: of the note with this id, or for a new note."""
        is_new = note_id is None
        photos = tuple(dict.fromkeys(_ids(data.getlist("photo"))))
        cover, new_cover = _cover(data.get("cover", ""), photos, by_index=is_new)
        moved, _colon, way = data.get("move", "").partition(":")
        uploads = files.getlist("photos")
        new_alts = data.getlist("alt") + [""] * len(uploads)
        return cls(
            data=data,
            intention=_intention(data),
            is_new=is_new,
            note_id=_id(data.get("draft", "")) if is_new else note_id,
            key=_key(data.get("key", "")),
            seen=data.get("replace", data.get("seen")),
            photos=photos,
            removed=frozenset(_ids(data.getlist("remove"))),
            alts=_alts(data),
            new_photos=tuple(map(NewPhoto, uploads, new_alts)),
            cover=cover,
            new_cover=new_cover,
            move=(_id(moved), {"up": -1, "down": 1}.get(way, 0)),
            crop=_id(data.get("crop", "")),
        )

    def data_for_another(self) -> QueryDict:
        """Return the fields with a new key, to create another note."""
        data = self.data.copy()
        data["key"], data["draft"] = str(uuid4()), ""
        return data


def _intention(data: QueryDict) -> Intention:
    """Return what a form asks for. Buttons that arrange photos come before the form's own; any other publishes."""
    if "crop" in data:
        return Intention.CROP
    if {"move", "add", "show"} & data.keys() or ("remove" in data and "action" not in data):
        return Intention.ARRANGE
    if "replace" in data:
        return Intention.SAVE_DRAFT
    others = {
        "draft": Intention.SAVE_DRAFT,
        "keep": Intention.AUTOSAVE,
        "schedule": Intention.SCHEDULE,
    }
    return others.get(data.get("action", ""), Intention.PUBLISH)


def _alts(data: QueryDict) -> dict[int, str]:
    ids = {name: _id(name.removeprefix(_ALT)) for name in data if name.startswith(_ALT)}
    return {pk: str(data[name]) for name, pk in ids.items() if pk is not None}


def _cover(choice: str, photos: tuple[int, ...], *, by_index: bool) -> tuple[int | None, int | None]:
    """Return the id of the chosen cover among the listed photos, and its index among the new ones; one is None.

    `choice` is a photo's id or `new:<index>`, or with `by_index` an index into the listed photos and then the new ones.
    """
    number = _id(choice.removeprefix("new:"))
    if number is None or choice.startswith("new:"):
        return None, number
    if not by_index:
        return number, None
    return (photos[number], None) if number < len(photos) else (None, number - len(photos))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _id(text: str) -> int | None:
    """Return a number that fits an id column."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _ids(texts: list[str]) -> list[int]:
    return [pk for pk in map(_id, texts) if pk is not None]
