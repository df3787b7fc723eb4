"""The table, and docs/performance.md around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.bench import baselines, measure
from dev.bench.feeds import report as feeds
from dev.bench.lighthouse import report as lighthouse
from dev.bench.machine import machine
from dev.bench.pages import BARE, Subject
from dev.bench.sections import keep
from dev.run import PROJECT

WHERE = PROJECT / "docs" / "performance.md"
TRICKS = "## What makes pages cheap"  # written by hand
QUEUE = "## The moderators' queue"  # written by dev.bench.queue


@dataclass(frozen=True)
class Row:
    subject: Subject
    milliseconds: float
    ratio: float  # to the CPU of the bare page
    sent: int  # bytes, compressed
    size: int  # bytes
    queries: int
    sql: float
    buffers: int

    @property
    def limit(self) -> str:
        return f"{self.subject.limit:g}" if self.subject.limit else ""

    @property
    def is_missed(self) -> bool:
        return self.subject.limit is not None and self.ratio > self.subject.limit


def rows(
    cpu: Mapping[Subject, tuple[float, int]], sql: Mapping[Subject, tuple[int, int, float, int]]
) -> list[Row]:
    bare = cpu[BARE][0]
    return [Row(subject, spent, spent / bare, sent, *sql[subject]) for subject, (spent, sent) in cpu.items()]


def table(rows: list[Row]) -> str:
    head = [
        "| page | CPU, ms | times the bare page | at most | size, kB | sent, kB | queries | SQL, ms | buffers |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines = [
        f"| {row.subject.name} | {row.milliseconds:.2f} | {row.ratio:.2f} | {row.limit} "
        f"| {row.size / 1000:.0f} | {row.sent / 1000:.1f} | {row.queries} | {row.sql:.1f} | {row.buffers:,} |"
        for row in rows
    ]
    return "\n".join(head + lines)


def counting(rows: list[Row]) -> str:
    """Return what each page costs that is measured with counting and without."""
    by_subject = {row.subject: row for row in rows}
    pairs = [(row, by_subject[row.subject.uncounted]) for row in rows if row.subject.uncounted in by_subject]
    return "; ".join(
        f"{row.subject.name}, {row.milliseconds:.2f} ms with and {without.milliseconds:.2f} without"
        f" ({row.ratio:.2f} and {without.ratio:.2f} times the bare page)"
        for row, without in pairs
    )


def compressing(rows: list[Row]) -> str:
    """Return what each page costs that is measured compressed and as it is."""
    by_subject = {row.subject: row for row in rows}
    pairs = [
        (row, by_subject[row.subject.codings[0]]) for row in rows if row.subject.codings[0] in by_subject
    ]
    return "; ".join(
        f"{row.subject.name}, {row.milliseconds:.2f} ms and {row.sent / 1000:.1f} kB, else"
        f" {plain.milliseconds:.2f} ms and {plain.sent / 1000:.1f} kB"
        for row, plain in pairs
    )


def write(rows: list[Row]) -> None:
    source = Path(baselines.__file__).read_text()
    missed = ", ".join(row.subject.name for row in rows if row.is_missed) or "none"
    said = {
        "table": table(rows),
        "missed": missed,
        "counting": counting(rows),
        "compressing": compressing(rows),
    }
    text = TEXT.format(**said, machine=machine(), source=source, **_numbers())
    WHERE.write_text(keep(text, WHERE.read_text(), [TRICKS, lighthouse.HEADING, feeds.HEADING, QUEUE]))


def _numbers() -> dict[str, int]:
    return {"rounds": measure.ROUNDS, "requests": measure.REQUESTS, "warm_up": measure.WARM_UP}


TEXT = """\
# What a page costs

`make bench` writes this page. It loads 10,000 notes with their photos, tags, comments, likes and follows into a
database of its own (in `.data/bench`), starts the web server of `make run` (granian, 2 workers, `LIMITS=off`) and
measures. It fails when a page takes more than its share.

{table}

Over their share: {missed}.

**CPU** is that of the server's workers, by `/proc`, for one request of {requests} over one connection, after
{warm_up} to warm up: the median of {rounds} rounds, each of which asks for every page, so that other load on the
machine affects them equally. **Times the bare page** is what to compare between machines. **SQL** and
**buffers** (of 8 kB) are PostgreSQL's own, by `EXPLAIN (ANALYZE, BUFFERS)` of the queries that the page makes, warm.

**Counted** for creators ([insights.md](insights.md)) is each page with cards, each opened note and each visited
profile, by one line in the memory of the process and by no query; a thread of the process writes the lines in bulk,
and its CPU is in the table. "Not counted" is the same page in the same rounds, requested as a browser's prefetch,
which is not counted: {counting}. The work of PostgreSQL to write it, a few statements every two and ten
seconds, is in no row.

**Sent** is the page as sent to a browser that accepts zstd, brotli and gzip: by zstd. Two pages have three more rows:
uncompressed, by gzip and by brotli ([deploy.md](deploy.md#compression)). {compressing}.

Measured {machine}.

To repeat it: `make bench`. To begin with a new database: `rm -r .data/bench`.

## The baselines

`dev/bench/baselines.py`, behind the same middleware, loaded by `make bench` alone:

```python
{source}```
"""
