"""SVG of the charts, rendered from their geometry. Colours are classes of static/css/charts.css."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from insights.line import Line, Ribbon

_RIBBON = "M-.75 0h8.5v13l-4.25-2.9-4.25 2.9z"
_STRETCHED = 'viewBox="0 0 1000 1000" preserveAspectRatio="none"'


def bar(width: str, kind: str) -> SafeString:
    """Return a bar of this width in % of its cell, of class "c-you" or "c-aud"; "c-none" for a withheld one."""
    return _safe(
        f'<svg class="len" width="{width}" aria-hidden="true">'
        f'<rect class="{kind}" width="100%" height="100%" rx="3"/></svg>'
    )


def tenths(number: int) -> SafeString:
    """Return a bar of ten segments, of which so many are filled."""
    parts = "".join(
        f'<rect class="{"c-aud" if place < number else "c-off"}" x="{place * 10}%" width="9.4%" height="100%" rx="2"/>'
        for place in range(10)
    )
    return _safe(f'<svg class="len tenths" width="100%" aria-hidden="true">{parts}</svg>')


def interval(low: str, width: str, value: str) -> SafeString:
    """Return a rate with its interval."""
    return _safe(
        '<svg class="interval" aria-hidden="true">'
        f'<rect class="c-aud-3" x="{low}" width="{width}" y="25%" height="50%" rx="3"/>'
        f'<circle class="c-aud edge" cx="{value}" cy="50%" r="5"/></svg>'
    )


def no_interval() -> SafeString:
    """Return the placeholder of a withheld rate."""
    return _safe(
        '<svg class="interval" aria-hidden="true">'
        '<rect class="c-none" x="2%" width="40%" y="15%" height="70%" rx="3"/></svg>'
    )


def line(drawn: Line, said: str) -> SafeString:
    """Return the weekly line chart with its text alternative. Curves stretch with the page, text does not."""
    plot = f'y="{drawn.top}" width="100%" height="{drawn.plot}" {_STRETCHED}'
    few = escape(gettext("too few to show"))
    parts = [
        f'<svg class="line" width="100%" height="{drawn.height}" role="img" aria-labelledby="weeks-line">',
        f'<title id="weeks-line">{escape(said)}</title>',
    ]
    for gap in drawn.gaps:
        words = f'<text x="50%" y="50%" text-anchor="middle">{few}</text>' if gap.is_wide else ""
        parts.append(
            f'<svg x="{gap.x}" y="{drawn.top}" width="{gap.width}" height="{drawn.plot}">'
            f'<rect class="c-none" x="2%" y="2%" width="96%" height="96%" rx="6"/>{words}</svg>'
        )
    parts += [f"<svg {plot}>", *(f'<path class="band" d="{band}"/>' for band in drawn.bands), "</svg>"]
    parts += [f'<line class="grid" x1="0" x2="100%" y1="{tick.y}" y2="{tick.y}"/>' for tick in drawn.ticks]
    parts += [f"<svg {plot}>", *(f'<path class="stroke" d="{curve}"/>' for curve in drawn.curves), "</svg>"]
    parts += [
        _spot("100%", tick.y, f'<text y="-.4em" text-anchor="end">{tick.text}</text>')
        for tick in drawn.ticks
        if tick.text
    ]
    parts += [f'<circle class="c-aud edge" cx="{point.x}" cy="{point.y}" r="4"/>' for point in drawn.lone]
    parts += [_ribbon(ribbon) for ribbon in drawn.ribbons]
    last = drawn.last
    parts.append(f'<circle class="c-aud edge" cx="{last.x}" cy="{last.y}" r="5"/>')
    parts.append(
        _spot(last.x, last.y, f'<text class="strong" y="-.9em" text-anchor="end">{last.text}</text>')
    )
    return _safe("".join([*parts, "</svg>"]))


def _ribbon(ribbon: Ribbon) -> str:
    place = 'x="1.2em" y=".95em"' if ribbon.side == "start" else 'x="-.5em" y=".95em" text-anchor="end"'
    words = f'<text class="strong" {place}>{escape(ribbon.wording)}</text>' if ribbon.side else ""
    flag = f'<line class="flag" x1="{ribbon.x}" x2="{ribbon.x}" y1="{ribbon.y}" y2="100%"/>'
    return flag + _spot(ribbon.x, ribbon.y, f'<path class="c-red" d="{_RIBBON}"/>{words}')


def _spot(x: str, y: str, drawn: str) -> str:
    return f'<svg class="spot" x="{x}" y="{y}">{drawn}</svg>'


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308
