"""Write static/css/waterfall.css. Run it after changing a caption's height or the bands of columns."""

import math

from django.conf import settings
from django.core.management.base import BaseCommand

# Caption and the gap below it, in rem: a title of two lines, of one.
TWO_LINES, ONE_LINE = 6.05, 4.68
TITLE_SIZE = 0.875
TITLE_INSET = 0.5
# Lines break at words: a line holds a little less than its width.
TITLE_FILL = 0.985
# From this many rem of container: columns, gap between them in rem. One column is for enlarged text alone.
BANDS = [
    (0.0, 1, 0.5),
    (18.0, 2, 0.5),
    (35.0, 3, 0.75),
    (52.0, 4, 1.0),
    (70.0, 5, 1.125),
    (90.0, 6, 1.25),
    (120.0, 7, 1.5),
]
NARROWEST, WIDEST, STEP = 9.0, 150.0, 0.25
TITLE_WIDEST = 48

HEAD = """/* Written by manage.py waterfall. A masonry without layout shift, script or inline style.
   The server snaps every cover to 24ths of its width (class r-<s>, 18 to 32) and measures the title once, in
   half-ems (class w-<n>). One grid row is 1/24 of a column, so a card spans s rows of photo and t of caption:
   t2 where the title needs two lines, t1 where it fits in one; clamp(0, w - cap, 1) decides which.
   "dense" is then "shortest column first", and stable: appending a page never moves a card already on screen.
   DOM order is rank order. Thresholds are in rem, so they hold when text is enlarged. */
@layer layout {
  .waterfall { container: waterfall / inline-size; padding-block-start: .375rem; }
  .waterfall__grid {
    --n: 1; --g: .5rem; --t2: 26; --t1: 20; --cap: 12;
    --u: calc((100cqi - (var(--n) - 1) * var(--g)) / var(--n) / 24);
    display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); grid-auto-rows: var(--u);
    grid-auto-flow: row dense; column-gap: var(--g); padding: 0; list-style: none;
  }
  .waterfall__grid > * {
    --two: clamp(0, var(--w, 99) - var(--cap), 1); min-inline-size: 0;
    grid-row-end: span calc(var(--s, 24) + var(--t1) + (var(--t2) - var(--t1)) * var(--two));
  }
  /* A text cover is its own title: the cover takes the line that a caption would. */
  .waterfall__grid > .is-text { --two: 0; }
  .waterfall__grid > .more { grid-column: 1 / -1; grid-row-end: span 14; }
  .waterfall__grid .card__title { -webkit-line-clamp: calc(1 + var(--two)); }
  @media (width < 48rem) {
    .waterfall--bleed { margin-inline: calc(var(--gutter) * -1 + .5rem); }
  }
"""


def stylesheet() -> str:
    snaps = " ".join(f".r-{snap} {{ --s: {snap}; }}" for snap in range(18, 33))
    widths = " ".join(f".w-{width} {{ --w: {width}; }}" for width in range(TITLE_WIDEST + 1))
    return "".join([HEAD, f"  {snaps}\n  {widths}\n", *_bands(), "}\n"])


def _bands() -> list[str]:
    rules: list[str] = []
    before: tuple[float, ...] = ()
    steps = round((WIDEST - NARROWEST) / STEP)
    for width in (NARROWEST + STEP * step for step in range(steps)):
        columns, gap = next((columns, gap) for start, columns, gap in reversed(BANDS) if start <= width)
        column = (width - (columns - 1) * gap) / columns
        row = column / 24
        two, one = (math.ceil(height / row - 1e-9) for height in (TWO_LINES, ONE_LINE))
        cap = min(TITLE_WIDEST, math.floor(2 * (column - TITLE_INSET) / TITLE_SIZE * TITLE_FILL))
        if (now := (columns, gap, two, one, cap)) != before:
            rules.append(
                f"  @container waterfall (inline-size >= {width:g}rem) {{ .waterfall__grid {{"
                f" --n: {columns}; --g: {gap:g}rem; --t2: {two}; --t1: {one}; --cap: {cap}; }} }}\n"
            )
            before = now
    return rules


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        (settings.BASE_DIR / "static" / "css" / "waterfall.css").write_text(stylesheet())
