"""Calls within a request lie in one chunk of frames, at whatever depth they are made."""

import resource
from collections.abc import Callable

from core.stack import in_one_chunk

DEPTHS, CALLS = 200, 200


def leaf() -> None:
    a = b = c = d = None
    assert (a, b, c, d) == (None,) * 4


def faults_at_the_worst_depth() -> int:
    """Return the page faults of CALLS calls at the depth that causes the most."""
    return max(at_depth(depth, faults_of_calls) for depth in range(DEPTHS))


def at_depth(depth: int, measure: Callable[[], int]) -> int:
    return at_depth(depth - 1, measure) if depth else measure()


def faults_of_calls() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_no_depth_of_a_request_maps_memory_for_each_call() -> None:
    found: list[int] = []
    in_one_chunk(lambda environ, start: found.append(faults_at_the_worst_depth()) or [])({}, print)
    assert found[0] < CALLS / 2
