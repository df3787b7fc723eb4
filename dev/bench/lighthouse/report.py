"""The table of Lighthouse in docs/performance.md."""

from dev.bench.lighthouse.measure import HEIGHT, RATIO, TRIES, VERSION, WIDTH, Page
from dev.bench.machine import machine
from dev.bench.sections import in_place
from dev.run import PROJECT

WHERE = PROJECT / "docs" / "performance.md"
HEADING = "## The first look"
PERFORMANCE, LARGEST = 95, 2000  # at least; milliseconds at most


def table(pages: list[Page]) -> str:
    head = [
        "| page | performance | largest picture, s | first, s | blocked, ms | shift | accessibility | best practices "
        "| SEO | first visit: requests | kB | second visit: requests | kB |",
        f"| --- |{' ---: |' * 12}",
    ]
    return "\n".join([*head, *map(_line, pages)])


def _line(page: Page) -> str:
    visit = page.first
    performance, *scores = visit.scores.values()
    return (
        f"| {page.name} | {performance} | {visit.largest / 1000:.2f} | {visit.first / 1000:.2f} | {visit.blocked:.0f} "
        f"| {visit.shift:.3f} | {' | '.join(map(str, scores))} | {visit.requests} | {visit.weight / 1000:.0f} "
        f"| {page.second.requests} | {page.second.weight / 1000:.0f} |"
    )


def missed(page: Page) -> list[str]:
    """Return a line for each threshold that the page misses."""
    visit = page.first
    performance, *scores = visit.scores.values()
    lines = []
    if performance < PERFORMANCE:
        lines.append(f"{page.name}: performance {performance}, less than {PERFORMANCE}")
    if visit.largest > LARGEST:
        lines.append(f"{page.name}: its largest picture after {visit.largest:.0f} ms, more than {LARGEST}")
    if min(scores) < 100:
        lines.append(f"{page.name}: {', '.join(visit.failed)}")
    return lines


def write(pages: list[Page]) -> None:
    """Replace the table."""
    numbers = {"width": WIDTH, "height": HEIGHT, "ratio": RATIO, "tries": TRIES, "version": VERSION}
    power = min(page.first.power for page in pages)
    text = TEXT.format(table=table(pages), machine=machine(), power=power, **numbers)
    WHERE.write_text(in_place(WHERE.read_text(), HEADING, f"{HEADING}\n\n{text}\n"))


TEXT = """\
`make lighthouse` writes this part. It loads the demo community into a database of its own (in `.data/lighthouse`),
starts the web server of `make run`, and has Lighthouse {version} visit Explore and the note with the most photos,
signed out, with the screen of a phone ({width} × {height} CSS pixels, device pixel ratio {ratio}), a simulated quarter
of this machine's speed and simulated slow 4G (1.6 Mbit/s, 150 ms round trip). It needs node, npm and Chromium. The
table shows the best of {tries} visits. The command fails if performance is below 95, the largest paint later
than 2 s, or another score below 100.

{table}

**Largest picture** and **first** are the largest and first contentful paint, **blocked** the total blocking time,
**shift** the cumulative layout shift. **kB** counts bytes over the network, headers included. The second visit is by
the same browser, which has cached styles, scripts, icons and photos.

Measured {machine}. Lighthouse rated this machine {power:,.0f}. Its
phone has a quarter of that speed, so that scores depend on the machine: on 27 November 2026 these two pages scored 91
and 92, with 368 and 335 ms blocked, on one rated 1,166.
"""
