"""What no stylesheet may do to a title."""

import re
from pathlib import Path

from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))


def test_chinese_titles_are_not_balanced() -> None:
    """It splits words: only pages in another language may."""
    for sheet in SHEETS:
        for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", sheet.read_text()):
            if "text-wrap: balance" in body:
                assert ":not(:lang(zh))" in selector, sheet.name


def test_text_covers_carry_no_ribbon() -> None:
    assert not any(re.search(r"\.text-cover[^{}]*::(before|after)", sheet.read_text()) for sheet in SHEETS)
