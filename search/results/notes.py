"""Find notes by what is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from core.db.keyset import PAGE_SIZE, Page, reach
from core.db.prepared_queries import IsAmong, compiled
from notes.feeds.lists import with_reactions
from notes.models import Note
from notes.models.muting import without_muted
from profiles.models import Viewer
from search.asked import Asked
from search.query.query import Extent, Query
from search.query.reading import read
from search.results.picking import Picked, Place, pick, start
from search.results.spelling import corrected


@dataclass(frozen=True, slots=True)
class Found:
    """A page of notes. `is_newest_only` if more were found than are ranked, which are the newest; `is_part` if none has
    all the words that name something; `corrected` is what was searched instead of what was typed, "" if that was.
    """

    page: Page[Note]
    is_newest_only: bool = False
    is_part: bool = False
    corrected: str = ""


def found(viewer: Viewer, asked: Asked, after: str = "") -> Found:
    """Return a page of notes that the viewer may see. A query of nothing searchable finds nothing."""
    search = _Search(viewer, asked, reach(without_muted(viewer)) + 1)
    place = Place.at(after)
    picked, instead = search.after(place) if place else search.first()
    page = _page(viewer, picked, search.size, begins_again=bool(after) and not place)
    is_part = any(place.extent == Extent.SOME for _, place in picked.notes)
    return Found(page, picked.is_newest_only, is_part, instead)


class _Search(NamedTuple):
    """A search by a viewer, and how many notes to pick for one of its pages. They come with the query that was searched
    instead of what was typed; "" if that was.
    """

    viewer: Viewer
    asked: Asked
    size: int

    def after(self, place: Place) -> tuple[Picked, str]:
        query = read(self.asked.words)
        instead = corrected(self.viewer, self.asked, query) if place.is_corrected else ""
        return pick(self.viewer, self.asked, read(instead) if instead else query, place, self.size), instead

    def first(self) -> tuple[Picked, str]:
        """Pick notes with all that is typed; where there are none, with all of it spelled otherwise, or with some."""
        query = read(self.asked.words)
        picked = self._pick(query, Extent.ALL)
        if picked.notes or not query.whole:
            return picked, ""
        tried = [(query, "", Extent.SOME)]
        if instead := corrected(self.viewer, self.asked, query):
            mended = read(instead)
            tried = [(mended, instead, Extent.ALL), *tried, (mended, instead, Extent.SOME)]
        for words, spelling, extent in tried:
            picked = self._pick(words, extent, is_corrected=bool(spelling))
            if picked.notes:
                return picked, spelling
        return picked, ""

    def _pick(self, query: Query, extent: Extent, *, is_corrected: bool = False) -> Picked:
        place = start(extent, is_corrected=is_corrected)
        return pick(self.viewer, self.asked, query, place, self.size)


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
    return Note.objects.filter(IsAmong("pk", notes)).meant_for(viewer).wanted_by(viewer).for_cards()
