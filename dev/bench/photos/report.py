"""The tables, what they must hold, and docs/photos.md around them."""

import io
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

import imaging
from dev.bench.machine import processor
from dev.bench.photos import album, measure
from dev.run import PROJECT
from imaging import renditions

WHERE = PROJECT / "docs" / "photos.md"
MOST, AIM, DRIFT = 1.5, 1.3, 1.1  # times the CPU of pyvips; of the ratio that stands in the page
MEMORY_12_MP, MEMORY_AT_LIMITS, AVIF_640 = 150, 500, 45_000

Results = Mapping[str, Mapping[str, measure.Spending]]


def ratio(spent: Mapping[str, measure.Spending], other: str) -> float:
    """Return CPU of ours to that of another subject."""
    return spent["Red Book"].usual[0] / spent[other].usual[0]


def table(results: Results) -> str:
    lines = [
        "| photo | subject | CPU, ms | wall, ms | peak memory, MB | CPU to pyvips | CPU to plain Pillow |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for photo, spent in results.items():
        for subject, each in spent.items():
            cpu, wall, memory = each.usual
            ratios = "| |"
            if subject == "Red Book":
                ratios = f"| {ratio(spent, 'pyvips'):.2f} | {ratio(spent, 'plain Pillow'):.2f} |"
            lines.append(f"| {photo} | {subject} | {cpu:.0f} | {wall:.0f} | {memory:.0f} {ratios}")
    return "\n".join(lines)


def limits_table(results: Results) -> str:
    lines = ["| photo | CPU, ms | peak memory, MB |", "| --- | ---: | ---: |"]
    for photo, spent in results.items():
        cpu, _wall, memory = spent["Red Book"].usual
        lines.append(f"| {photo} | {cpu:.0f} | {memory:.0f} |")
    return "\n".join(lines)


def weights(photographs: Mapping[str, bytes]) -> dict[str, float]:
    """Return median bytes of each rendition over these photographs, where it is as wide as its role."""
    found: dict[str, list[int]] = {}
    for content in photographs.values():
        for each in imaging.render(io.BytesIO(content)).renditions:
            if each.role in (str(each.width), f"cover{each.width}"):
                found.setdefault(f"{each.role}.{each.extension}", []).append(len(each.content))
    return {name: median(sizes) for name, sizes in found.items()}


def problems(cameras: Results, limits: Results, weights: Mapping[str, float]) -> list[str]:
    """Return what does not hold, in words."""
    now, said = ratio(cameras[album.GUARDED], "pyvips"), committed()
    found = []
    if now > MOST:
        found.append(f"{album.GUARDED}: {now:.2f} times the CPU of pyvips, more than {MOST}.")
    if said and now > DRIFT * said:
        found.append(f"{album.GUARDED}: {now:.2f} times the CPU of pyvips, where docs/photos.md says {said}.")
    twelve = {name: cameras[name] for name in cameras if name.startswith("12 MP")}
    for results, most in ((twelve, MEMORY_12_MP), (limits, MEMORY_AT_LIMITS)):
        held = {name: spent["Red Book"].usual[2] for name, spent in results.items()}
        over = (f"{name}: {memory:.0f} MB of memory" for name, memory in held.items() if memory > most)
        found += (f"{each}, more than {most}." for each in over)
    if weights["640.avif"] > AVIF_640:
        found.append(
            f"The median AVIF at 640 wide has {weights['640.avif']:.0f} bytes, more than {AVIF_640}."
        )
    return found


def committed() -> float | None:
    """Return the ratio to pyvips that docs/photos.md states of the guarded photo."""
    page = WHERE.read_text() if WHERE.exists() else ""
    row = re.search(
        rf"^\| {re.escape(album.GUARDED)} \| Red Book \|(?:[^|]*\|){{3}} ([\d.]+) \|", page, re.MULTILINE
    )
    return float(row[1]) if row else None


def write(cameras: Results, limits: Results, weights: Mapping[str, float]) -> None:
    roles = [*map(str, imaging.WIDTHS), *(f"cover{width}" for width in imaging.COVERS)]
    heavy = "\n".join(
        f"| {role} | {weights[f'{role}.avif'] / 1000:.1f} | {weights[f'{role}.jpg'] / 1000:.1f} |"
        for role in roles
    )
    WHERE.write_text(
        TEXT.format(
            table=table(cameras),
            limits=limits_table(limits),
            weights=heavy,
            rounds=measure.ROUNDS,
            machine=_machine(),
            avif=renditions.AVIF,
            jpeg=renditions.JPEG,
        )
    )


def _machine() -> str:
    software = ", ".join(f"{name} {version(name)}" for name in ("Pillow", "pillow-heif", "pyvips-binary"))
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {processor()}, {psutil.cpu_count()} cores; "
        f"{platform.system()} {platform.release()}; Python {platform.python_version()}, {software}"
    )


TEXT = Path(__file__).with_name("page.md").read_text()
