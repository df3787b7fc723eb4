"""What an author's notes are about, and how that meets a label's topics: Posted, Focus and Cover (docs/insights.md).

Pure functions of notes. A note is its age in days and its topics, which are whatever tells one tag from another.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from math import floor, fsum

HALF_LIFE = 14  # days
NOTES_MIN = 5  # fewer say nothing

type Note[Topic: Hashable] = tuple[float, Collection[Topic]]


def weight(age: float) -> float:
    """Return what a note of this age in days weighs: 2^(−age ÷ 14)."""
    return 2.0 ** (-age / HALF_LIFE)


def posted[Topic: Hashable](notes: Iterable[Note[Topic]]) -> dict[Topic, float] | None:
    """Return each topic's share of the notes by weight, or None below five notes.

    P(t) = Σ w·x(t) ÷ Σ w, where a note with k topics counts x = 1/k to each. A note without topics counts below the
    line alone, so that the shares add up to 1 at most.
    """
    weighed = _weighed(notes)
    if weighed is None:
        return None
    parts: dict[Topic, list[float]] = {}
    for weight_of_note, topics in weighed:
        for topic in topics:
            parts.setdefault(topic, []).append(weight_of_note / len(topics))
    whole = fsum(weight_of_note for weight_of_note, _topics in weighed)
    return {topic: fsum(shares) / whole for topic, shares in parts.items()}


def focus[Topic: Hashable](notes: Iterable[Note[Topic]], declared: Collection[Topic]) -> float | None:
    """Return the share of the notes that is about the declared topics, Σ P(t) over them, from 0 to 1.

    None below five notes, and where nothing is declared.
    """
    weighed, wanted = _weighed(notes), set(declared)
    if weighed is None or not wanted:
        return None
    about = fsum(own * (len(topics & wanted) / len(topics)) for own, topics in weighed if topics)
    return about / fsum(own for own, _topics in weighed)


def cover[Topic: Hashable](notes: Iterable[Note[Topic]], declared: Collection[Topic]) -> float | None:
    """Return how many of the declared topics have a note at all, as a share from 0 to 1.

    None below five notes, and where nothing is declared.
    """
    seen, wanted = list(notes), set(declared)
    if len(seen) < NOTES_MIN or not wanted:
        return None
    return (len(wanted) - len(without_note(seen, list(wanted)))) / len(wanted)


def without_note[Topic: Hashable](notes: Iterable[Note[Topic]], declared: Sequence[Topic]) -> list[Topic]:
    """Return the declared topics that no note has, in their order, however few notes there are."""
    had = {topic for _age, topics in notes for topic in topics}
    return [topic for topic in dict.fromkeys(declared) if topic not in had]


def in_ten(share: float) -> int:
    """Return a share from 0 to 1 in tenths, halves rounded up: what "7 in 10" says."""
    return floor(round(share * 10, 6) + 0.5)


def _weighed[Topic: Hashable](notes: Iterable[Note[Topic]]) -> list[tuple[float, set[Topic]]] | None:
    """Return each note's weight and topics, or None below five notes.

    Only the ratios of weights matter: they are taken from the age of the newest note, so that those of years ago are
    not all 0, and nothing changes while nothing is published.
    """
    seen = [(age, set(topics)) for age, topics in notes]
    if len(seen) < NOTES_MIN:
        return None
    newest = min(age for age, _topics in seen)
    return [(weight(age - newest), topics) for age, topics in seen]
