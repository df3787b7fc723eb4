"""What an author's notes are about, and how that matches a label's topics: posted shares, focus and cover
(docs/insights.md).

Pure functions. A note is given as its age in days and its topics, which can be any hashable values.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from math import floor, fsum

HALF_LIFE = 14  # days
NOTES_MIN = 5  # fewer give no result

type Note[Topic: Hashable] = tuple[float, Collection[Topic]]


def weight(age: float) -> float:
    """Return the weight of a note of this age in days: 2^(−age ÷ 14)."""
    return 2.0 ** (-age / HALF_LIFE)


def posted[Topic: Hashable](notes: Iterable[Note[Topic]]) -> dict[Topic, float] | None:
    """Return each topic's weighted share of the notes, or None below five notes.

    P(t) = Σ w·x(t) ÷ Σ w, where a note with k topics adds x = 1/k to each. A note without topics adds to the
    denominator alone, so the shares add up to at most 1.
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
    """Return the share of the declared topics that have at least one note, from 0 to 1.

    None below five notes, and where nothing is declared.
    """
    seen, wanted = list(notes), set(declared)
    if len(seen) < NOTES_MIN or not wanted:
        return None
    return (len(wanted) - len(without_note(seen, list(wanted)))) / len(wanted)


def without_note[Topic: Hashable](notes: Iterable[Note[Topic]], declared: Sequence[Topic]) -> list[Topic]:
    """Return the declared topics that no note has, in order, however few notes there are."""
    had = {topic for _age, topics in notes for topic in topics}
    return [topic for topic in dict.fromkeys(declared) if topic not in had]


def in_ten(share: float) -> int:
    """Return a share from 0 to 1 in tenths, halves rounded up, as in "7 in 10"."""
    return floor(round(share * 10, 6) + 0.5)


def _weighed[Topic: Hashable](notes: Iterable[Note[Topic]]) -> list[tuple[float, set[Topic]]] | None:
    """Return each note's weight and topics, or None below five notes.

    Only ratios of weights matter, so ages are taken relative to the newest note. Otherwise weights of very old notes
    would all underflow to 0.
    """
    seen = [(age, set(topics)) for age, topics in notes]
    if len(seen) < NOTES_MIN:
        return None
    newest = min(age for age, _topics in seen)
    return [(weight(age - newest), topics) for age, topics in seen]
