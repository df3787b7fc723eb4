from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from notes.focus import HALF_LIFE, cover, focus, in_ten, posted, weight, without_note

# Five notes of one age: three of campus, one of library and food, one of travel.
FIVE = [(3, ["campus"])] * 3 + [(3, ["library", "food"]), (3, ["travel"])]
DECLARED = ["campus", "library", "exam"]

topics = st.lists(st.sampled_from("abcdefgh"), max_size=10, unique=True)
notes = st.lists(st.tuples(st.integers(0, 20_000), topics), min_size=5, max_size=30)
declared = st.lists(st.sampled_from("abcdefghxyz"), min_size=1, max_size=5, unique=True)


def test_the_fixture() -> None:
    assert posted(FIVE) == {"campus": 0.6, "library": 0.1, "food": 0.1, "travel": 0.2}
    assert isclose(focus(FIVE, DECLARED) or 0, 0.70)
    assert isclose(cover(FIVE, DECLARED) or 0, 2 / 3)
    assert without_note(FIVE, DECLARED) == ["exam"]


def test_below_five_notes_there_is_none() -> None:
    assert posted(FIVE[:4]) is None
    assert focus(FIVE[:4], DECLARED) is None
    assert cover(FIVE[:4], DECLARED) is None
    assert without_note(FIVE[:4], DECLARED) == ["exam"]


def test_without_declared_topics_there_is_nothing_to_compare() -> None:
    assert focus(FIVE, []) is None
    assert cover(FIVE, []) is None


def test_a_note_weighs_half_after_each_fortnight() -> None:
    assert [weight(age) for age in (0, HALF_LIFE, 2 * HALF_LIFE)] == [1, 0.5, 0.25]
    old_and_new = [(0, ["a"]), (14, ["b"]), (14, ["b"]), (28, ["c"]), (28, [])]
    assert posted(old_and_new) == {"a": 0.4, "b": 0.4, "c": 0.1}  # of 2.5
    assert focus(old_and_new, ["a", "c"]) == 0.5


def test_notes_without_topics_stay_below_the_line() -> None:
    assert focus([*FIVE[:3], (3, []), (3, [])], ["campus"]) == 0.6
    assert posted([(0, [])] * 5) == {}
    assert focus([(0, [])] * 5, ["campus"]) == 0
    assert cover([(0, [])] * 5, ["campus"]) == 0


def test_a_topic_declared_or_given_twice_counts_once() -> None:
    assert focus([(0, ["a", "a", "b"])] * 5, ["a", "a"]) == 0.5
    assert cover([(0, ["a"])] * 5, ["a", "a", "b"]) == 0.5


def test_tenths_are_rounded_half_up() -> None:
    assert [in_ten(share) for share in (0, 0.04, 0.05, 0.349, 0.35, 0.65, 0.7, 0.94, 0.95, 1)] == [
        *(0, 0, 1, 3, 4, 7, 7, 9, 10, 10)
    ]


@given(notes, declared, st.randoms(use_true_random=False))
def test_shares_lie_between_nothing_and_all_in_any_order(some, said, random) -> None:
    found, met = focus(some, said), cover(some, said)
    shares = posted(some)
    assert found is not None
    assert met is not None
    assert shares is not None
    assert 0 <= found <= 1
    assert 0 <= met <= 1
    assert isclose(found, sum(shares.get(topic, 0) for topic in said), abs_tol=1e-9)
    assert sum(shares.values()) <= 1 + 1e-9
    shuffled = [(age, random.sample(own, len(own))) for age, own in random.sample(some, len(some))]
    assert posted(shuffled) == shares
    assert focus(shuffled, random.sample(said, len(said))) == found
    assert cover(shuffled, random.sample(said, len(said))) == met


@given(notes, declared, st.integers(0, 4_000))
def test_nothing_changes_while_nothing_is_published(some, said, days) -> None:
    later = [(age + days, own) for age, own in some]
    assert focus(later, said) == focus(some, said)
    assert posted(later) == posted(some)
