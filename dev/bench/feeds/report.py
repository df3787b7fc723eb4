"""The table of feeds in docs/performance.md."""

import json
from itertools import chain

from dev.bench.feeds.measure import RUNS, Cost
from dev.bench.machine import machine
from dev.bench.sections import in_place
from dev.embedded import DATA_DIR
from dev.run import PROJECT

FILE = "feeds.json"
WHERE = PROJECT / "docs" / "performance.md"
AT_MOST = 1.3
HEADING = "## Feeds, however many notes there are"


def write(sizes: list[int]) -> int:
    """Replace the table; 1 where a feed grows by more than it may."""
    found = [json.loads((DATA_DIR / f"bench-{size}" / FILE).read_text()) for size in sizes]
    rows = {name: [[Cost(*cost) for cost in costs[name]] for costs in found] for name in found[0]}
    table = "\n".join([*_head(sizes), *chain.from_iterable(_lines(*row) for row in rows.items())])
    print(table)
    missed = [name for name, costs in rows.items() if any(ratio > AT_MOST for ratio in _growth(costs))]
    facts = {"plain": " ".join(map(str, sizes)), "table": table, "runs": RUNS, "at_most": AT_MOST}
    text = TEXT.format(missed=f" Over it: {'; '.join(missed)}." if missed else "", machine=machine(), **facts)
    WHERE.write_text(in_place(WHERE.read_text(), HEADING, f"{HEADING}\n\n{text}\n"))
    for name in missed:
        print(f"{name}: more than {AT_MOST} times the buffers")
    return 1 if missed else 0


def _head(sizes: list[int]) -> list[str]:
    names = [f"{size:,}: ms | buffers" for size in sizes]
    return [
        f"| feed | page | {' | '.join(names)} | largest to smallest: ms | buffers |",
        f"| --- | ---: |{' ---: |' * (2 * len(sizes) + 2)}",
    ]


def _lines(name: str, costs: list[list[Cost]]) -> list[str]:
    """Return a line for the first page and one for the deep one."""
    lines = []
    for same in zip(*costs, strict=True):
        pages = "–".join(str(page) for page in sorted({cost.page for cost in same}))
        cells = [f"{cost.milliseconds:.2f} | {cost.buffers:,}" for cost in same]
        times, buffers = [cost.milliseconds for cost in same], [cost.buffers for cost in same]
        ratios = f"{times[-1] / times[0]:.2f} | {buffers[-1] / buffers[0]:.2f}"
        lines.append(f"| {name} | {pages} | {' | '.join(cells)} | {ratios} |")
    return lines


def _growth(costs: list[list[Cost]]) -> list[float]:
    """Return the ratio of buffers at the largest size to the smallest, for each page that every size has."""
    pages = (same for same in zip(*costs, strict=True) if len({cost.page for cost in same}) == 1)
    return [same[-1].buffers / same[0].buffers for same in pages]


TEXT = """\
`make bench-feeds SIZES="{plain}"` writes this part. For each size it loads a community of 20,000 people, a fifth of
them writers, into a database of its own (in `.data/bench-<size>`), and a reader who follows 2,000 of them: 400 of these
post often and the others never. The feeds are requested by that reader. For each it measures the first page and the
20th, or the last full one where the notes do not fill 20.

{table}

Milliseconds and buffers (of 8 kB) are PostgreSQL's own, by `EXPLAIN (ANALYZE, BUFFERS)` of all queries that the page
makes, warm; the time is that of the fastest of {runs} runs. At the largest size no feed should read more than
{at_most} times the buffers of the smallest for the same page.{missed}

What remains of growth is the height of the indexes, which gain a level at about a hundred times the rows; that a page
of explore at 10,000 lies among the last few hundred notes, which share index pages, and at 1,000,000 among the last
ten thousand; and in time what a processor's caches miss in larger tables. Pages differ by chance too, by how many of
their cards have a photo. The head of a profile sums up what its own author has posted.

Measured {machine}
"""
