"""What was compared, and what differs, in plain words."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Difference:
    """What the site stores or shows otherwise than rows and formula say, without a row that explains it."""

    what: str
    said: str

    def __str__(self) -> str:
        return f"{self.what}: {self.said}"


@dataclass
class Tally:
    """How much was compared, and the differences."""

    lists: int = 0
    places: int = 0
    rows: int = 0
    found: list[Difference] = field(default_factory=list)

    def add_list(
        self,
        name: str,
        expected: Sequence[int],
        served: Sequence[int],
        *,
        what: str = "note",
        explained: Collection[int] = (),
    ) -> None:
        """Compare a list with what it should be; `explained` may be missing or stand elsewhere."""
        self.lists += 1
        self.places += len(expected)
        if expected != served:
            self.found += places_that_differ(name, expected, served, what, explained)


def places_that_differ(
    name: str, expected: Sequence[int], served: Sequence[int], what: str, explained: Collection[int]
) -> Iterator[Difference]:
    """Yield the rows of a list that are missing, should not be there, or stand elsewhere among the others."""
    due, there = _places(expected), _places(served)
    for pk, place in due.items():
        if pk not in there and pk not in explained:
            yield Difference(
                f"{what} {pk}", f"expected at place {place} of {name}, found nowhere, and no row explains it"
            )
    for pk, place in there.items():
        if pk not in due and pk not in explained:
            yield Difference(f"{what} {pk}", f"found at place {place} of {name}, where it should not be")
    both = [pk for pk in served if pk in due and pk not in explained]
    stays = _in_order([due[pk] for pk in both])
    for pk in both:
        if due[pk] not in stays:
            yield Difference(
                f"{what} {pk}", f"expected at place {due[pk]} of {name}, found at place {there[pk]}"
            )


def _places(rows: Sequence[int]) -> dict[int, int]:
    return {pk: place for place, pk in reversed(list(enumerate(rows, 1)))}


def _in_order(places: Sequence[int]) -> set[int]:
    """Return the longest of the parts that are in order, so that as few as possible have moved."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(at[length - 1] if length else None)
        ends[length : length + 1], at[length : length + 1] = [place], [index]
    found: set[int] = set()
    last: int | None = at[-1] if at else None
    while last is not None:
        found.add(places[last])
        last = before[last]
    return found
