"""Find notes by what is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from core.db.keyset import PAGE_SIZE, Page, reach
from core.db.prepared_queries import IsAmong, compiled
from notes.feeds.lists import with_reactions
from notes.models import Note
from notes.models.less import not_put_away
from notes.models.muting import without_muted
from profiles.models import Viewer
from search.asked import Asked
from search.query.query import Extent, Query
from search.query.reading import read
from search.results.picking import ENOUGH, RESTS, Attempt, Picked, Place, pick, start
from search.results.short_names import with_campuses
from search.results.spelling import corrected


@dataclass(frozen=True, slots=True)
class Found:
    """A page of notes. `is_newest_only` if more were found than are ranked, which are the newest; `is_part` if none has
    all the words that name something, `is_filled` if few have, and notes with some follow; `corrected` is what was
    searched instead of what was typed, "" if that was.
    """

    page: Page[Note]
    is_newest_only: bool = False
    is_part: bool = False
    corrected: str = ""
    is_filled: bool = False


def found(viewer: Viewer, asked: Asked, after: str = "") -> Found:
    """Return a page of notes that the viewer may see. A query of nothing searchable finds nothing."""
    search = _Search(viewer, asked)
    size = reach(without_muted(viewer)) + 1
    place = Place.at(after)
    picked = search.pick(place, size) if place else search.first(size)
    page = _page(viewer, picked, size, begins_again=bool(after) and not place)
    attempt = picked.attempt if picked.notes else Attempt.TYPED
    instead = search.mended if attempt.is_mended else ""
    return Found(page, picked.is_newest_only, attempt.extent == Extent.SOME, instead, attempt.is_rest)


@dataclass(frozen=True)
class _Search:
    """What a viewer asks for, and the queries of each attempt to find it."""

    viewer: Viewer
    asked: Asked

    def first(self, size: int) -> Picked:
        """Pick the notes of the first page, by the first attempt that finds some."""
        picked = Picked(Attempt.TYPED, [])
        for attempt in Attempt if self.typed.whole else ():
            if attempt.is_rest:
                break
            picked = self.pick(start(attempt), size)
            if picked.notes:
                return self._filled(picked, size)
        return picked

    def _filled(self, picked: Picked, size: int) -> Picked:
        """Let notes with some of the words follow, where few have all, best first."""
        rest = RESTS.get(picked.attempt)
        if rest is None or len(picked.notes) >= ENOUGH or self.asked.sort != "relevance":
            return picked
        others = self.pick(start(rest), size)
        notes = [*picked.notes, *others.notes][:size]
        return Picked(rest, notes, others.is_newest_only) if others.notes else picked

    def pick(self, place: Place, size: int) -> Picked:
        query = self._query(place.attempt)
        return pick(self.viewer, self.asked, query, place, size) if query else Picked(place.attempt, [])

    def _query(self, attempt: Attempt) -> Query | None:
        if attempt == Attempt.CAMPUSES:
            return with_campuses(self.viewer, self.typed)
        if attempt.is_mended:
            return read(self.mended) if self.mended else None
        return self.typed

    @cached_property
    def typed(self) -> Query:
        return read(self.asked.words)

    @cached_property
    def mended(self) -> str:
        """What is typed in the spelling of notes; "" if it is spelled so."""
        return corrected(self.viewer, self.asked, self.typed)


def _page(viewer: Viewer, picked: Picked, size: int, *, begins_again: bool) -> Page[Note]:
    """Return the page of notes that were picked. Its cards are fetched for the viewer once more, as notes may have been
    closed since, and without what the viewer's muted words leave out.
    """
    places = dict(picked.notes)
    cards = {note.pk: note for note in _cards(viewer=viewer, notes=list(places))} if places else {}
    shown = [cards[pk] for pk in list(places)[: size - 1] if pk in cards]
    last = None  # note of this page, if another page follows
    if len(shown) > PAGE_SIZE:
        last = shown[PAGE_SIZE - 1].pk
    elif len(places) == size:
        last = picked.notes[-2][0]
    after = places[last].cursor() if last else ""
    return Page(with_reactions(viewer, shown[:PAGE_SIZE]), after, begins_again)


@compiled
def _cards(*, viewer: Viewer, notes: Sequence[int]) -> QuerySet[Note]:
    seen = Note.objects.meant_for(viewer).wanted_by(viewer).filter(not_put_away(viewer))
    return seen.filter(IsAmong("pk", notes)).for_cards()
