"""Measures, prints, writes docs/photos.md, and fails where the pipeline takes more than its share."""

import os
import sys
from pathlib import Path

from dev.bench.photos import album, measure, report


def main() -> int:
    folder = Path(os.environ["PHOTOS"]) if os.environ.get("PHOTOS") else None
    own = album.own_files(folder)
    cameras = measure.all_of({**album.camera_files(), **own})
    limits = measure.all_of(
        {name: make() for name, make in album.limit_files().items()}, subjects=["Red Book"], rounds=1
    )
    weights = report.weights({**album.samples(), **own})
    print(report.table(cameras))
    print(report.limits_table(limits))
    problems = report.problems(cameras, limits, weights)
    for problem in problems:
        print(problem)
    if not problems:
        report.write(cameras, limits, weights)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
