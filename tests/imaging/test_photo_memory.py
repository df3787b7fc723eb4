"""Peak memory of a photo in a process of its own, at each limit and at a phone's size."""

import pytest

from dev.bench.photos import album, measure, report

OURS = "Red Book"


def peak(content: bytes) -> float:
    """Megabytes, of the whole process."""
    return measure.all_of({"photo": content}, subjects=[OURS], rounds=1)["photo"][OURS].usual[2]


@pytest.mark.long
@pytest.mark.parametrize("name", album.limit_files())
def test_memory_at_each_limit(name: str) -> None:
    assert peak(album.limit_files()[name]()) < report.MEMORY_AT_LIMITS


@pytest.mark.parametrize("size", [(4032, 3024), pytest.param((3024, 4032), marks=pytest.mark.long)])
def test_memory_of_twelve_megapixels(size: tuple[int, int]) -> None:
    assert peak(album.photograph(size)) < report.MEMORY_12_MP


def test_the_measure_sees_what_a_photo_takes() -> None:
    small = album.photograph((640, 480))
    assert peak(album.photograph((6000, 4001))) > peak(small) + 10
