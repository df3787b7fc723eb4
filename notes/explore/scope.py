"""Which notes a list of Explore is about, and its pages newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Exists, OuterRef
from taggit.models import Tag

from core.db.keyset import Page, keyset, reach
from notes.explore.newest_by_source import newest_tagged
from notes.models import Channel, Note, TaggedNote
from notes.models.languages import wanted_in_lists
from notes.models.note import NoteQuerySet
from notes.reading_history.seen import SeenFilter
from profiles.models import Viewer


@dataclass(frozen=True)
class Scope:
    """The list a page belongs to: all notes, a campus, a topic, or a curated channel, by id. `tags` are those of the
    channel.
    """

    campus: int | None = None
    topic: int | None = None
    channel: int | None = None
    tags: tuple[int, ...] = ()

    @classmethod
    def of(cls, found: Channel | Tag | None) -> Self:
        """Return the scope of a channel, tag or campus; needs `tag_ids` of a curated channel."""
        if isinstance(found, Channel):
            return cls(channel=found.pk, tags=tuple(found.tag_ids))
        return cls(topic=found.pk) if found else cls()

    @property
    def name(self) -> str:
        if self.channel:
            return f"channel-{self.channel}"
        return f"campus-{self.campus}" if self.campus else f"topic-{self.topic}" if self.topic else "all"

    @property
    def topics(self) -> list[int] | None:
        """The tags of which a note must have one; None where any note is listed."""
        return list(self.tags) if self.channel else [self.topic] if self.topic else None

    def page(
        self,
        notes: NoteQuerySet,
        viewer: Viewer,
        after: str,
        size: int,
        *,
        until: datetime | None = None,
        seen: SeenFilter | None = None,
    ) -> Page[Note]:
        """Return the page of `notes` in this scope after the cursor, up to a moment, newest first, without what the
        viewer has muted and what the filter does not leave.
        """
        wanted, pages = wanted_in_lists(viewer)
        moment = "listed_at" if self.topic else "published_at"  # as the index that lists these notes has it
        if self.campus:
            notes = notes.filter(campus=self.campus)
        notes = notes.tagged(self.topic) if self.topic else notes
        notes = notes.filter(**{f"{moment}__lte": until}) if until else notes
        notes = notes.filter(seen.condition) if seen else notes
        if (
            self.channel and seen and seen.is_seen
        ):  # few notes: of each it is asked whether it has one of the tags
            has = TaggedNote.objects.filter(content_object=OuterRef("pk"), tag__in=self.tags)
            notes = notes.filter(Exists(has))
        elif self.channel:
            among = newest_tagged(notes, self.tags, after, reach(wanted, size, pages) + 1)
            notes = notes.filter(pk__in=among)
        return keyset(notes.for_cards(), moment, after, size, wanted=wanted, pages=pages)


EVERYTHING = Scope()
