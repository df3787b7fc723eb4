"""The rules for showing shares and words: as early as possible, and never too early."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.floors import OWN_ACCOUNTS, room_needed, shown_words, tenths
from tests.insights.attack import Batches, Closing, words_program


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [(20, 20, 5), (20, 100, 2), (1, 19, 1), (1, 20, 0), (3, 1, 8), (19, 1, 10), (18, 2, 9), (7, 13, 4)],
)
def test_tenths_round_halves_up(first: int, second: int, share: int) -> None:
    assert tenths(first, second) == share


@pytest.mark.parametrize(
    ("shares", "room"),
    [([5], (40, 40)), ([3], (40, 75)), ([3, 3, 4], (120, 189)), ([0], (40, 761)), ([10], (760, 40))],
)
def test_the_room_that_shares_need(shares: list[int], room: tuple[int, int]) -> None:
    assert room_needed(shares, 20) == room


sides = st.lists(st.tuples(st.integers(10, 60), st.integers(10, 60)), min_size=1, max_size=3)


def closings_with_least_room(
    sides: list[tuple[int, int]], *, less: tuple[int, int] = (0, 0)
) -> list[Closing]:
    """Batches of these sizes among just as many readers as must be there, without `less` of each side."""
    first = second = 0
    closings, shares = [], []
    for more, others in sides:
        first, second = first + more, second + others
        shares.append(tenths(first, second))
        room = [there + OWN_ACCOUNTS - own for there, own in zip(room_needed(shares, 10), less, strict=True)]
        closings.append(
            Closing(shares[-1], frozenset(range(room[0])), frozenset(range(9999, 9999 + room[1])))
        )
    return closings


@settings(max_examples=15, deadline=None, database=None)
@given(sides)
def test_with_the_least_room_every_number_may_differ_by_the_floor(sides: list[tuple[int, int]]) -> None:
    batches = Batches(closings_with_least_room(sides, less=(OWN_ACCOUNTS, OWN_ACCOUNTS)), 10)
    ends = [batches.program.ends(group) for group in batches.groups().values()]
    assert all(found and found[1] - found[0] >= 10 for found in ends)


accounts = st.tuples(st.integers(0, 3), st.sampled_from(["first", "second"]))


@settings(max_examples=15, deadline=None, database=None)
@given(sides, st.lists(accounts, min_size=OWN_ACCOUNTS, max_size=OWN_ACCOUNTS))
def test_ten_accounts_of_ones_own_bring_no_number_closer(
    sides: list[tuple[int, int]], accounts: list[tuple[int, str]]
) -> None:
    """They are on either side, and counted in any batch or in none: others may still differ by the floor."""
    own = [Counter(side for place, side in accounts if place == batch) for batch in range(len(sides))]
    of_side = Counter(side for _batch, side in accounts)
    closings = closings_with_least_room(sides, less=(of_side["first"], of_side["second"]))
    batches = Batches(closings, 10, own=own)
    ends = [batches.program.ends(group) for group in batches.groups().values()]
    assert all(found and found[1] - found[0] >= 10 for found in ends)


@pytest.mark.parametrize("number", [1, 3, 6, 9])
def test_with_the_least_that_may_pick_every_count_may_differ_by_ten(number: int) -> None:
    counts = [(word, 10) for word in range(number)]
    least = next(
        people for people in range(200) if shown_words(counts, pickers=20, may_pick=people) is not None
    )
    program, columns = words_program(40, list(range(number)), least)
    for word in (0, 39):
        ends = program.ends({columns[word]: 1})
        assert ends
        assert ends[1] - ends[0] >= 10


@pytest.mark.parametrize("own", [3, 10])
@pytest.mark.parametrize("number", [1, 6, 7])
def test_what_accounts_that_may_pick_and_do_not_bring_closer(number: int, own: int) -> None:
    """As docs/insights.md has it: each takes one from how far apart the numbers are that fit; ten take all."""
    program, columns = words_program(40, list(range(number)), max(30, 5 * number) - own)
    ends = program.ends({columns[0]: 1})
    assert ends
    assert ends[1] - ends[0] >= 10 - own
    assert (ends == (10, 10)) is (own == 10 and number < 7)


def test_twenty_accounts_of_ones_own_leave_nothing_of_campuses() -> None:
    """As docs/insights.md has it: the other readers on their side are ten, and all of them were counted."""
    batches = Batches(closings_with_least_room([(10, 10)], less=(20, 0)), 10)
    assert batches.program.ends(batches.groups()["batch 0 first"]) == (10, 10)


def test_words_below_either_number_do_not_show() -> None:
    counts = [("few", 9), ("enough", 10), ("many", 15), ("nearly all", 16)]
    assert shown_words(counts, pickers=25, may_pick=30) == ["enough", "many"]
    assert shown_words(counts, pickers=25, may_pick=29) is None
