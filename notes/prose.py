"""Plain text as a person typed it, to paragraphs with its #tags and @mentions as links."""

from collections.abc import Mapping

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from redbook.text import MENTION_OR_TAG, normal_form


def paragraphs(text: str, tags: Mapping[str, str], people: Mapping[str, str]) -> SafeString:
    """The text as HTML paragraphs; `tags` and `people` map normal forms and lower-case handles to addresses."""
    blocks = (block for block in text.split("\n\n") if block.strip())
    return format_html_join("", "<p>{}</p>", ((_lines(block, tags, people),) for block in blocks))


def _lines(block: str, tags: Mapping[str, str], people: Mapping[str, str]) -> SafeString:
    return mark_safe("<br>".join(_linked(line, tags, people) for line in block.split("\n")))  # noqa: S308


def _linked(line: str, tags: Mapping[str, str], people: Mapping[str, str]) -> str:
    done, end = "", 0
    for match in MENTION_OR_TAG.finditer(line):
        handle, tag = match.group("handle"), match.group("tag")
        address = people.get(handle.lower()) if handle else tags.get(normal_form(tag))
        if address:
            kind = mark_safe(' class="at"') if handle else ""
            link = format_html('<a href="{}"{}>{}</a>', address, kind, match.group())
            done += conditional_escape(line[end : match.start()]) + link
            end = match.end()
    return done + conditional_escape(line[end:])
