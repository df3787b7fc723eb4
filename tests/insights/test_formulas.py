"""The formulas of the Mirror: examples, properties, and how often chance is mistaken for a finding."""

from collections.abc import Iterator
from math import inf, isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights import formulas
from insights.formulas import Part, Whole, answered_apart, finding, lift, missing, rate, wilson
from insights.reports import FindingKind, Missing, Rate

CREATORS = 2000


def test_the_fixture_of_the_lift() -> None:
    assert lift(30, 200, 0.1) == pytest.approx(1.40)
    assert lift(0, 200, 0.0) is None


def test_wilson_s_interval_as_it_is_printed() -> None:
    """Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3."""
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(15, 148)] == [0.0624, 0.1605]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]
    assert [round(end, 4) for end in wilson(1, 29)] == [0.0061, 0.1718]
    assert wilson(0, 0) == (0.0, 1.0)
    assert {wilson(0, whole)[0] for whole in range(1, 500)} == {0.0}
    assert {wilson(whole, whole)[1] for whole in range(1, 500)} == {1.0}
    assert rate(0, 0) is None


def test_why_a_lift_is_not_shown() -> None:
    enough = {"notes": 3, "readers": 50, "readings": 50.0, "average": 0.1}
    assert missing(**enough) is None
    assert missing(**enough | {"notes": 2}) is Missing.NOTES
    assert missing(**enough | {"readers": 49}) is Missing.READERS
    assert missing(**enough | {"average": None}) is Missing.READERS
    assert missing(**enough | {"readings": 49.9}) is Missing.ANSWERS
    assert missing(**enough | {"average": 0.0}) is Missing.NONE_ANSWERED


def test_groups_differ_where_their_intervals_part_and_each_has_five_notes() -> None:
    few, many, between = rate(10, 100), rate(40, 100), rate(15, 100)
    assert formulas.differs(few, many, 5, 5) is True
    assert formulas.differs(many, few, 5, 5) is True
    assert formulas.differs(few, between, 5, 5) is False
    assert formulas.differs(few, many, 5, 4) is None
    assert formulas.differs(None, many, 5, 5) is None


FOUND = {"declared": True, "posted": 0.05, "lifted": 1.3, "apart": 1}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, FindingKind.ANSWERED_MORE),
        ({"lifted": 1.25}, FindingKind.ANSWERED_MORE),
        ({"lifted": 1.2499}, None),
        ({"posted": 0.1}, None),
        ({"posted": None}, None),
        ({"apart": 0}, None),
        ({"lifted": 0.8, "apart": -1, "posted": 0.5}, FindingKind.LITTLE_ANSWER),
        ({"lifted": 0.8, "apart": -1, "posted": None}, FindingKind.LITTLE_ANSWER),
        ({"lifted": 0.81, "apart": -1}, None),
        ({"lifted": 0.5, "apart": 0}, None),
        ({"lifted": 0.5, "apart": -1, "declared": False}, None),
        ({"declared": False, "posted": 0.2, "lifted": None}, FindingKind.NOT_SAID),
        ({"declared": False, "posted": 0.1999, "lifted": None}, None),
        ({"declared": True, "posted": 0.9, "lifted": None}, None),
    ],
)
def test_what_is_worth_a_word(fields: dict[str, object], found: FindingKind | None) -> None:
    assert finding(**FOUND | fields) is found


numbers, thousandths = st.integers(0, 10**6), st.integers(1, 1000)


@given(numbers, numbers, thousandths)
def test_a_lift_is_drawn_towards_1(engaged: int, more: int, thousandth: int) -> None:
    readings, average = engaged + more, thousandth / 1000
    found = lift(engaged, readings, average)
    assert found is not None
    assert 0 < found <= 1 / average * (1 + 1e-9)
    plain = engaged / readings / average if readings else 1.0
    assert min(plain, 1) - 1e-9 <= found <= max(plain, 1) + 1e-9


@given(thousandths, thousandths)
def test_a_lift_goes_to_1_as_data_vanish(thousandth: int, share_in_thousandths: int) -> None:
    average, share, away = thousandth / 1000, share_in_thousandths / 1000, inf
    for readings in (10_000, 1_000, 100, 10, 1, 0.1, 0):
        found = lift(share * readings, readings, average)
        assert found is not None
        assert abs(found - 1) <= away + 1e-9
        away = abs(found - 1)
    assert isclose(away, 0, abs_tol=1e-9)


@given(numbers, numbers)
def test_an_interval_holds_its_rate_and_lies_in_0_to_1(part: int, more: int) -> None:
    found = rate(part, part + more)
    if found is None:
        assert part + more == 0
        return
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


# A note as it is drawn: its topics, V and E, and what it weighs among what is posted.
type Drawn = tuple[frozenset[int], int, int, float]


