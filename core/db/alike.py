"""Numbers of 64 bits that differ in a few bits at most, found by indexes.

The bits are four bands of 16. Of two numbers that differ in at most seven bits, one band differs in at most one: the
indexes on the bands are asked for the 17 values of each that differ so, and the few numbers found are compared whole.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value

BANDS, BITS = 4, 16
MASK = 2**BITS - 1
NEAR = 6  # bits


def indexes_of(field: str, name: str) -> list[models.Index]:
    """Return the indexes, of the names `<name>_0` to `<name>_3`, that `is_near` needs."""
    return [models.Index(Band(field, number), name=f"{name}_{number}") for number in range(BANDS)]


def is_near(field: str, numbers: Iterable[int]) -> Q:
    """Match rows whose number may be near one of these: each that is, and others. `distance` says which are."""
    found = Q()
    known = list(numbers)
    for number in range(BANDS):
        bands = {(value >> (number * BITS)) & MASK for value in known}
        asked = sorted({band ^ flip for band in bands for flip in (0, *(1 << bit for bit in range(BITS)))})
        found |= Q(_In(Band(field, number), Value(asked)))
    return found


def distance(field: str, number: int) -> Func:
    """Return in how many bits the column differs from the number."""
    return Func(
        F(field),
        Value(number),
        template="bit_count((%(expressions)s)::bit(64))",
        arg_joiner=" # ",
        output_field=models.IntegerField(),
    )


def apart(one: int, other: int) -> int:
    return ((one ^ other) & (2**64 - 1)).bit_count()


class Band(Func):
    """One band of a column, without parameters, so that its index is found."""

    output_field = models.BigIntegerField()

    def __init__(self, field: Any, number: int = 0, **options: Any) -> None:
        shifted = f"(%(expressions)s >> {number * BITS})" if number else "%(expressions)s"
        super().__init__(
            F(field) if isinstance(field, str) else field, **{"template": f"({shifted} & {MASK})"} | options
        )


class _In(Func):
    """Whether the band is one of these."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, *asked: Any, **options: Any) -> None:
        shown = {"template": "%(expressions)s::bigint[])", "arg_joiner": " = ANY ("}
        super().__init__(*asked, **shown | options)
