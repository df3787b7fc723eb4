"""What a creator could infer from everything they were ever shown, by integer programming."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Closing:
    """A batch that closed: the share shown then, in tenths, and by side who could be in it."""

    share: int
    first: frozenset[int]
    second: frozenset[int]


class Program:
    """Integer variables from 0 up to a bound, and linear conditions on them."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def variable(self, upper: float) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def require(self, terms: dict[int, float], low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append((terms, low, high))

    def ends(self, terms: dict[int, float]) -> tuple[int, int] | None:
        """The smallest and the largest value of a sum; None where nothing fits."""
        least, most = self.best(terms, 1), self.best(terms, -1)
        return None if least is None or most is None else (least[0], most[0])

    def best(self, terms: dict[int, float], sign: int) -> tuple[int, list[int]] | None:
        """The smallest value of a sum, or with sign -1 the largest, and the variables with it."""
        # Loading SciPy takes a second of each process that collects the tests.
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        places = [place for place, row in enumerate(self.rows) for _variable in row[0]]
        variables = [variable for row in self.rows for variable in row[0]]
        factors = [factor for row in self.rows for factor in row[0].values()]
        matrix = csr_array((factors, (places, variables)), (len(self.rows), len(self.upper)))
        objective = np.zeros(len(self.upper))
        for variable, factor in terms.items():
            objective[variable] = sign * factor
        limits = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        found = milp(
            objective, constraints=limits, bounds=Bounds(0, self.upper), integrality=np.ones(len(self.upper))
        )
        if found.status == 2:
            return None
        assert found.status == 0, found.message
        return round(sign * found.fun), [round(value) for value in found.x]


class Batches:
    """Every history of batches that fits what was shown. People who could be in the same batches stand together."""

    def __init__(self, closings: Sequence[Closing], floor: int, *, own: Sequence[Counter[str]] = ()) -> None:
        """`own` counts by side the creator's own accounts that were in each batch, which they know."""
        self.closings = closings
        self.program = Program()
        self.entered: dict[tuple[str, frozenset[int], int], int] = {}
        self.crowds: Counter[tuple[str, frozenset[int]]] = Counter()
        for side in ("first", "second"):
            everybody = set().union(*(getattr(closing, side) for closing in closings))
            for person in everybody:
                could = frozenset(j for j, closing in enumerate(closings) if person in getattr(closing, side))
                self.crowds[side, could] += 1
        for (side, could), number in self.crowds.items():
            for closing in could:
                self.entered[side, could, closing] = self.program.variable(number)
            self.program.require({self.entered[side, could, j]: 1 for j in could}, high=number)
        self._fit(floor, own)

    def _fit(self, floor: int, own: Sequence[Counter[str]]) -> None:
        known: Counter[str] = Counter()
        for place, closing in enumerate(self.closings):
            here = own[place] if own else Counter()
            known.update(here)
            for side in ("first", "second"):
                self.program.require(self.size(side, place), low=floor - here[side])
            so_far = range(place + 1)
            first = [term for j in so_far for term in self.size("first", j)]
            second = [term for j in so_far for term in self.size("second", j)]
            for times, low, high in (
                (2 * closing.share - 1, 0, np.inf),
                (2 * closing.share + 1, -np.inf, -1),
            ):
                terms = dict.fromkeys(first, 20.0 - times) | dict.fromkeys(second, -float(times))
                constant = (20 - times) * known["first"] - times * known["second"]
                self.program.require(terms, low - constant, high - constant)

    def size(self, side: str, place: int) -> dict[int, float]:
        return {number: 1 for (at, _could, j), number in self.entered.items() if at == side and j == place}

    def total(self, side: str) -> dict[int, float]:
        return {number: 1 for (at, _could, _j), number in self.entered.items() if at == side}

    def groups(self) -> dict[str, dict[int, float]]:
        """Every number of people that one could want to know."""
        found = {f"all {side}": self.total(side) for side in ("first", "second")}
        for place in range(len(self.closings)):
            for side in ("first", "second"):
                found[f"batch {place} {side}"] = self.size(side, place)
        return found

    def of_crowd(self, side: str, could: frozenset[int]) -> dict[int, float]:
        return {self.entered[side, could, j]: 1 for j in could}

    def chosen(self, values: Sequence[int]) -> list[Counter[tuple[str, frozenset[int]]]]:
        """For each batch how many of which crowd are in it."""
        found: list[Counter[tuple[str, frozenset[int]]]] = [Counter() for _closing in self.closings]
        for (side, could, j), number in self.entered.items():
            found[j][side, could] += values[number]
        return found


def words_program(words: int, shown: Sequence[int], may_pick: int) -> tuple[Program, list[int]]:
    """How many picked each word, where up to `may_pick` people pick one to three words, and these are shown."""
    program = Program()
    pickers = program.variable(may_pick)
    counts = [program.variable(may_pick) for _ in range(words)]
    for place, count in enumerate(counts):
        program.require({pickers: 1, count: -1}, low=0)
        if place in shown:
            program.require({count: 1}, low=10)
            program.require({pickers: 1, count: -1}, low=10)
        else:
            few = program.variable(1)  # either fewer than ten picked it, or fewer than ten pickers did not
            program.require({count: 1, few: may_pick}, high=9 + may_pick)
            program.require({pickers: 1, count: -1, few: -may_pick}, high=9)
    program.require(dict.fromkeys(counts, 1.0) | {pickers: -1}, low=0)
    program.require(dict.fromkeys(counts, 1.0) | {pickers: -3}, high=0)
    return program, counts
