"""No number below the floor is shown, and none follows from what is shown."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.transparency.disclosure import FLOOR, REST, at_least, groups_of, part_of

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40), max_size=8)


@given(COUNTS)
def test_groups_show_the_whole_and_nothing_below_the_floor(counts: dict[str, int]) -> None:
    groups = groups_of(counts)
    whole = sum(counts.values())
    assert sum(number for _name, number in groups) == (whole if whole >= FLOOR else 0)
    assert all(number >= FLOOR for _name, number in groups)
    assert all(counts[name] == number for name, number in groups if name != REST)


@given(COUNTS)
def test_what_is_few_stands_with_others(counts: dict[str, int]) -> None:
    groups = groups_of(counts)
    together = set(counts) - {name for name, _number in groups}
    assert not groups or len(together) != 1 or counts[together.pop()] >= FLOOR


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_part_shows_neither_itself_nor_its_rest_below_the_floor(part: int, rest: int) -> None:
    shown = part_of(part + rest, part)
    assert shown == (part if part >= FLOOR and rest >= FLOOR else None)


def test_a_number_is_shown_from_the_floor_on() -> None:
    assert (at_least(FLOOR - 1), at_least(FLOOR)) == (None, FLOOR)
