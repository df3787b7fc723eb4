"""The formula and rules that order Explore, on plain values (docs/explore.md explains them)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import floor, sqrt
from typing import Any, NamedTuple, Self

AFFINITY, QUALITY, FRESHNESS, FIRST_LOOK, RELATION = 0.35, 0.25, 0.20, 0.10, 0.10
# What "Less like this" takes away at most, by topics and by author, and how many presses that needs.
LESS_TOPICS, LESS_AUTHOR = 0.20, 0.10
LESS_STEPS = 3

FRESHNESS_HALVES_HOURS = 48
FIRST_READERS = 100
NEW_HOURS = 72
SUPPOSED_READERS = 20
FEW_NOTES = 50

WINDOW, OF_ONE_AUTHOR = 20, 2
SLOT = 10


class Candidate(NamedTuple):
    """A note with its frozen values in an epoch. `among` is the topic whose notes its quality is compared with, 0 for
    all. `lean` is positive if readers who share networks answer it more than average, negative if less.
    """

    note: int
    author: int
    campus: int | None
    topics: tuple[int, ...]
    quality: float
    among: int
    freshness: float
    readers: int
    lean: int = 0

    @classmethod
    def of(cls, row: Sequence[Any], leans: Mapping[str, int]) -> Self:
        """Return the candidate from its stored row, with the leans of its epoch."""
        read = cls(*row)
        return read._replace(topics=tuple(read.topics), lean=leans.get(str(read.note), 0))

    @property
    def is_new(self) -> bool:
        """Whether it may take a reserved tenth slot: under 72 hours old, with fewer than a hundred readers."""
        return self.readers < FIRST_READERS and self.freshness > freshness(NEW_HOURS)


class Taste(NamedTuple):
    """The viewer's part of a score. `topics` is a unit vector, or empty. `less_topics` and `less_authors`: how often
    they asked for less like notes with a topic or by an author, older times counting less.
    """

    topics: Mapping[int, float]
    follows: Collection[int]
    campus: int | None
    less_topics: Mapping[int, float] = {}
    less_authors: Mapping[int, float] = {}


NO_TASTE = Taste({}, frozenset(), None)


class Parts(NamedTuple):
    """The terms that add up to a note's score. `less` is 0 or negative."""

    affinity: float
    quality: float
    freshness: float
    first_look: float
    relation: float
    less: float = 0.0


def parts(candidate: Candidate, taste: Taste) -> Parts:
    return Parts(
        AFFINITY * affinity(candidate.topics, taste),
        QUALITY * candidate.quality,
        FRESHNESS * candidate.freshness,
        FIRST_LOOK * max(0.0, 1 - candidate.readers / FIRST_READERS),
        RELATION * (candidate.author in taste.follows or _is_same(candidate.campus, taste.campus)),
        -less(candidate.topics, candidate.author, taste),
    )


def less(topics: Sequence[int], author: int, taste: Taste) -> float:
    """Return what "Less like this" takes from a note: 0 to LESS_TOPICS + LESS_AUTHOR. A topic, or the author, counts
    whole after LESS_STEPS presses; the topics of the note have equal shares.
    """
    if not taste.less_authors and not taste.less_topics:
        return 0.0
    steps = [min(1.0, taste.less_topics.get(topic, 0.0) / LESS_STEPS) for topic in topics]
    by_topics = sum(steps) / len(steps) if steps else 0.0
    by_author = min(1.0, taste.less_authors.get(author, 0.0) / LESS_STEPS)
    return round(LESS_TOPICS * by_topics + LESS_AUTHOR * by_author, 6)


def score(candidate: Candidate, taste: Taste) -> float:
    return sum(parts(candidate, taste))


def affinity(topics: Sequence[int], taste: Taste) -> float:
    """Return the cosine between the note's topics, equally weighted, and the taste: 0 to 1.

    Another topic therefore never helps by itself: it takes its weight from the others.
    """
    if not topics or not taste.topics:
        return 0.0
    shared = sum(taste.topics.get(topic, 0.0) for topic in topics)
    return min(1.0, round(shared / sqrt(len(topics)), 6))


def taste(topics: Mapping[int, float], follows: Collection[int], campus: int | None) -> Taste:
    """Return the taste of a person with these topic weights, in any unit."""
    length = sqrt(sum(weight * weight for weight in topics.values()))
    return Taste({topic: weight / length for topic, weight in topics.items()}, follows, campus)


def freshness(age_hours: float) -> float:
    return 2 ** (-max(0.0, age_hours) / FRESHNESS_HALVES_HOURS)


def _is_same(campus: int | None, other: int | None) -> bool:
    return campus is not None and campus == other


class Read(NamedTuple):
    """Readers of a note who share no network, how many of them engaged, and the note's first topic or 0."""

    readers: int
    engaged: int
    topic: int


def mean_rate(notes: Iterable[Read]) -> float:
    """Return the share of all readers of these notes who engaged."""
    pairs = [(note.readers, note.engaged) for note in notes]
    readers = sum(number for number, _ in pairs)
    return sum(number for _, number in pairs) / readers if readers else 0.0


