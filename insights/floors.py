"""Disclosure control: what may be shown of groups of people without revealing their sizes (docs/insights.md)."""

from collections.abc import Iterable, Sequence

PICKED_MIN = 10  # people who picked a word, and pickers who did not, before it is shown
PICKERS_MIN = 30  # followers who may pick, whether they do or not
FOR_EACH_SHOWN = 5  # of these for each word that is shown
# Readers on each side beyond those that shares need: as many may be accounts of the creator's own, whose choices the
# creator knows.
OWN_ACCOUNTS = 10
ARRIVED_MIN = 10  # people who came by the same searched words, before these are shown
ROOM_MIN = (
    20  # readers that a note has before any are shown: their number is on its page, and bounds who came
)
WAITS_ONE_IN = 2  # of words that could show, how many wait for another week


def tenths(first: int, second: int) -> int:
    """Return the first group's share of all in tenths, halves rounded up."""
    whole = first + second
    return (20 * first + whole) // (2 * whole)


def room_needed(shares: Sequence[int], floor: int) -> tuple[int, int]:
    """Return how many people there must be on each side for batches with these shares, in tenths over all so far.

    Then the shares do not reveal the size of any side of a batch: with so many people, both the smallest possible
    history and one in which each side of each batch is larger by at least `floor` have these shares. The result
    depends only on what is shown, so that waiting reveals nothing either.
    """
    low = high = (0, 0)
    for share in shares:
        grown = _least(low[0] + floor, low[1] + floor, share)
        steps = grown[0] - low[0], grown[1] - low[1]
        high = _least(high[0] + steps[0] + floor, high[1] + steps[1] + floor, share)
        low = grown
    return high


def _least(first: int, second: int, share: int) -> tuple[int, int]:
    """Return the smallest numbers, at least these, with this share: one of the two grows until it is met."""
    whole = first + second
    if 20 * first < (2 * share - 1) * whole:
        return -(-(2 * share - 1) * second // (21 - 2 * share)), second
    if 20 * first >= (2 * share + 1) * whole:
        return first, (19 - 2 * share) * first // (2 * share + 1) + 1
    return first, second


def shown_words[Key](counts: Iterable[tuple[Key, int]], *, pickers: int, may_pick: int) -> list[Key] | None:
    """Return the words to show, given how many of the pickers picked each; None to leave what is shown unchanged.

    `may_pick` is the number of people who could have picked. It and the words shown do not reveal how many did.
    """
    shown = [key for key, count in counts if count >= PICKED_MIN and pickers - count >= PICKED_MIN]
    return shown if may_pick >= max(PICKERS_MIN, FOR_EACH_SHOWN * len(shown)) else None
