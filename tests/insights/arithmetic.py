"""Plain functions for an independent recomputation of the Mirror, as docs/insights.md defines them."""

import re
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Any

Z = NormalDist().inv_cdf(0.975)
ASKING = ["吗", "哪里", "哪儿", "哪个", "怎么", "多少", "几点", "几号", "什么时候", "为什么"]
ASKING += ["是什么", "有没有", "能不能", "请问", "求问"]


def interval(part: float, whole: float, z: float = Z) -> tuple[float, float]:
    """Wilson's."""
    share = part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def rate(part: float | Fraction, whole: float | Fraction) -> dict[str, float] | None:
    if not whole:
        return None
    low, high = interval(float(part), float(whole))
    return {
        "part": float(part),
        "whole": float(whole),
        "value": float(part / whole),
        "low": low,
        "high": high,
    }


def have_nothing_in_common(one: dict[str, float], other: dict[str, float]) -> bool:
    return one["low"] > other["high"] or one["high"] < other["low"]


def asks(words: str) -> bool:
    tail = re.sub(r"""["'”’」』)）\]\s]+$""", "", words)
    if tail.endswith(("?", "？")) or any(word in words for word in ASKING):
        return True
    return re.sub(r"[\s.。!！~～]+$", "", words).endswith("呢")


def fold(cells: dict[Any, int]) -> dict[Any, int | None]:
    """Cells under 10 are added up as other, which is withheld where it is under 10 itself."""
    shown: dict[Any, int | None] = {key: number for key, number in cells.items() if number >= 10}
    rest = sum(number for number in cells.values() if 0 < number < 10)
    if rest:
        shown["other"] = rest if rest >= 10 else None
    return shown
