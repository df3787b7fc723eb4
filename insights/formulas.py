"""The formulas of the Mirror (docs/insights.md), as pure functions of sums. Focus and Cover are in notes/focus.py.

V is how many people first read a note in a period, E how many of these ever answered it, x what part of a note with
several topics counts to one of them.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from math import sqrt
from statistics import NormalDist

from insights.reports import FindingKind, Missing, Rate

PRIOR = 50  # readers at the average rate that every lift begins with
NOTES_MIN, READERS_MIN, ANSWERS_MIN = 3, 50, 5
COMPARED_MIN = 5  # notes in each of two groups
HIGH, LOW = 1.25, 0.80  # lifts that are worth a word
SELDOM, OFTEN = 0.10, 0.20  # share of posts
DOUBT = 0.05
DIGITS = 12  # of sums and shares: what is beyond comes of the order in which binary fractions are added
_NORMAL = NormalDist()


@cache
def normal(doubt: float) -> float:
    """Return the number of standard errors outside of which lies this share of a normal distribution, both tails
    together.
    """
    return _NORMAL.inv_cdf(1 - doubt / 2)


def wilson(part: float, whole: float, doubt: float = DOUBT) -> tuple[float, float]:
    """Return the score interval of a proportion, by default at 95%; 0 to 1 if `whole` is 0.

    Wilson, E. B. (1927), Probable Inference, the Law of Succession, and Statistical Inference, JASA 22: 209–212.
    """
    if whole <= 0:
        return 0.0, 1.0
    z, share = normal(doubt), part / whole
    square = z * z / whole
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt((max(share * (1 - share), 0.0) + square / 4) / whole) / (1 + square)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return low if part > 0 else 0.0, high if part < whole else 1.0


def rate(part: float, whole: float) -> Rate | None:
    """Return part ÷ whole with its 95% interval, or None if `whole` is 0."""
    return Rate(part, whole, part / whole, *wilson(part, whole)) if whole > 0 else None


def part_ways(one: Rate, other: Rate) -> bool:
    """Return whether the intervals of two rates do not overlap."""
    return one.high < other.low or other.high < one.low


def differs(one: Rate | None, other: Rate | None, *notes: int) -> bool | None:
    """Return whether two groups of notes differ, or None if one has fewer than five notes or no readers."""
    if one is None or other is None or min(notes) < COMPARED_MIN:
        return None
    return part_ways(one, other)


def lift(engaged: float, readings: float, average: float) -> float | None:
    """Return the topic's rate by the average one, drawn towards 1 while readers are few; None at an average of 0.

    ((Σ x·E + 50·r0) ÷ (Σ x·V + 50)) ÷ r0: the mean of a beta distribution that 50 readers at r0 have begun (Efron and
    Morris 1975, Data Analysis Using Stein's Estimator, JASA 70: 311–319).
    """
    if average <= 0:
        return None
    return round((engaged + PRIOR * average) / (readings + PRIOR) / average, DIGITS)


def missing(*, notes: int, readers: int, readings: float, average: float | None) -> Missing | None:
    """Return why a topic's lift is not shown, or None: from 3 notes, 50 different readers and 5 expected answers."""
    if notes < NOTES_MIN:
        return Missing.NOTES
    if readers < READERS_MIN or average is None:
        return Missing.READERS
    if average <= 0:
        return Missing.NONE_ANSWERED
    return Missing.ANSWERS if round(average * readings, DIGITS) < ANSWERS_MIN else None


@dataclass(frozen=True)
class Whole:
    """Sums over all notes that were read in a period: how many, V, E, V², V·E and E²."""

    notes: int
    readings: float
    engaged: float
    vv: float
    ve: float
    ee: float

    @property
    def average(self) -> float | None:
        return self.engaged / self.readings if self.readings else None

    @cached_property
    def likeness(self) -> float:
        """Return how much alike the readers of one note are, ρ from 0 to 1: notes differ, whatever they are about.

        ρ = (S ÷ (r0·(1 − r0)) − ΣV) ÷ (ΣV² − ΣV), where S = Σ (E − r0·V)² · n ÷ (n − 1): the moment estimator of a
        beta-binomial distribution (Kleinman 1973, Proportions with Extraneous Variance, JASA 68: 46–54).
        """
        average = self.average
        if average is None or not 0 < average < 1 or self.notes < 2 or self.vv <= self.readings:
            return 0.0
        spread = self.ee - 2 * average * self.ve + average * average * self.vv
        spread *= self.notes / (self.notes - 1)
        found = (spread / (average * (1 - average)) - self.readings) / (self.vv - self.readings)
        return min(max(found, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Part:
    """Sums over the notes with a topic: V, E and V² whole; V and E by x, V and V² by x²."""

    readings: float
    engaged: float
    vv: float
    x_readings: float
    x_engaged: float
    xx_readings: float
    xx_vv: float


def answered_apart(whole: Whole, part: Part, topics: int) -> int:
    """Return 1 where a topic is answered more than the notes without it, −1 where less, 0 where it cannot be told.

    It can where the topic's 95% interval excludes the rate of the notes without it, and the difference of the two is
    beyond doubt: by Newcombe's interval of it (1998, Interval Estimation for the Difference between Independent
    Proportions, Statistics in Medicine 17: 873–890, method 10), with the doubt of 5% shared among the `topics` that are
    compared (Bonferroni), and each number of readers divided by the design effect that the likeness of a note's readers
    gives it (Kish 1965, Survey Sampling).
    """
    rest_readings, rest_engaged = whole.readings - part.readings, whole.engaged - part.engaged
    if rest_readings <= 0 or part.x_readings <= 0:
        return 0
    rest, own = rest_engaged / rest_readings, part.x_engaged / part.x_readings
    low, high = wilson(part.x_engaged, part.x_readings)
    if low <= rest <= high:
        return 0
    likeness, doubt = whole.likeness, DOUBT / max(topics, 1)
    within = (part.xx_readings + likeness * (part.xx_vv - part.xx_readings)) / part.x_readings
    without = 1 + likeness * ((whole.vv - part.vv) - rest_readings) / rest_readings
    low, high = _interval(part.x_engaged, part.x_readings, within, doubt)
    rest_low, rest_high = _interval(rest_engaged, rest_readings, without, doubt)
    if own > rest:
        return int(own - rest > sqrt((own - low) ** 2 + (rest_high - rest) ** 2))
    return -int(rest - own > sqrt((high - own) ** 2 + (rest - rest_low) ** 2))


def _interval(part: float, whole: float, effect: float, doubt: float) -> tuple[float, float]:
    effect = max(effect, 1.0)
    return wilson(part / effect, whole / effect, doubt)


def finding(*, declared: bool, posted: float | None, lifted: float | None, apart: int) -> FindingKind | None:
    """Return the first finding about a topic that holds, if any; `apart` is the result of answered_apart.

    Without `posted`, the share of posts, there is no finding about posting; without `lifted`, none about answers.
    """
    if lifted is not None and lifted >= HIGH and apart > 0 and posted is not None and posted < SELDOM:
        return FindingKind.ANSWERED_MORE
    if lifted is not None and lifted <= LOW and apart < 0 and declared:
        return FindingKind.LITTLE_ANSWER
    if not declared and posted is not None and posted >= OFTEN:
        return FindingKind.NOT_SAID
    return None
