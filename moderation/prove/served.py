"""What the site shows and stores, asked of the site itself: the only file of this program that knows it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser

from core.db.keyset import Page
from moderation.prove.formula import Frozen
from moderation.prove.lists import Asked
from notes.collections import lists as kept
from notes.explore import epochs, order
from notes.explore.scope import EVERYTHING, Scope
from notes.feeds import lists
from notes.models import Channel, Collection, Epoch, EpochInput, EpochScope, Series
from notes.models.public_names import shown_campuses
from notes.models.tags import shown_tags
from notes.series import queries as series
from people import feeds
from profiles.models import Label, User, Viewer


def forget() -> None:
    """Have the site compute anew what this process has cached."""
    order.forget_orders()


def viewer_of(person: int) -> Viewer:
    return User.objects.get(pk=person) if person else AnonymousUser()


def served(asked: Asked, most: int | None = None) -> list[int] | None:
    """Return the ids of a list as the site shows it, page by page; None where it says that there is no such page."""
    page_of = _LISTS[asked.kind](viewer_of(asked.viewer), asked.pk)
    return None if page_of is None else list(islice(_ids(page_of), most))


def explored(name: str, viewer: Viewer, most: int | None = None) -> list[int]:
    """Return the notes of a scope of Explore as the viewer sees them."""
    scope = _scope(name)
    return list(islice(_ids(lambda after: order.explored(viewer, after, scope)), most)) if scope else []


def _ids(page_of: Callable[[str], Any]) -> Iterator[int]:
    after = ""
    while True:
        page = page_of(after)
        yield from (row.pk for row in page.rows)
        if not page.after or page.after == after:
            return
        after = page.after


def _scope(name: str) -> Scope | None:
    """Return the scope of this name; None for a channel that is not shown any more."""
    kind, _, pk = name.partition("-")
    if kind == "channel":
        found = Channel.objects.shown().with_tags().filter(pk=int(pk)).first()
        return Scope.of(found) if found else None
    return {"all": EVERYTHING, "campus": Scope(campus=int(pk or 0)), "topic": Scope(topic=int(pk or 0))}[kind]


def _whole(rows: list[Any]) -> Callable[[str], Any]:
    return lambda after: Page(rows, "")


def _latest(viewer: Viewer, pk: int) -> Any:
    return lambda after: lists.latest(viewer, after)


def _tag(viewer: Viewer, pk: int) -> Any:
    found = shown_tags().filter(pk=pk).first()
    return found and (lambda after: lists.tagged(viewer, found, after))


def _campus(viewer: Viewer, pk: int) -> Any:
    found = shown_campuses().filter(pk=pk).first()
    return found and (lambda after: lists.at_campus(viewer, found, after))


def _channel(viewer: Viewer, pk: int) -> Any:
    found = Channel.objects.shown().with_tags().filter(pk=pk).first()
    return found and (lambda after: lists.latest(viewer, after, Scope.of(found)))


def _label(viewer: Viewer, pk: int) -> Any:
    found = Label.objects.shown().filter(pk=pk).first()
    return found and (lambda after: lists.labelled(viewer, found, after))


def _holders(viewer: Viewer, pk: int) -> Any:
    found = Label.objects.shown().filter(pk=pk).first()
    return found and (lambda after: feeds.holders(viewer, found, after))


def _profile(viewer: Viewer, pk: int) -> Any:
    found = User.objects.visible_to(viewer).filter(pk=pk).first()
    return found and (lambda after: lists.by_author(viewer, found, after))


def _followers(viewer: Viewer, pk: int) -> Any:
    found = User.objects.visible_to(viewer).filter(pk=pk).first()
    return found and (lambda after: feeds.followers(viewer, found, after))


def _series(viewer: Viewer, pk: int) -> Any:
    found = Series.objects.select_related("author").get(pk=pk)
    opened = series.opened(viewer, found.author, pk)
    return opened and _whole(opened[1])


def _collection(viewer: Viewer, pk: int) -> Any:
    found = Collection.objects.select_related("owner").get(pk=pk)
    tile = kept.opened(viewer, found.owner, pk)
    return tile and (lambda after: kept.notes_in(viewer, found, after))


def _collections(viewer: Viewer, pk: int) -> Any:
    found = User.objects.visible_to(viewer).filter(pk=pk).first()
    return found and (lambda after: kept.public_of(viewer, found, after))


def _following(viewer: Viewer, pk: int) -> Any:
    return lambda after: lists.following(viewer, after)


_LISTS: dict[str, Callable[[Viewer, int], Any]] = {
    "latest": _latest,
    "tag": _tag,
    "campus": _campus,
    "channel": _channel,
    "label": _label,
    "holders": _holders,
    "profile": _profile,
    "series": _series,
    "collection": _collection,
    "collections": _collections,
    "followers": _followers,
    "following": _following,
}


def computed(moment: datetime) -> epochs.Computed:
    """Return the epoch that the site would write now."""
    return epochs.compute(moment)


def scopes_of(epoch: int) -> dict[str, list[Frozen]]:
    """Return the stored candidates of each scope, in their order."""
    found = EpochScope.objects.filter(epoch=epoch).values_list("name", "candidates", "leans")
    return {
        name: [_frozen(row, leans) for row in candidates]
        for name, candidates, leans in found.iterator(chunk_size=20)
    }


def _frozen(row: list[Any], leans: dict[str, int]) -> Frozen:
    note, author, campus, topics, quality, among, freshness, readers = row
    lean = leans.get(str(note), 0)
    return Frozen(note, author, campus, tuple(topics), quality, among, freshness, readers, lean)


def unread_quality_of(epoch: int) -> float:
    return float(Epoch.objects.get(pk=epoch).unread_quality)


def input_of(epoch: int) -> tuple[list[list[int]], list[tuple[int, list[int]]], int] | None:
    """Return the reads, channels and horizon a stored epoch was computed from; None for one of the version before."""
    return EpochInput.objects.filter(epoch=epoch).values_list("reads", "channels", "horizon").first()
