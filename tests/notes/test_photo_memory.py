"""How much memory a photo may take, in a process of its own as with a worker: at each limit, and of a phone's size."""

import pytest

from redbook.bench.photos import album, measure, report

OURS = "Red Book"
# The largest HEIF in `make test`; in `make test-long` the others too.
QUICK = {"60 Mpx HEIF"}
NAMES = [
    pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name in album.limit_files()
]


def peak(content: bytes) -> float:
    """Megabytes, of the whole process."""
    return measure.all_of({"photo": content}, subjects=[OURS], rounds=1)["photo"][OURS].usual[2]


@pytest.mark.parametrize("name", NAMES)
def test_memory_at_each_limit(name: str) -> None:
    assert peak(album.limit_files()[name]()) < report.MEMORY_AT_LIMITS


@pytest.mark.parametrize("size", [(4032, 3024), (3024, 4032)])
def test_memory_of_twelve_megapixels(size: tuple[int, int]) -> None:
    assert peak(album.photograph(size)) < report.MEMORY_12_MP


def test_the_measure_sees_what_a_photo_takes() -> None:
    small = album.photograph((640, 480))
    assert peak(album.photograph((6000, 4001))) > peak(small) + 10
