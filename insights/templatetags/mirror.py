"""Tags and filters of the Mirror's pages: how numbers are formatted and explained."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from insights import numbers

COMMENT_MOST = 120  # characters

register = template.Library()
register.filter("percent", numbers.percent)
register.filter("times", numbers.times)
register.filter("exact", numbers.exact)
register.filter("of_readings", numbers.of_readings)
register.filter("between", numbers.between)
register.filter("on", numbers.on)
register.filter("listed", numbers.listed)


@register.filter
def shortened(words: str) -> str:
    """Truncate a comment. Most are short, and Django's filter takes longer than the rest of the line."""
    return words if len(words) <= COMMENT_MOST else Truncator(words).chars(COMMENT_MOST)


@register.simple_tag
def defined(*names: str) -> SafeString:
    """Return what these numbers count, from templates/insights/definitions.html: {% defined "posted" "answered" %}."""
    return _defined(names, get_language())


@lru_cache(64)
def _defined(names: tuple[str, ...], language: str | None) -> SafeString:
    parts = ((render_to_string(f"insights/definitions.html#{name}"),) for name in names)
    return format_html_join("", "{}", parts)
