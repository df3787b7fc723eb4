"""Write static/js/text/patterns.js. Run it after changing core/grammar.py."""

import re

import regex
from django.conf import settings
from django.core.management.base import BaseCommand

from core import grammar
from core.text import SIGNED_MAX, TAG_MAX

NAMES = ["SCAN", "SIGNED", "SIGN", "SIGN_APART", "TAG_SEPARATOR", "RIGHT_TO_LEFT", "DIRECTION_MARK"]
RULES = ["TIDY", "CHARACTERS", "HALF_WIDTHS"]
_WIDE = regex.compile(r"[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]")


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        (settings.BASE_DIR / "static/js/text/patterns.js").write_text(module())


def module() -> str:
    """Return the patterns as a JavaScript module."""
    lines = ["// Written by manage.py patterns from core/grammar.py, where each is explained."]
    lines += [f"export const TAG_MAX = {TAG_MAX};", f"export const SIGNED_MAX = {SIGNED_MAX};"]
    lines += [f"export const {name} = {_literal(getattr(grammar, name))};" for name in NAMES]
    lines += [f"export const ENDING = {_literal(grammar.BETWEEN + '+$')};"]
    for name in RULES:
        rules = "".join(
            f"  [{_literal(pattern)}, {_string(becomes)}],\n" for pattern, becomes in getattr(grammar, name)
        )
        lines += [f"export const {name} = [\n{rules}];"]
    return "\n".join([*lines, f"export const WIDE = /[{_wide()}]/gu;", ""])


def _literal(pattern: str) -> str:
    return f"/{_escaped(pattern)}/gu"


def _string(becomes: str) -> str:
    return '"' + _escaped(becomes).replace("\\1", "$1").replace("\n", "\\n") + '"'


def _escaped(pattern: str) -> str:
    """Escape non-ASCII characters for JavaScript."""
    coded = re.sub(r"\\U000([0-9A-F]{5})", lambda found: f"\\u{{{found[1]}}}", pattern)
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\u{ord(found[0]):04X}", coded)


def _wide() -> str:
    """Return the ranges of double-width characters, by UAX 11 as `regex` implements it."""
    ranges: list[list[int]] = []
    for code in range(0x1100, 0x40000):
        if _WIDE.match(chr(code)):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\u{{{a:X}}}" if a == b else f"\\u{{{a:X}}}-\\u{{{b:X}}}" for a, b in ranges)
