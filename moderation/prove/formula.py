"""The formula of Explore as docs/explore.md has it, written once more: nothing here is shared with the site."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

ROUNDED = 6  # digits of what an epoch freezes


class Read(NamedTuple):
    """A note's readers who share no network, how many of them engaged, and its first topic or 0."""

    readers: int
    engaged: int
    topic: int


class Frozen(NamedTuple):
    """A candidate as an epoch stores it, with its lean."""

    note: int
    author: int
    campus: int | None
    topics: tuple[int, ...]
    quality: float
    among: int
    freshness: float
    readers: int
    lean: int


class Taste(NamedTuple):
    topics: Mapping[int, float] = {}
    follows: Collection[int] = ()
    campus: int | None = None
    less_topics: Mapping[int, float] = {}
    less_authors: Mapping[int, float] = {}


def mean_of(reads: Collection[Read]) -> float:
    """p: engaged readers of all considered notes by their readers."""
    readers = sum(read.readers for read in reads)
    return sum(read.engaged for read in reads) / readers if readers else 0.0


def qualities(reads: Sequence[Read]) -> tuple[list[tuple[float, int]], float]:
    """Return each note's quality with the topic it is compared by (0: all), and that of a note without readers."""
    mean = mean_of(reads)
    rates = [(read.engaged + 20 * mean) / (read.readers + 20) for read in reads]
    of_topic: dict[int, list[float]] = defaultdict(list)
    for read, rate in zip(reads, rates, strict=True):
        of_topic[read.topic].append(rate)
    groups = {topic: _shares(found) for topic, found in of_topic.items() if topic and len(found) >= 50}
    everyone = _shares(rates)
    found = []
    for read, rate in zip(reads, rates, strict=True):
        among = read.topic if read.topic in groups else 0
        found.append((groups.get(among, everyone)[rate], among))
    return found, _share_of(mean, rates)


def _shares(rates: Sequence[float]) -> dict[float, float]:
    """Return the percentile of each rate: the share of lower ones, equal ones counted half."""
    counts: dict[float, int] = defaultdict(int)
    for rate in rates:
        counts[rate] += 1
    shares, lower = {}, 0
    for rate in sorted(counts):
        shares[rate] = round((lower + counts[rate] / 2) / len(rates), ROUNDED)
        lower += counts[rate]
    return shares


def _share_of(rate: float, rates: Sequence[float]) -> float:
    if not rates:
        return 0.5
    lower, same = sum(each < rate for each in rates), sum(each == rate for each in rates)
    return round((lower + same / 2) / len(rates), ROUNDED)


def freshness(hours: float) -> float:
    return float(2 ** (-max(0.0, hours) / 48))


def lean(crowds: Collection[tuple[int, int]], mean: float) -> int:
    """Return how many crowds engaged more than the mean beyond one standard deviation, less those that did less."""
    found = 0
    for readers, engaged in crowds:
        deviation = sqrt(readers * mean * (1 - mean))
        if engaged - readers * mean > deviation:
            found += 1
        elif engaged - readers * mean < -deviation:
            found -= 1
    return found


def score(each: Frozen, taste: Taste) -> float:
    shared = sum(taste.topics.get(topic, 0.0) for topic in each.topics)
    affinity = min(1.0, round(shared / sqrt(len(each.topics)), ROUNDED)) if each.topics and shared else 0.0
    is_related = each.author in taste.follows or (each.campus is not None and each.campus == taste.campus)
    first_look = max(0.0, 1 - each.readers / 100)
    return sum(
        (
            0.35 * affinity,
            0.25 * each.quality,
            0.20 * each.freshness,
            0.10 * first_look,
            0.10 * is_related,
            -_less(each, taste),
        )
    )


def _less(each: Frozen, taste: Taste) -> float:
    if not taste.less_authors and not taste.less_topics:
        return 0.0
    steps = [min(1.0, taste.less_topics.get(topic, 0.0) / 3) for topic in each.topics]
    mean = sum(steps) / len(steps) if steps else 0.0
    return round(0.20 * mean + 0.10 * min(1.0, taste.less_authors.get(each.author, 0.0) / 3), ROUNDED)


def ordered(candidates: Collection[Frozen], taste: Taste) -> list[Frozen]:
    """Return the order of a list: by score, neighbours swapped by their leans, then the two rules."""
    scores = {each.note: score(each, taste) for each in candidates}
    best = sorted(candidates, key=lambda each: (-scores[each.note], -each.note))
    place = 1
    while place < len(best):
        above, below = best[place - 1], best[place]
        if below.lean > above.lean:
            best[place - 1], best[place] = below, above
            place += 2
        else:
            place += 1
    return _by_rules(best)


def _by_rules(left: list[Frozen]) -> list[Frozen]:
    """Of twenty in a row at most two by one author while others remain; every tenth place to a new note."""
    left, order = list(left), list[Frozen]()
    while left:
        lately = [each.author for each in order[-19:]]
        free = (each for each in left if lately.count(each.author) < 2)
        if len(order) % 10 == 9:
            possible = list(free)
            chosen = next(filter(is_new, possible), possible[0] if possible else left[0])
        else:
            chosen = next(free, left[0])
        left.remove(chosen)
        order.append(chosen)
    return order


def is_new(each: Frozen) -> bool:
    """Whether a note is under 72 hours old and has fewer than a hundred readers."""
    return each.readers < 100 and each.freshness > freshness(72)


def joined(page: Sequence[Frozen], arrivals: Sequence[Frozen], taste: Taste) -> list[Frozen]:
    """Return the first page with newer notes among it, each by its score and the rule on authors."""
    found = list(page)
    for each in arrivals:
        worth = score(each, taste)
        start = next((at for at, other in enumerate(found) if score(other, taste) < worth), len(found))
        for at in range(start, len(found) + 1):
            line = [*found[:at], each, *found[at:]]
            around = range(max(0, at - 19), at + 1)
            if all(sum(one.author == each.author for one in line[of : of + 20]) <= 2 for of in around):
                found = line
                break
    return found
