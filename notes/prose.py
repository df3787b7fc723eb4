"""Render plain text as paragraphs, with its #tags and @mentions as links."""

from collections.abc import Mapping

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.text import normal_form, signed


def paragraphs(text: str, tags: Mapping[str, str], people: Mapping[str, str]) -> SafeString:
    """Return the text as HTML paragraphs; `tags` and `people` map normal forms and lower-case handles to addresses."""
    blocks = (block for block in text.split("\n\n") if block.strip())
    return format_html_join("", '<p dir="auto">{}</p>', ((_lines(block, tags, people),) for block in blocks))


def _lines(block: str, tags: Mapping[str, str], people: Mapping[str, str]) -> SafeString:
    return mark_safe("<br>".join(_linked(line, tags, people) for line in block.split("\n")))  # noqa: S308


def _linked(line: str, tags: Mapping[str, str], people: Mapping[str, str]) -> str:
    done, end = "", 0
    for found in signed(line):
        address = people.get(found.handle.lower()) if found.handle else tags.get(normal_form(found.tag))
        words = line[found.start : found.end]
        if address:
            kind = mark_safe(' class="at"') if found.handle else ""
            words = format_html('<a href="{}"{}>{}</a>', address, kind, words)
        done += conditional_escape(line[end : found.start]) + conditional_escape(words)
        end = found.after
    return done + conditional_escape(line[end:])
