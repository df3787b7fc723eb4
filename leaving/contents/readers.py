"""Who the person's readers are, where the person was counted as a reader, and words picked (docs/insights.md)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from insights.models import Batch, Entered, FoundBy, Pick, SeenWord, StruckWord
from insights.words import name_of
from leaving.contents.part import Part, handles_as_seen, in_batches
from profiles.models import User

Rows = Iterator[dict[str, Any]]


def audience(person: User) -> Rows:
    """Return the batches without their sizes, which are never shown."""
    closed = Batch.objects.filter(creator=person, first__isnull=False).order_by("pk")
    for table, campus, share in closed.values_list("table", "campus__name", "tenths"):
        yield {"table": table, "campus": campus, "tenths": share}


def counted_in(person: User) -> Rows:
    entered = Entered.objects.filter(reader=person).order_by("creator", "table")
    rows = list(entered.values_list("creator", "table"))
    handles = handles_as_seen(User.objects.visible_to(person), [creator for creator, _table in rows])
    for creator, table in rows:
        yield {"person": handles.get(creator), "table": table}


def picked(person: User) -> Rows:
    picks = Pick.objects.filter(picker=person).select_related("word", "tag")
    for some in in_batches(picks.fetch_mode(settings.LAZY_FETCH_MODE)):
        handles = handles_as_seen(User.objects.visible_to(person), [each.creator_id for each in some])
        for each in some:
            yield {"person": handles.get(each.creator_id), "word": name_of(each), "since": each.since}


def _own(model: type[SeenWord | StruckWord]) -> Any:
    def rows(person: User) -> Rows:
        own = model._default_manager.filter(creator=person).select_related("word", "tag").order_by("pk")
        for each in own.fetch_mode(settings.LAZY_FETCH_MODE):
            yield {"word": name_of(each)}

    return rows


def found_by(person: User) -> Rows:
    shown = FoundBy.objects.filter(creator=person).order_by("pk")
    for note, words in shown.values_list("note", "words"):
        yield {"note": note, "words": words}


PARTS = [
    Part("audience", _("who your readers are, in tenths"), audience, ["insights.Batch.creator"]),
    Part("counted-in", _("of whose readers you were counted"), counted_in, ["insights.Entered.reader"]),
    Part("words-picked", _("words you picked for creators"), picked, ["insights.Pick.picker"]),
    Part("words-seen", _("words you are seen by"), _own(SeenWord), ["insights.SeenWord.creator"]),
    Part("words-struck", _("words you struck"), _own(StruckWord), ["insights.StruckWord.creator"]),
    Part("found-by", _("words by which people found your notes"), found_by, ["insights.FoundBy.creator"]),
]
