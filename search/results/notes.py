"""Find notes by what is typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from core.db.keyset import PAGE_SIZE, Page, reach
from core.db.prepared_queries import IsAmong, compiled
from notes.feeds.lists import with_reactions
from notes.models import Note
from notes.models.muting import without_muted
from profiles.models import Viewer
from search.asked import Asked
from search.query.query import Degree, Query
from search.query.stems import stems_of
from search.results.picking import Picked, Place, pick, start

ENOUGH = 8  # notes with all of what is typed, so that notes with its main words alone are not added


@dataclass(frozen=True, slots=True)
class Found:
    """A page of notes. `is_newest_only` if more were found than are ranked, which are the newest; `is_part` if none has
    all the words that name something; `corrected` is what was searched instead of what was typed, "" if that was.
    """

    page: Page[Note]
    is_newest_only: bool = False
    is_part: bool = False
    corrected: str = ""


NOTHING = Found(Page([], ""))


def found(viewer: Viewer, asked: Asked, after: str = "") -> Found:
    """Return a page of notes that the viewer may see. A query of nothing searchable finds nothing."""
    query = Query.of(asked.words, stems_of(asked.words))
    size = reach(without_muted(viewer)) + 1
    place = Place.at(after)
    picked = pick(viewer, asked, query, place, size) if place else _first(viewer, asked, query, size)
    page = _page(viewer, picked, size, begins_again=bool(after) and not place)
    return Found(page, picked.is_newest_only, picked.degree >= Degree.MOST)


def _first(viewer: Viewer, asked: Asked, query: Query, size: int) -> Picked:
    """Return the notes of the first page, by the strictest condition that finds some. Where few notes have all that was
    typed, those with its main words follow them.
    """
    enough = ENOUGH if asked.sort == "relevance" else 1
    picked = Picked(Degree.WHOLE, [])
    for degree in query.degrees:
        if len(picked.notes) >= (enough if degree == Degree.NAMED else 1):
            break
        picked = pick(viewer, asked, query, start(degree), size)
    return picked


def _page(viewer: Viewer, picked: Picked, size: int, *, begins_again: bool) -> Page[Note]:
    """Return the page of notes that were picked. Its cards are fetched for the viewer once more, as notes may have been
    closed since, and without what the viewer's muted words leave out.
    """
    places = dict(picked.notes)
    cards = {note.pk: note for note in _cards(viewer=viewer, notes=list(places))} if places else {}
    shown = [cards[pk] for pk in list(places)[: size - 1] if pk in cards]
    last = (
        shown[PAGE_SIZE - 1].pk
        if len(shown) > PAGE_SIZE
        else picked.notes[-2][0]
        if len(places) == size
        else None
    )
    after = places[last].cursor() if last else ""
    return Page(with_reactions(viewer, shown[:PAGE_SIZE]), after, begins_again)


@compiled
def _cards(*, viewer: Viewer, notes: Sequence[int]) -> QuerySet[Note]:
    return Note.objects.filter(IsAmong("pk", notes)).meant_for(viewer).wanted_by(viewer).for_cards()