def lean(crowds: Iterable[tuple[int, int]], mean: float) -> int:
    """Return the number of crowds, given as readers and engaged, that engaged more than the mean rate, less those that
    engaged less, beyond chance. Each crowd counts once, whatever its size.
    """
    return sum(_direction(readers, engaged, mean) for readers, engaged in crowds)


def _direction(readers: int, engaged: int, mean: float) -> int:
    more, by_chance = engaged - readers * mean, sqrt(readers * mean * (1 - mean))
    return (more > by_chance) - (more < -by_chance)


def qualities(notes: Sequence[Read]) -> tuple[list[tuple[float, int]], float]:
    """Return the quality of each note with the topic it is compared by, and the quality of a note without readers.

    A note's rate is (engaged + 20 p) / (readers + 20), with p the mean rate: as if twenty average readers had come
    first. Its quality is the share of the notes with its first topic that have a lower rate, equal rates counted half;
    of all notes if fewer than fifty have the topic.
    """
    mean = mean_rate(notes)
    rates = [(note.engaged + SUPPOSED_READERS * mean) / (note.readers + SUPPOSED_READERS) for note in notes]
    by_topic: dict[int, list[float]] = {0: sorted(rates)}
    for note, rate in zip(notes, rates, strict=True):
        if note.topic:
            by_topic.setdefault(note.topic, []).append(rate)
    compared = {
        topic: sorted(found) for topic, found in by_topic.items() if not topic or len(found) >= FEW_NOTES
    }
    amongs = [note.topic if note.topic in compared else 0 for note in notes]
    found = [(_percentile(rate, compared[among]), among) for rate, among in zip(rates, amongs, strict=True)]
    return found, _percentile(mean, compared[0])


def _percentile(value: float, ordered: Sequence[float]) -> float:
    """Return the share of the values below this one, equal ones counted half; 0.5 of an empty list."""
    if not ordered:
        return 0.5
    return round((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 / len(ordered), 6)


class Ranked(NamedTuple):
    note: int
    author: int
    score: float
    is_new: bool


def ranked(candidates: Iterable[Candidate], taste: Taste) -> list[Ranked]:
    """Return candidates best first, newer first among equals; then swap neighbours by their leans."""
    scored = [
        (Ranked(each.note, each.author, score(each, taste), each.is_new), each.lean) for each in candidates
    ]
    scored.sort(key=lambda pair: (-pair[0].score, -pair[0].note))
    place = 1
    while place < len(scored):
        if scored[place][1] > scored[place - 1][1]:
            scored[place - 1], scored[place] = scored[place], scored[place - 1]
            place += 1  # no note moves twice
        place += 1
    return [each for each, _ in scored]


def arranged(best_first: Iterable[Ranked]) -> list[Ranked]:
    """Return the final order: at most two notes of one author in any twenty while others remain, and a new note in
    every tenth slot if there is one.
    """
    left = {each.note: each for each in best_first}
    order: list[Ranked] = []
    recent: Counter[int] = Counter()
    while left:
        chosen = None
        if len(order) % SLOT == SLOT - 1:
            chosen = next((each for each in _free(left, recent) if each.is_new), None)
        chosen = chosen or next(_free(left, recent), None) or next(iter(left.values()))
        order.append(left.pop(chosen.note))
        recent[chosen.author] += 1
        if len(order) >= WINDOW:
            recent[order[-WINDOW].author] -= 1
    return order


def _free(left: Mapping[int, Ranked], recent: Mapping[int, int]) -> Iterator[Ranked]:
    return (each for each in left.values() if recent[each.author] < OF_ONE_AUTHOR)


def joined(page: Sequence[Ranked], arrivals: Iterable[Ranked]) -> list[Ranked]:
    """Return a page merged with newer notes: each before the first with a lower score, or as soon after as the author
    limit allows; one that never fits is left out.
    """
    found = list(page)
    for each in arrivals:
        place = next((index for index, other in enumerate(found) if other.score < each.score), len(found))
        free = (index for index in range(place, len(found) + 1) if _has_room(found, index, each.author))
        if (index := next(free, None)) is not None:
            found.insert(index, each)
    return found


def _has_room(page: Sequence[Ranked], index: int, author: int) -> bool:
    """Return whether inserting a note of the author at the index keeps every twenty in a row within two."""
    around = [other.author == author for other in page[max(0, index - WINDOW + 1) : index]]
    after = [other.author == author for other in page[index : index + WINDOW - 1]]
    line = [*around, True, *after]
    return all(sum(line[start : start + WINDOW]) <= OF_ONE_AUTHOR for start in range(len(line)))


def hundredths(values: Sequence[float]) -> list[int]:
    """Return the values rounded to hundredths so that they add up to the rounded sum (largest remainder method)."""
    total = round(sum(values) * 100)
    whole = [floor(value * 100) for value in values]
    by_remainder = sorted(range(len(values)), key=lambda place: whole[place] - values[place] * 100)
    for place in by_remainder[: total - sum(whole)]:
        whole[place] += 1
    return whole
