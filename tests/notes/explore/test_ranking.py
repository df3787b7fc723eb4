"""The formula of Explore and the rules of its order, on plain values."""

from collections import Counter
from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st

from notes.explore import ranking
from notes.explore.affinities import LABEL, LIKE
from notes.explore.ranking import Candidate, Ranked, Read, Taste

TEA, FILM, RAIN = 1, 2, 3
quick = settings(max_examples=60, deadline=None)


def candidate(**fields: object) -> Candidate:
    plain = {"note": 1, "author": 1, "campus": None, "topics": (), "quality": 0.0, "among": 0}
    return Candidate(**plain | {"freshness": 0.0, "readers": 1000} | fields)


def test_the_weights_are_those_of_the_formula_and_add_up_to_one() -> None:
    taste = Taste({TEA: 1.0}, {7}, None)
    best = candidate(topics=(TEA,), quality=1.0, freshness=1.0, readers=0, author=7)
    assert ranking.parts(best, taste) == (0.35, 0.25, 0.20, 0.10, 0.10, 0)
    assert isclose(ranking.score(best, taste), 1)
    assert ranking.score(candidate(), taste) == 0
    assert ranking.parts(best, ranking.NO_TASTE) == (0, 0.25, 0.20, 0.10, 0, 0)


def test_each_part_by_its_own_measure() -> None:
    assert [ranking.freshness(hours) for hours in (-1, 0, 48, 96)] == [1, 1, 0.5, 0.25]
    looks = [
        ranking.parts(candidate(readers=number), ranking.NO_TASTE).first_look for number in (0, 63, 100, 101)
    ]
    assert [round(look, 3) for look in looks] == [0.1, 0.037, 0, 0]
    campus = [
        ranking.parts(candidate(campus=one), Taste({}, (), two)).relation for one, two in ((5, 5), (5, 6))
    ]
    assert campus == [0.1, 0]
    assert ranking.parts(candidate(campus=None), Taste({}, (), None)).relation == 0, (
        "No campus matches no campus."
    )


def test_affinity_is_a_cosine() -> None:
    taste = ranking.taste({TEA: 3 * LIKE, FILM: 4 * LIKE}, (), None)
    assert ranking.affinity([TEA], taste) == 0.6
    assert ranking.affinity([RAIN], taste) == ranking.affinity([], taste) == 0
    assert ranking.affinity([TEA, FILM], taste) == round(1.4 / 2**0.5, 6)
    assert ranking.affinity([TEA, *range(10, 19)], taste) < ranking.affinity([TEA], taste), (
        "Tags are no bait."
    )
    assert ranking.affinity([TEA], ranking.taste({TEA: LABEL}, (), None)) == 1


def test_quality_is_a_percentile_within_the_first_topic_or_over_all_below_fifty() -> None:
    alike = [Read(100, number, TEA) for number in range(50)]
    few = [Read(100, 90, FILM), Read(100, 0, 0)]
    found, unread = ranking.qualities(alike + few)
    assert [among for _, among in found] == [TEA] * 50 + [0, 0]
    assert [quality for quality, _ in found[:50]] == [(2 * place + 1) / 100 for place in range(50)]
    assert found[50][0] == round(51.5 / 52, 6), "the best of all 52"
    assert found[51][0] == round(1 / 52, 6), "tied with the first of the others"
    assert 0.4 < unread < 0.6


def test_few_readers_say_little() -> None:
    """The rate is (engaged + 20 p) / (readers + 20): one reader of one who answered is no sensation."""
    (lucky, _), (proven, _), *_rest = ranking.qualities(
        [Read(1, 1, 0), Read(200, 80, 0), *[Read(100, 10, 0)] * 40]
    )[0]
    assert lucky < proven
    assert ranking.qualities([]) == ([], 0.5)
    assert ranking.qualities([Read(0, 0, TEA)] * 3) == ([(0.5, 0)] * 3, 0.5)


reads = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 2)).map(
    lambda row: Read(row[0] + row[1], row[1], row[2])
)


