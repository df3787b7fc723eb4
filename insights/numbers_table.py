"""The table behind a chart, rendered without a template, which would take longer than the rest of the page."""

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

_TABLE = """<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="table">
<thead><tr>{}</tr></thead>
<tbody>{}</tbody></table></div>"""


def numbers_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    """Return the table's HTML, escaped. The first cell of a row is its header; cells are single-line."""
    head = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in columns))
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape(first)}</bdi></th><td>'
        f"{escape('\n'.join(cells)).replace('\n', '</td><td>')}</td></tr>"
        for first, *cells in rows
    )
    return mark_safe(_TABLE.format(escape(caption), head, body))  # noqa: S308
