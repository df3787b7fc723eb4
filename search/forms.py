"""What the address of a search asks for. Parameters that mean nothing are ignored: any address is a search."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from core.languages import NAMES
from core.text import stream_safe
from notes.models.public_names import shown_campuses
from notes.reading_history.seen import SEEN, UNSEEN, seen_filter
from profiles.models import Campus, Viewer
from search.asked import QUERY_MAX, Asked

KINDS = ("notes", "people", "tags", "labels", "campuses")
SORTS = ("relevance", "latest", "popular")
SEEN_OR_NOT = (UNSEEN, SEEN)
DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A search as its address states it. `kind` "" is of all kinds together; `q` is what was typed, of any length."""

    q: str = ""
    kind: str = ""
    sort: str = "relevance"
    campus: Campus | None = None
    time: str = ""
    language: str = ""
    followed: bool = False
    photos: bool = False
    seen: str = ""

    @property
    def words(self) -> str:
        """The characters that count."""
        return self.q[:QUERY_MAX].strip()

    @property
    def sign(self) -> str:
        """ "#" if a tag is asked for, "@" if a person."""
        return {"#": "#", "＃": "#", "@": "@", "＠": "@"}.get(self.q[:1], "")

    @property
    def is_cut(self) -> bool:
        return len(self.q) > QUERY_MAX

    @property
    def is_filtered(self) -> bool:
        return bool(self.campus or self.time or self.language or self.followed or self.photos or self.seen)

    def asked(self, viewer: Viewer) -> Asked:
        since = timezone.now() - timedelta(days=DAYS[self.time]) if self.time else None
        return Asked(
            words=self.words,
            sort=self.sort,
            campus=self.campus.pk if self.campus else None,
            since=since,
            language=self.language,
            followed=self.followed,
            photos=self.photos,
            seen=seen_filter(viewer, self.seen),
        )

    def parameters(self) -> dict[str, str]:
        """Return the parameters of this search's address, without those that change nothing, and of what was typed only
        so much that it still shows to be cut.
        """
        return {
            name: value
            for name, value in (
                ("q", self.q[: QUERY_MAX + 1]),
                ("kind", self.kind),
                ("sort", "" if self.sort == SORTS[0] else self.sort),
                ("campus", self.campus.slug if self.campus else ""),
                ("time", self.time),
                ("language", self.language),
                ("followed", "1" if self.followed else ""),
                ("photos", "1" if self.photos else ""),
                ("seen", self.seen),
            )
            if value
        }

    def address(self, **changes: Any) -> str:
        """Return the address of this search with other values, from its beginning."""
        return f"?{urlencode(replace(self, **changes).parameters())}"

    def without_filters(self) -> str:
        return self.address(campus=None, time="", language="", followed=False, photos=False, seen="")


def question(sent: QueryDict, viewer: Viewer) -> Question:
    return Question(
        q=typed(sent.get("q", "")),
        kind=_one_of(KINDS, sent.get("kind", "")),
        sort=_one_of(SORTS, sent.get("sort", "")) or SORTS[0],
        campus=_campus(sent.get("campus", "")),
        time=_one_of(DAYS, sent.get("time", "")),
        language=_one_of(NAMES, sent.get("language", "")),
        followed=viewer.is_authenticated and sent.get("followed") == "1",
        photos=sent.get("photos") == "1",
        seen=_one_of(SEEN_OR_NOT, sent.get("seen", "")) if viewer.is_authenticated else "",
    )


def typed(value: str) -> str:
    """Return one line of text that a database takes and a page can show. No word of it has a meaning."""
    line = "".join(" " if char in "\t\r\n" else char for char in value if char in "\t\r\n" or char >= " ")
    return stream_safe(line).strip()


def _one_of(choices: Any, value: str) -> str:
    return value if value in choices else ""


def _campus(slug: str) -> Campus | None:
    if not slug or len(slug) > 100 or "\0" in slug:
        return None
    return shown_campuses().filter(slug=slug).first()
