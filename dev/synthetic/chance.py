"""How unevenly things fall to people and notes."""

from array import array
from collections.abc import Container, Iterator
from random import Random


def uneven(number: int, random: Random) -> array[float]:
    """Return weights of Pareto's distribution, as likes and followers have it."""
    return array("d", (random.paretovariate(1.4) for _ in range(number)))


def shares(total: int, weights: array[float], most: int) -> Iterator[int]:
    """Yield parts of the total in proportion to the weights, none over `most`; the rest goes to the next part."""
    whole, owed = sum(weights), 0.0
    for weight in weights:
        owed += total * weight / whole
        part = min(round(owed), most) if weight else 0
        owed -= part
        yield part


def several(number: int, count: int, random: Random, without: Container[int] = ()) -> list[int]:
    """Return different numbers below `count`; low ones more often, unless a good part of all is asked for.

    Raises ValueError when there are not so many.
    """
    if 3 * number > count:
        picks = [pick for pick in range(count) if pick not in without]
        return random.sample(picks, number)
    chosen: dict[int, None] = {}
    while len(chosen) < number:
        pick = int(count * random.random() ** 2)
        if pick not in without:
            chosen[pick] = None
    return list(chosen)
