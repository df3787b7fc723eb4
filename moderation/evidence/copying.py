"""What is copied of each kind of target: its words as JSON, and where its pictures lie."""

import hashlib
import json
from typing import Any

from taggit.models import Tag

from notes.models import Collection, Comment, Note, Photo, Series
from people.actions.avatars import picture_of
from profiles.models import Campus, Label, User

ENOUGH = 1080  # pixels across that show what a picture shows
PREFERRED = ("1080.jpg", "640.jpg", "320.jpg")


def words_of(target: Any) -> dict[str, Any]:
    """Return the words of a target as its page has them, by field."""
    match target:
        case Note():
            tags = sorted(target.tags.names())
            dated = target.edited_at or target.published_at
            said = {"title": target.title, "body": target.body, "place": target.place, "tags": tags}
            return said | {"partner": target.partner, "of": dated.isoformat() if dated else ""}
        case Comment():
            return {"body": target.body}
        case User():
            label = target.positionings.current().values_list("wording", "statement").first() or ("", "")
            said = {"handle": target.handle, "name": target.name, "bio": target.bio}
            return said | {"label": label[0], "statement": label[1]}
        case Label():
            return {"name": target.wording}
        case Campus():
            return {"name": target.name, "city": target.city}
        case Collection():
            return {"name": target.name, "description": target.description}
        case Tag() | Series():
            return {"name": target.name}
    return {}


def pictures_of(target: Any) -> list[dict[str, Any]]:
    """Return the pictures of a target, whose rows are locked until the transaction ends: each with the folder that it
    lies in, its file there if it is prepared, and its description.

    Photos are locked before the note, as everywhere.
    """
    match target:
        case Note() | Photo():
            own = Photo.objects.filter(note=target) if isinstance(target, Note) else _self(target)
            locked = {photo.pk: photo for photo in own.select_for_update(no_key=True).order_by("pk")}
            return [_photo(photo) for photo in sorted(locked.values(), key=lambda each: each.position)]
        case User():
            person = User.objects.select_for_update(no_key=True, of=["self"]).filter(pk=target.pk).first()
            if person and person.avatar_folder:
                folder, _, file = picture_of(person).rpartition("/")
                return [{"folder": folder, "file": file, "alt": "", "photo": None}]
    return []


def digest(words: dict[str, Any], pictures: list[dict[str, Any]]) -> str:
    """Return what tells versions of one target apart. A photo that is cropped gets another folder."""
    said = {name: value for name, value in words.items() if name != "of"}
    seen = [said, [(picture["folder"], picture["alt"]) for picture in pictures]]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _self(photo: Photo) -> Any:
    return Photo.objects.filter(pk=photo.pk)


def _photo(photo: Photo) -> dict[str, Any]:
    fitting = [role for role in photo.widths if int(role) <= ENOUGH] or list(photo.widths)[:1]
    file = f"{fitting[-1]}.jpg" if photo.is_ready and fitting else ""
    return {"folder": photo.storage_folder, "file": file, "alt": photo.alt, "photo": photo.pk}
