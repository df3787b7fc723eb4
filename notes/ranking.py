"""How explore orders notes: the formula and its rules, on plain values (docs/explore.md says it in words)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple, Self

AFFINITY, QUALITY, FRESHNESS, FIRST_LOOK, RELATION = 0.35, 0.25, 0.20, 0.10, 0.10

FRESHNESS_HALVES_HOURS = 48
FIRST_READERS = 100
NEW_HOURS = 72
SUPPOSED_READERS = 20
FEW_NOTES = 50

WINDOW, OF_ONE_AUTHOR = 20, 2
SLOT = 10


class Candidate(NamedTuple):
    """A note with what an epoch froze of it. `among`: the topic whose notes its quality is compared with, 0 for all.
    `lean`: above 0 where readers who share networks answer it more than most, below 0 where they answer it less.
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
        """As it was written down in an epoch, with the leans of those notes that have one."""
        read = cls(*row)
        return read._replace(topics=tuple(read.topics), lean=leans.get(str(read.note), 0))

    @property
    def is_new(self) -> bool:
        """Whether a tenth slot may be its: under 72 hours old, with fewer than a hundred readers."""
        return self.readers < FIRST_READERS and self.freshness > freshness(NEW_HOURS)


class Taste(NamedTuple):
    """What is the viewer's in a score. `topics` has length 1 as a vector, or is empty."""

    topics: Mapping[int, float]
    follows: Collection[int]
    campus: int | None


NO_TASTE = Taste({}, frozenset(), None)


class Parts(NamedTuple):
    """What a note's score is the sum of."""

    affinity: float
    quality: float
    freshness: float
    first_look: float
    relation: float


def parts(candidate: Candidate, taste: Taste) -> Parts:
    return Parts(
        AFFINITY * affinity(candidate.topics, taste),
        QUALITY * candidate.quality,
        FRESHNESS * candidate.freshness,
        FIRST_LOOK * max(0.0, 1 - candidate.readers / FIRST_READERS),
        RELATION * (candidate.author in taste.follows or _is_same(candidate.campus, taste.campus)),
    )


def score(candidate: Candidate, taste: Taste) -> float:
    return sum(parts(candidate, taste))


def affinity(topics: Sequence[int], taste: Taste) -> float:
    """Return the cosine between the note's topics, each as much as the others, and the taste: 0 to 1.

    So one topic more never helps by itself: it takes from the others what it brings.
    """
    if not topics or not taste.topics:
        return 0.0
    shared = sum(taste.topics.get(topic, 0.0) for topic in topics)
    return min(1.0, round(shared / sqrt(len(topics)), 6))


def taste(topics: Mapping[int, float], follows: Collection[int], campus: int | None) -> Taste:
    """Return the taste of somebody to whom topics matter so much, in any unit."""
    length = sqrt(sum(weight * weight for weight in topics.values()))
    return Taste({topic: weight / length for topic, weight in topics.items()}, follows, campus)


def freshness(age_hours: float) -> float:
    return 2 ** (-max(0.0, age_hours) / FRESHNESS_HALVES_HOURS)


def _is_same(campus: int | None, other: int | None) -> bool:
    return campus is not None and campus == other


class Read(NamedTuple):
    """How many people who share no network with another reader read and answered a note, and its first topic or 0."""

    readers: int
    engaged: int
    topic: int


def mean_rate(notes: Iterable[Read]) -> float:
    """Return the share of the readers of all these notes who answered."""
    pairs = [(note.readers, note.engaged) for note in notes]
    readers = sum(number for number, _ in pairs)
    return sum(number for _, number in pairs) / readers if readers else 0.0


def lean(crowds: Iterable[tuple[int, int]], mean: float) -> int:
    """Return how many more crowds, of so many readers and engaged, answer a note more than readers do on average than
    answer it less, by more than chance makes of it. A crowd counts once, however large it is.
    """
    return sum(_direction(readers, engaged, mean) for readers, engaged in crowds)


def _direction(readers: int, engaged: int, mean: float) -> int:
    more, by_chance = engaged - readers * mean, sqrt(readers * mean * (1 - mean))
    return (more > by_chance) - (more < -by_chance)


def qualities(notes: Sequence[Read]) -> tuple[list[tuple[float, int]], float]:
    """Return the quality of each note with what it is compared with, and the quality of a note that nobody has read.

    A note's rate is (engaged + 20 p) / (readers + 20), p the mean rate of all these notes: as if twenty average readers
    had come first. Its quality is the share of the notes with its first topic that have a lower rate, those of the same
    rate counted half; of all these notes where fewer than fifty have the topic.
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
    """Return the share of the values below this one, equal ones counted half; in the middle of none."""
    if not ordered:
        return 0.5
    return round((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 / len(ordered), 6)


class Ranked(NamedTuple):
    note: int
    author: int
    score: float
    is_new: bool


def ranked(candidates: Iterable[Candidate], taste: Taste) -> list[Ranked]:
    """Best first, of two alike the later note; then neighbours change places by their leans."""
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
    """Return the whole order: never more than two notes of one author in twenty while others remain, and in every tenth
    place a new note if there is one.
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
    """Return a page with notes that came since its order was made: each before the first that scores less, or as soon
    after as its author has room; one without room waits.
    """
    found = list(page)
    for each in arrivals:
        place = next((index for index, other in enumerate(found) if other.score < each.score), len(found))
        free = (index for index in range(place, len(found) + 1) if _has_room(found, index, each.author))
        if (index := next(free, None)) is not None:
            found.insert(index, each)
    return found


def _has_room(page: Sequence[Ranked], index: int, author: int) -> bool:
    """Return whether one more note of the author at the index leaves every twenty in a row with two at most."""
    around = [other.author == author for other in page[max(0, index - WINDOW + 1) : index]]
    after = [other.author == author for other in page[index : index + WINDOW - 1]]
    line = [*around, True, *after]
    return all(sum(line[start : start + WINDOW]) <= OF_ONE_AUTHOR for start in range(len(line)))


def hundredths(values: Sequence[float]) -> list[int]:
    """Return the values in hundredths that add up to their sum in hundredths: those with the largest remainder are
    raised.
    """
    total = round(sum(values) * 100)
    whole = [int(value * 100) for value in values]
    by_remainder = sorted(range(len(values)), key=lambda place: whole[place] - values[place] * 100)
    for place in by_remainder[: total - sum(whole)]:
        whole[place] += 1
    return whole
