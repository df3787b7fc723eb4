"""Tags and filters available in every template. Cards are rendered 24 per page, so each does as little as it can."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import regex
from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from core.dates import calendar_day, calendar_month, calendar_time, named_day
from core.http import form_address
from core.messages import undo_of
from core.text import isolated
from core.zones import zone_label, zone_option

register = template.Library()

_COVER_WIDTH = 480

# The icons of the navigation and of cards: each page embeds them, so that they appear with its text. Browsers fetch the
# file with the others last of all.
AT_ONCE = {
    *("logo", "compass", "users", "bell", "plus", "save", "user", "mirror", "gear", "info", "moon", "sun"),
    *("heart", "chat", "left", "more", "share", "search", "right"),
}


@register.simple_tag
@cache
def icons_at_once() -> SafeString:
    """Return the icons that the page embeds, for `icon` to use."""
    lines = (settings.BASE_DIR / "static" / "icons.svg").read_text().splitlines()
    symbols = (line for line in lines if line.startswith("<symbol") and line.split('"')[1] in AT_ONCE)
    inside = "".join(symbols).replace('<symbol id="', '<symbol id="ico-')
    return mark_safe(f'<svg class="icons" aria-hidden="true">{inside}</svg>')  # noqa: S308  it is our own file


@cache
def _use(name: str) -> SafeString:
    kind = "ribbon" if name == "ribbon" else "ico"
    address = f"#ico-{name}" if name in AT_ONCE else f"{static('icons.svg')}#{name}"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', kind, address)


class IconNode(template.Node):
    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        return _use(str(self.name.resolve(context)))


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """Return an icon of static/icons.svg, hidden from screen readers: {% icon "heart" %}."""
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError("icon takes one name")
    return IconNode(parser.compile_filter(words[1]))


@register.simple_tag(takes_context=True)
def this_page(context: Context) -> str:
    """Return the address for a form that is sent to its own page: see `core.http.form_address`."""
    return form_address(context["request"])


@register.simple_tag(takes_context=True)
def navigation(context: Context, name: str) -> SafeString:
    """Return a part of every page that depends only on the current section (`here`), the person (`handle`, "" signed
    out), whether something unread waits for them, and for moderators how many cases are open.
    """
    person = context["request"].user
    has_unread = getattr(person, "has_unread", False)
    cases = str(context.get("open_cases", "")) if getattr(person, "is_staff", False) else None
    return _navigation(
        name, context["here"], getattr(person, "handle", ""), has_unread, cases, get_language()
    )


@lru_cache(2048)
def _navigation(
    name: str, here: str, handle: str, has_unread: bool, cases: str | None, language: str | None
) -> SafeString:
    return render_to_string(name, {"here": here, "handle": handle, "has_unread": has_unread, "cases": cases})


@register.simple_tag
def kept(name: str, **values: Any) -> SafeString:
    """Render a template with these values alone, and keep the HTML for the same values in the same language.

    The values are plain: text, numbers, and tuples of them. Text of one name is either always safe HTML or never.
    """
    return _kept(name, tuple(values.items()), get_language())


@lru_cache(4096)
def _kept(name: str, values: tuple[tuple[str, Any], ...], language: str | None) -> SafeString:
    return render_to_string(name, dict(values))


# Unit, its sign, and the number from which it is used: the rounding of the unit below would reach it.
_UNITS = [(10**6, "M", 999_950), (10**3, "k", 1000)]
_UNITS_ZH = [(10**8, "亿", 99_999_500), (10**4, "万", 10_000)]


@register.filter
def compact(number: int) -> str:
    """Return a count in the space of a card: 2.3k and 1.2M, in Chinese 2318 and 1.3万."""
    for unit, sign, start in _UNITS_ZH if _in_chinese() else _UNITS:
        if number >= start:
            tenths = (number * 10 + unit // 2) // unit  # halves rounded up
            return f"{tenths / 10:.1f}".removesuffix(".0") + sign
    return str(number)


@register.filter
def day(moment: datetime | None) -> str:
    """Format a time briefly: "5 min ago", "Yesterday", "14 Nov", "14 Nov 2024" / "11月14日"."""
    if moment is None:
        return ""
    zone = timezone.get_current_timezone()
    now, then = timezone.now().astimezone(zone), moment.astimezone(zone)
    seconds = (now - then).total_seconds()
    days = (now.date() - then.date()).days
    if 0 <= seconds < 60:
        return gettext("Just now")
    if 0 <= seconds < 3600:
        return gettext("%(number)d min ago") % {"number": seconds // 60}
    if seconds >= 0 and (days == 0 or seconds < 6 * 3600):
        return gettext("%(number)d h ago") % {"number": seconds // 3600}
    if days == 1:
        return gettext("Yesterday")
    return calendar_day(then)


@register.filter
def initial(name: str) -> str:
    """Return the first grapheme of a name, for an avatar without a picture."""
    found = regex.match(r"\X", name)
    return found.group().upper() if found else ""


@register.filter
def cover_height(snap: int) -> int:
    """Return height in pixels of the 480 px wide feed cover whose height is `snap` 24ths of its width."""
    return _COVER_WIDTH * snap // 24


@register.filter
def srcset(photo: Any, extension: str) -> str:
    """Return the photo's renditions for `srcset`, each with its true width."""
    return ", ".join(f"{photo.base}{role}.{extension} {width}w" for role, width in dict(photo.widths).items())


@register.filter
def widest(photo: Any) -> str:
    """Return the address of the photo's widest JPEG; "" while it has none."""
    role = next(reversed(dict(photo.widths)), "")
    return f"{photo.base}{role}.jpg" if role else ""


@register.filter
def control(field: BoundField, wanted: str = "input") -> SafeString:
    """Return the form field's widget with our CSS class, so that forms do not name classes."""
    return field.as_widget(attrs={"class": f"{field.field.widget.attrs.get('class', '')} {wanted}".strip()})


register.filter(isolated)
register.filter(undo_of)
register.filter(calendar_day)
register.filter(calendar_month)
register.filter(calendar_time)
register.filter(named_day)
register.filter(zone_label)
register.filter(zone_option)


@register.filter
def isolated_each(names: list[str]) -> list[str]:
    """Isolate names that stand one after the other in a sentence, for text direction."""
    return [isolated(name) for name in names]


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")