def a_creator(random: Random, *, spread: float | None) -> tuple[list[Drawn], set[int]]:
    """Notes whose readers answer alike whatever the topics are, and what is declared.

    With a spread, each note's rate is drawn for itself, from a beta distribution that so many readers have begun.
    """
    topics, average = random.randint(2, 10), random.choice([0.02, 0.05, 0.1, 0.2, 0.4])
    popularity = [random.expovariate(1) + 0.05 for _ in range(topics)]
    readers = random.choice([2, 3, 4, 5])
    notes = []
    for _ in range(random.randint(5, 60)):
        own = frozenset(random.choices(range(topics), popularity, k=random.choice([0, 1, 1, 2, 3])))
        number = int(random.lognormvariate(readers, 1))
        share = random.betavariate(average * spread, (1 - average) * spread) if spread else average
        weight = 2 ** (-random.randint(0, 27) / 14)
        notes.append((own, number, random.binomialvariate(number, share), weight))
    return notes, set(random.sample(range(topics), random.randint(1, min(topics, 5))))


def findings(notes: list[Drawn], declared: set[int]) -> Iterator[FindingKind]:
    """What is said of these, of answers alone, by the formulas that the pages use."""
    read = [(own, v, e) for own, v, e, _w in notes if v]
    whole = Whole(
        len(read),
        sum(v for _own, v, _e in read),
        sum(e for _own, _v, e in read),
        sum(v * v for _own, v, _e in read),
        sum(v * e for _own, v, e in read),
        sum(e * e for _own, _v, e in read),
    )
    parts = {}
    for topic in {topic for own, _v, _e in read for topic in own}:
        own = [(1 / len(topics), v, e) for topics, v, e in read if topic in topics]
        part = Part(
            sum(v for _x, v, _e in own),
            sum(e for _x, _v, e in own),
            sum(v * v for _x, v, _e in own),
            sum(x * v for x, v, _e in own),
            sum(x * e for x, _v, e in own),
            sum(x * x * v for x, v, _e in own),
            sum((x * v) ** 2 for x, v, _e in own),
        )
        if not missing(
            notes=len(own), readers=int(part.readings), readings=part.x_readings, average=whole.average
        ):
            parts[topic] = part
    weight = sum(w for *_note, w in notes)
    for topic, part in parts.items():
        lifted = lift(part.x_engaged, part.x_readings, whole.average or 0)
        posted = sum(w / len(own) for own, _v, _e, w in notes if topic in own) / weight
        apart = answered_apart(whole, part, len(parts))
        found = finding(declared=topic in declared, posted=posted, lifted=lifted, apart=apart)
        if found in {FindingKind.ANSWERED_MORE, FindingKind.LITTLE_ANSWER}:
            yield found


@pytest.mark.parametrize("spread", [None, 20.0], ids=["notes alike", "notes that differ"])
def test_chance_is_taken_for_a_finding_of_one_creator_in_twenty_at_most(spread: float | None) -> None:
    random = Random(14)
    alarms = sum(any(findings(*a_creator(random, spread=spread))) for _ in range(CREATORS))
    assert alarms <= CREATORS * 0.05, alarms


def test_what_is_there_is_found() -> None:
    """Forty notes at 10%, and six about tea at 25%, of a hundred readers each: of 50 creators nearly all are told."""
    random, told = Random(14), 0
    for _ in range(50):
        notes: list[Drawn] = [
            (frozenset({place % 4}), 100, random.binomialvariate(100, 0.1), 1.0) for place in range(80)
        ]
        notes += [(frozenset({9}), 100, random.binomialvariate(100, 0.25), 1.0) for _ in range(6)]
        told += FindingKind.ANSWERED_MORE in set(findings(notes, set()))
    assert told >= 45


def test_notes_that_are_all_about_it_are_compared_with_nothing() -> None:
    whole = Whole(5, 500, 50, 50_000, 5_000, 500)
    assert answered_apart(whole, Part(500, 50, 50_000, 500, 50, 500, 50_000), 1) == 0


def test_readers_of_a_note_are_alike_where_notes_differ() -> None:
    alike = [(100, 10)] * 10
    apart = [(100, 0)] * 5 + [(100, 20)] * 5
    found = []
    for notes in (alike, apart, [(100, 0)] * 5 + [(100, 100)] * 5, [(1, 1), (1, 0)], [(9, 3)]):
        sums = [sum(row) for row in zip(*((v, e, v * v, v * e, e * e) for v, e in notes), strict=True)]
        found.append(Whole(len(notes), *sums).likeness)
    assert found[0] == 0
    assert 0.1 < found[1] < 0.15
    assert found[2:] == [1, 0, 0]


def test_a_rate_is_a_plain_value() -> None:
    assert rate(1, 4) == Rate(1, 4, 0.25, *wilson(1, 4))