@quick
@given(st.lists(reads, max_size=150))
def test_more_answers_of_as_many_readers_are_never_worth_less(notes: list[Read]) -> None:
    found, unread = ranking.qualities(notes)
    assert all(0 <= quality <= 1 for quality, _ in found)
    assert 0 <= unread <= 1
    for (one, among), read in zip(found, notes, strict=True):
        for (other, same), beside in zip(found, notes, strict=True):
            if among == same and read.readers == beside.readers and read.engaged > beside.engaged:
                assert one > other


def test_a_crowd_leans_by_more_than_chance_and_counts_once() -> None:
    assert [ranking.lean([(50, engaged)], 0.3) for engaged in (0, 11, 12, 18, 19, 50)] == [-1, -1, 0, 0, 1, 1]
    assert ranking.lean([(2, 1)], 0.3) == 0
    assert ranking.lean([(50, 50), (9, 0), (400, 400), (60, 60)], 0.3) == 2
    assert ranking.lean([(9, 1)], 0) == 1
    assert ranking.lean([(9, 0)], 0) == ranking.lean([(9, 9)], 1) == ranking.lean([], 0.3) == 0


@quick
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(-3, 3)), min_size=1, max_size=40), st.data())
def test_no_crowd_moves_a_note_by_more_than_two_places(
    rows: list[tuple[float, int]], data: st.DataObject
) -> None:
    """However the others lean: with a crowd and without, a note stands beside its place by score."""
    notes = [candidate(note=note, quality=quality, lean=lean) for note, (quality, lean) in enumerate(rows)]
    place = data.draw(st.integers(0, len(notes) - 1))
    other = [*notes]
    other[place] = notes[place]._replace(lean=data.draw(st.integers(-3, 3)))

    def order(of: list[Candidate]) -> list[int]:
        return [each.note for each in ranking.ranked(of, ranking.NO_TASTE)]

    before, after = order(notes), order(other)
    assert all(abs(before.index(note) - after.index(note)) <= 2 for note in before)
    by_score = order([each._replace(lean=0) for each in notes])
    assert all(abs(before.index(note) - by_score.index(note)) <= 1 for note in before)


ranked = st.lists(st.tuples(st.integers(1, 8), st.floats(0, 1), st.booleans()), max_size=90).map(
    lambda rows: sorted((Ranked(note, *row) for note, row in enumerate(rows)), key=lambda each: -each.score)
)


@quick
@given(ranked)
def test_the_order_spreads_authors_and_gives_every_tenth_place_to_a_new_note(
    best_first: list[Ranked],
) -> None:
    order = ranking.arranged(best_first)
    assert sorted(order) == sorted(best_first), "every note once"
    assert ranking.arranged(best_first) == order
    for place, each in enumerate(order):
        window = Counter(other.author for other in order[max(0, place - 19) : place])
        free = [other for other in order[place:] if window[other.author] < 2]
        assert window[each.author] < 2 or not free, "two of an author in twenty while others remain"
        new = [other for other in free if other.is_new]
        if place % 10 == 9 and new:
            assert each.is_new
        if place % 10 != 9 or not new:
            assert each.score == max(other.score for other in free or order[place:])


@quick
@given(ranked, st.lists(st.tuples(st.integers(1, 8), st.floats(0, 1)), max_size=4))
def test_what_arrived_joins_a_page_without_crowding_it(
    best_first: list[Ranked], news: list[tuple[int, float]]
) -> None:
    page = ranking.arranged(best_first)[:24]
    arrivals = [Ranked(1000 + place, author, score, True) for place, (author, score) in enumerate(news)]
    joined = ranking.joined(page, arrivals)
    assert [each for each in joined if each.note < 1000] == page
    assert set(joined) <= {*page, *arrivals}
    for place, each in enumerate(joined):
        if each in arrivals:
            around = [other.author for other in joined[max(0, place - 19) : place + 20]]
            windows = [around[start : start + 20] for start in range(max(1, len(around) - 19))]
            assert all(window.count(each.author) <= 2 for window in windows)


@quick
@given(st.lists(st.floats(0, 0.35), min_size=1, max_size=5))
def test_hundredths_add_up(values: list[float]) -> None:
    found = ranking.hundredths(values)
    assert sum(found) == round(sum(values) * 100)
    assert all(abs(each - value * 100) < 1 for each, value in zip(found, values, strict=True))
