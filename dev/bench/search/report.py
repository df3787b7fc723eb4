"""The figures of search in docs/search.md."""

import json

from dev.bench.feeds.measure import RUNS
from dev.bench.machine import machine
from dev.bench.search.measure import ROUNDS, SAVED, Cost
from dev.bench.sections import in_place
from dev.embedded import DATA_DIR
from dev.run import PROJECT

FILE = "search.json"
WHERE = PROJECT / "docs" / "search.md"
HEADING = "## What it costs, however many notes there are"
# For equal numbers of matches: times the smallest size's, or milliseconds; for a part of all notes: milliseconds.
GROWTH, LITTLE, MOST = 1.5, 2, 10


def write(sizes: list[int]) -> int:
    """Replace the tables; 1 where a question grows by more than it may, or takes too long."""
    found = [json.loads((DATA_DIR / f"bench-search-{size}" / FILE).read_text()) for size in sizes]
    names = list(found[0]["questions"])
    rows = {name: [Cost(*each["questions"][name][1:]) for each in found] for name in names}
    matches = {name: found[0]["questions"][name][0] for name in names}
    missed = [name for name in names if _is_missed(rows[name], is_equal=not matches[name].startswith("a "))]
    text = TEXT.format(
        plain=" ".join(map(str, sizes)),
        questions="\n".join([*_head(sizes), *(_line(name, matches[name], rows[name]) for name in names)]),
        room="\n".join(_room(sizes, [each["sizes"] for each in found])),
        saving="\n".join(_saving(sizes, [each["saving"] for each in found])),
        missed="; ".join(missed) or "none",
        saved=SAVED,
        runs=RUNS,
        rounds=ROUNDS,
        growth=GROWTH,
        little=LITTLE,
        most=MOST,
        machine=machine(),
    )
    WHERE.write_text(in_place(WHERE.read_text(), HEADING, f"{HEADING}\n\n{text}\n"))
    print(text)
    return 1 if missed else 0


def _is_missed(costs: list[Cost], *, is_equal: bool) -> bool:
    last, first = costs[-1].milliseconds, costs[0].milliseconds
    return last > max(GROWTH * first, LITTLE) if is_equal else last > MOST


def _head(sizes: list[int]) -> list[str]:
    columns = [f"{size:,}: ms | buffers" for size in sizes]
    return [
        f"| what is asked | notes that match | {' | '.join(columns)} | queries | largest to smallest |",
        f"| --- | ---: |{' ---: |' * (2 * len(sizes) + 2)}",
    ]


def _line(name: str, matches: str, costs: list[Cost]) -> str:
    cells = " | ".join(f"{cost.milliseconds:.2f} | {cost.buffers:,}" for cost in costs)
    growth = costs[-1].milliseconds / costs[0].milliseconds
    return f"| {name} | {matches} | {cells} | {costs[-1].queries} | {growth:.2f} |"


def _room(sizes: list[int], found: list[dict[str, int]]) -> list[str]:
    head = f"| MB | {' | '.join(f'{size:,}' for size in sizes)} |"
    lines = [f"| {what} | {' | '.join(f'{each[what] / 1e6:.1f}' for each in found)} |" for what in found[0]]
    return [head, f"| --- |{' ---: |' * len(sizes)}", *lines]


def _saving(sizes: list[int], found: list[dict[str, float]]) -> list[str]:
    head = f"| ms a note | {' | '.join(f'{size:,}' for size in sizes)} |"
    lines = [f"| {what} search | {' | '.join(f'{each[what]:.2f}' for each in found)} |" for what in found[0]]
    return [head, f"| --- |{' ---: |' * len(sizes)}", *lines]


TEXT = """\
`make bench-search SIZES="{plain}"` writes this part. For each size it loads a community of 20,000 people into a
database of its own (in `.data/bench-search-<size>`). Its stories have sentences, words of a vocabulary of 20,000 in
each language, and planted words, so that it is known how many notes match. The person who follows the most people asks.

{questions}

Milliseconds and buffers (of 8 kB) are PostgreSQL's own, by `EXPLAIN (ANALYZE, BUFFERS)` of all queries of a question,
warm; the time is that of the fastest of {runs} runs in {rounds} rounds. For equal numbers of matches the largest size
may take {growth} times as long as the smallest or {little} ms, for a part of all notes {most} ms. Over it: {missed}.

Room on disk:

{room}

Saving {saved} notes one by one, in one transaction that is undone, with the triggers of search and without them:

{saving}

Measured {machine}
"""
