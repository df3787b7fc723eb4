"""Styles that no stylesheet may apply to a title."""

import re
from pathlib import Path

from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
# Our own words alone, on pages in another language than Chinese.
BALANCED = {
    ":root:not(:lang(zh)) :is(h1, h2, h3):not([dir], :has([dir], bdi))",
    ":root:not(:lang(zh)) .headline",
}


def test_chinese_titles_are_not_balanced() -> None:
    """It splits words. What people write may be Chinese on any page."""
    rules = [rule for sheet in SHEETS for rule in re.findall(r"([^{};]+)\{([^{}]*)\}", sheet.read_text())]
    found = {selector.split("*/")[-1].strip() for selector, body in rules if "text-wrap: balance" in body}
    assert found == BALANCED


def test_text_covers_carry_no_ribbon() -> None:
    assert not any(re.search(r"\.text-cover[^{}]*::(before|after)", sheet.read_text()) for sheet in SHEETS)
