"""Runs the subjects on the photos, one process a measurement, all of them in every round."""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import imaging
from dev.bench.photos.subjects import SUBJECTS
from dev.run import PROJECT

ROUNDS = 5


class SizesDiffer(Exception):
    """Raised when two subjects did not produce files of the same sizes."""


@dataclass
class Spending:
    """The milliseconds and megabytes of one subject for one photo in each round."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def usual(self) -> tuple[float, float, float]:
        return median(self.cpu), median(self.wall), max(self.memory)


def all_of(
    album: Mapping[str, bytes], subjects: Iterable[str] = SUBJECTS, rounds: int = ROUNDS
) -> dict[str, dict[str, Spending]]:
    """Return what each subject takes for each photo. Raise SizesDiffer."""
    spent = {photo: {subject: Spending() for subject in subjects} for photo in album}
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate(album.values()):
            (Path(folder) / str(number)).write_bytes(content)
        sizes = {photo: json.dumps(_sizes(content)) for photo, content in album.items()}
        for _ in range(rounds):
            for number, photo in enumerate(album):
                for subject in subjects:
                    _once(spent[photo][subject], subject, f"{folder}/{number}", sizes[photo])
    return spent


def _sizes(content: bytes) -> dict[str, tuple[int, int]]:
    rendered = imaging.render(io.BytesIO(content))
    return {each.role: (each.width, each.height) for each in (*rendered.renditions, rendered.master)}


def _once(spent: Spending, subject: str, path: str, sizes: str) -> None:
    command = [sys.executable, "-m", "dev.bench.photos.once", subject, path, sizes]
    result = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    cpu, wall, memory, made, spent.weights = json.loads(result.stdout)
    promised = json.loads(sizes)
    if any(promised[name.rpartition(".")[0]] != size for name, size in made.items()):
        raise SizesDiffer(f"{subject} made {made} where {promised} was asked for.")
    spent.cpu.append(cpu)
    spent.wall.append(wall)
    spent.memory.append(memory)
