"""One photo, once, in a process of its own: `python -m dev.bench.photos.once <subject> <photo> <sizes, as JSON>`.

Prints CPU (user and system) and wall milliseconds, the peak of resident memory in MB, and each output's size, as JSON.
"""

import io
import json
import os
import resource
import sys
import time
from pathlib import Path

os.environ["VIPS_CONCURRENCY"] = "1"

from PIL import Image

from dev.bench.photos.subjects import SUBJECTS  # reads how many threads libvips may use


def main(name: str, photo: str, sizes: str) -> None:
    subject, plan, data = SUBJECTS[name], json.loads(sizes), Path(photo).read_bytes()
    warm_up = io.BytesIO()
    Image.new("RGB", (128, 96), "teal").save(warm_up, "JPEG")
    subject(warm_up.getvalue(), {"320": (128, 96), "master": (128, 96)})
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    files = subject(data, plan)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    made = {name: Image.open(io.BytesIO(content)).size for name, content in files.items()}
    weights = {name: len(content) for name, content in files.items()}
    print(json.dumps([cpu * 1000, wall * 1000, _peak(), made, weights]))


def _peak() -> float:
    """Return the peak memory of this program alone, where the system tells: getrusage counts its parent too."""
    facts = Path("/proc/self/status")
    if facts.exists():
        return next(int(line.split()[1]) for line in facts.open() if line.startswith("VmHWM:")) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


main(*sys.argv[1:])
