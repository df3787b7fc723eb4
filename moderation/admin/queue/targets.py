"""What cards show of the targets of cases: a query for each kind on the page, for the columns that are shown."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from taggit.models import Tag

from core.db.prepared_queries import IsAmong, compiled
from moderation.models import Case
from notes.models import Comment, Note, Photo
from profiles.models import Campus, Label, User

COVER = "cover480"


class Picture(NamedTuple):
    """A photo as the templates of the queue show it, at this address."""

    address: str
    tone: str
    width: int
    height: int
    alt: str


class Seen(NamedTuple):
    """What everyone may see of a target: how it is called, "" for a comment, and its cover."""

    title: str = ""
    photo: Picture | None = None


def seen_by_everyone(cases: Iterable[Case]) -> dict[tuple[str, int], Seen]:
    """Return for each target that everyone may see now, by kind and number, what there is to see. What people call
    themselves and others everyone may.
    """
    numbers: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        if case.is_there:
            numbers[case.kind].append(case.number)
    found: dict[tuple[str, int], Seen] = {}
    for kind, pks in numbers.items():
        if kind == Case.Kind.NOTE:
            found |= {(kind, pk): Seen(title, _cover(*cover)) for pk, title, *cover in _notes(pks=pks)}
        elif kind == Case.Kind.COMMENT:
            found |= {(kind, pk): Seen() for (pk,) in _comments(pks=pks)}
        elif kind in NAMED:
            sign = "@" if kind == Case.Kind.PERSON else ""
            found |= {(kind, pk): Seen(f"{sign}{name}") for pk, name in _named(*NAMED[kind], pks=pks)}
    return found


NAMED: dict[str, tuple[type[Model], str]] = {
    Case.Kind.PERSON: (User, "handle"),
    Case.Kind.LABEL: (Label, "wording"),
    Case.Kind.TAG: (Tag, "name"),
    Case.Kind.CAMPUS: (Campus, "name"),
}


@compiled
def _named(model: type[Model], column: str, /, *, pks: Any) -> QuerySet[Any]:
    return model._default_manager.filter(IsAmong("pk", pks)).values_list("pk", column)


@compiled
def _notes(*, pks: Any) -> QuerySet[Any]:
    cover = [f"cover__{name}" for name in ("token", "roles", "tone", "width", "height", "alt")]
    return Note.objects.public().filter(IsAmong("pk", pks)).values_list("pk", "title", *cover)


@compiled
def _comments(*, pks: Any) -> QuerySet[Any]:
    shown = Comment.objects.filter(IsAmong("pk", pks), hidden_at=None, deleted_at=None)
    return shown.filter(note__in=Note.objects.public()).values_list("pk")


def _cover(
    token: str | None, roles: list[str] | None, tone: str, width: int, height: int, alt: str
) -> Picture | None:
    if not token or COVER not in (roles or ()):
        return None
    return Picture(f"/media/{token}-{COVER}.jpg", tone, width, height, alt)


def picture_of(photo: Photo) -> Picture:
    role = next(reversed(dict(photo.widths)), "")
    address = f"{photo.base}{role}.jpg" if role else ""
    return Picture(address, photo.tone, photo.width, photo.height, photo.alt)
