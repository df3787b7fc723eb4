"""The words for creators as pages show them: those a follower may pick, and the four fields of the Mirror."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from taggit.models import Tag

from insights.models import Pick, SeenWord, StruckWord, Word
from insights.word_keys import Key
from notes.models import Note
from notes.models.declared import shown_topics
from profiles.models import Positioning, User

TOPICS_OFFERED = 60


@dataclass(frozen=True, slots=True)
class Named:
    """A word or topic with its name; `key` as forms have it."""

    key: Key
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The words and topics that a follower may pick for a creator, and those already picked."""

    words: tuple[Named, ...]
    topics: tuple[Named, ...]
    picked: tuple[Key, ...]

    @property
    def keys(self) -> set[Key]:
        return {each.key for each in (*self.words, *self.topics)}


@dataclass(frozen=True, slots=True)
class Fields:
    """The creator's own words beside those that followers picked. Before any are seen, the creator's words are in
    `said`.
    """

    both: tuple[Named, ...]
    said: tuple[Named, ...]
    seen: tuple[Named, ...]
    neither: tuple[Named, ...]
    struck: tuple[Named, ...]

    @property
    def is_withheld(self) -> bool:
        """Whether too few have picked for anything to be seen."""
        return not (self.both or self.seen)


@dataclass(frozen=True, slots=True)
class Picked:
    """The words that a person picked for a creator; `creator` is None if the person may not see them."""

    creator_id: int
    creator: User | None
    words: tuple[str, ...]


def offer(viewer: User, creator: User) -> Offer:
    """Return what a follower may pick for the creator: listed words, topics of the label in force and of notes the
    viewer may open, without those the creator struck; and what the viewer has picked, whatever became of it.
    """
    struck = _struck(creator)
    picks = Pick.objects.filter(picker=viewer, creator=creator).order_by("place")
    picked = tuple(Key(pick.word_id, pick.tag_id) for pick in picks)
    words = list(
        Word.objects.filter(Q(is_offered=True) | Q(pk__in=[key.word_id for key in picked if key.word_id]))
    )
    open_notes = Note.objects.live().visible_to(viewer).filter(author=creator)
    tags = _shown_tags().filter(notes_taggednote_items__content_object__in=open_notes.values("pk"))
    common = tags.annotate(times=Count("pk")).order_by("-times", "name")[:TOPICS_OFFERED]
    known = {key.tag_id for key in picked if key.tag_id}
    topics = {
        tag.pk: tag.name for tag in [*_said_topics(creator), *common, *Tag.objects.filter(pk__in=known)]
    }
    named = [Named(Key(word.pk, None), str(word)) for word in words]
    return Offer(
        words=_sorted(each for each in named if each.key not in struck or each.key in picked),
        topics=tuple(
            Named(Key(None, pk), name)
            for pk, name in topics.items()
            if Key(None, pk) not in struck or Key(None, pk) in picked
        ),
        picked=picked,
    )


def fields(creator: User) -> Fields:
    """Return the four fields of a creator: words and topics by whether they are said and whether they are seen."""
    struck, seen = _struck(creator), _seen(creator)
    label = creator.positionings.shown().first()
    text = f"{label.wording}\n{label.statement}" if label else ""
    topics = {Key(None, tag.pk): tag.name for tag in _said_topics(creator)}
    words = {Key(word.pk, None): word for word in Word.objects.all()}
    said = {*topics, *(key for key, word in words.items() if word.is_offered and word.is_said_in(text))}
    offered = {key for key, word in words.items() if word.is_offered}
    topics |= _names_of_tags({key.tag_id for key in seen | struck if key.tag_id})
    names = topics | {key: str(word) for key, word in words.items()}

    def named(keys: Collection[Key]) -> tuple[Named, ...]:
        return _sorted(Named(key, names[key]) for key in keys if key in names)

    said, seen = said - struck, seen - struck
    return Fields(
        both=named(said & seen),
        said=named(said - seen),
        seen=named(seen - said),
        neither=named(offered - said - seen - struck),
        struck=named(struck),
    )


def picked_by(person: User) -> list[Picked]:
    """Return all words that a person picked, grouped by creator, latest first."""
    picks = Pick.objects.filter(picker=person).select_related("word", "tag").order_by("-pk")
    by_creator: dict[int, list[str]] = {}
    for pick in picks.fetch_mode(settings.LAZY_FETCH_MODE):
        by_creator.setdefault(pick.creator_id, []).append(name_of(pick))
    seen = {each.pk: each for each in User.objects.visible_to(person).filter(pk__in=by_creator)}
    return [Picked(pk, seen.get(pk), tuple(names[::-1])) for pk, names in by_creator.items()]


def name_of(row: Any) -> str:
    """Return the name of a row's word or topic; both need to be fetched."""
    return str(row.word) if row.word_id else str(row.tag.name)


def may_strike(creator: User, key: Key) -> bool:
    """Return whether the creator's page has the word or topic. Striking others would reveal topics of notes that the
    creator may not see.
    """
    found = fields(creator)
    shown = (*found.both, *found.said, *found.seen, *found.neither, *found.struck)
    return key in {each.key for each in shown}


def _struck(creator: User) -> set[Key]:
    rows = StruckWord.objects.filter(creator=creator).values_list("word", "tag")
    return {Key(word, tag) for word, tag in rows}


def _seen(creator: User) -> set[Key]:
    rows = SeenWord.objects.filter(creator=creator).values_list("word", "tag")
    return {Key(word, tag) for word, tag in rows}


def _said_topics(creator: User) -> list[Tag]:
    label = creator.positionings.shown().with_topics(shown_topics()).first()
    return [place.tag for place in label.shown_places] if isinstance(label, Positioning) else []


def _names_of_tags(tags: set[int | None]) -> dict[Key, str]:
    return {Key(None, tag.pk): tag.name for tag in _shown_tags().filter(pk__in=tags)}


def _shown_tags() -> Any:
    return Tag.objects.exclude(state__is_hidden=True)


def _sorted(words: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(words, key=lambda each: each.name))
