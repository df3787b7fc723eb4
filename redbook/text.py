"""What people type, measured and cleaned: lengths as people count them, widths as type sets them."""

import math
import unicodedata

import regex
from django.utils.text import slugify

# Text that hides, reorders or breaks other text: controls but tab and newline, halves of surrogate pairs,
# bidi overrides and isolates.
_FORBIDDEN = regex.compile(r"[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069--[\t\n\r]]", regex.V1)
_SEEN = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]", regex.V1)
# Letters that draw nothing: Hangul fillers, the Braille blank.
_BLANK = regex.compile("[\u115f\u1160\u3164\uffa0\u2800]")
TAG_MAX = 50
MENTION_OR_TAG = regex.compile(
    r"(?<![A-Za-z0-9_.@])@(?P<handle>[A-Za-z0-9_]{3,30})(?![A-Za-z0-9_])|(?<![\w&/#＃])[#＃](?P<tag>[\p{L}\p{N}\p{M}_·-]{1,50})"
)

# Advance widths in em of the widest sans in the stack at weight 500, for printable ASCII from space to tilde.
ASCII_EM = (
    ".26 .29 .40 .64 .64 .83 .65 .22 .38 .38 .52 .67 .29 .46 .28 .37 "
    ".65 .47 .61 .64 .65 .62 .64 .58 .63 .64 .28 .29 .67 .67 .67 .53 "
    ".97 .70 .65 .74 .72 .60 .59 .75 .74 .27 .55 .66 .56 .90 .75 .77 "
    ".64 .77 .64 .64 .65 .74 .70 .98 .67 .68 .64 .38 .37 .38 .48 .46 "
    ".50 .57 .63 .57 .63 .59 .37 .62 .60 .25 .25 .56 .25 .88 .60 .62 "
    ".62 .62 .38 .54 .37 .59 .57 .82 .55 .57 .55 .38 .34 .38 .67"
)
_EM = dict(zip(map(chr, range(32, 127)), map(float, ASCII_EM.split()), strict=True))
_OTHER_EM = 0.62
TITLE_WIDTH_MAX = 48


def tidy_line(value: str) -> str:
    """One line: NFC, every run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def tidy_prose(value: str) -> str:
    """Paragraphs: NFC, newlines as \\n, at most one empty line in a row, none at the ends."""
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", value).replace("\r\n", "\n").split("\n")]
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def has_forbidden(value: str) -> bool:
    """Whether it holds a control character, a direction override or half a surrogate pair."""
    return _FORBIDDEN.search(value) is not None


def is_blank(value: str) -> bool:
    """Whether a reader would see nothing."""
    return _SEEN.search(_BLANK.sub("", value)) is None


def length(value: str) -> int:
    """Characters as people count them: a Chinese character or an emoji is one (UAX 29 clusters)."""
    return len(regex.findall(r"\X", value))


def half_widths(value: str) -> int:
    """Display width: 2 for a wide or full-width character, 0 for one that combines, 1 for any other (UAX 11)."""
    return sum(_half_width(char) for char in value)


def _half_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def title_width(value: str) -> int:
    """Width of a title set at 1 em, in half-ems rounded up, at most 48: the waterfall's class w-<n>."""
    return _half_ems(sum(map(_em, value)))


def word_width(value: str) -> int:
    """The same of its longest part that no line may break in: a text cover is set to hold it whole."""
    longest = here = 0.0
    for char in value:
        here = 0 if char.isspace() or _half_width(char) == 2 else here + _em(char)
        longest = max(longest, here)
        if char in "-–—/":
            here = 0
    return _half_ems(longest)


def _em(char: str) -> float:
    return (0, _EM.get(char, _OTHER_EM), 1)[_half_width(char)]


def _half_ems(ems: float) -> int:
    return min(TITLE_WIDTH_MAX, math.ceil(2 * ems))


def normal_form(value: str) -> str:
    """What two wordings share when they mean the same label or tag: NFKC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).split())


def slug(value: str) -> str:
    """A Unicode slug of the normal form; empty when nothing in it is a letter or number."""
    return slugify(normal_form(value), allow_unicode=True)


def is_tag(value: str) -> bool:
    """Whether its normal form has a letter or number, for an address, and is not too long."""
    return bool(slug(value)) and len(normal_form(value)) <= TAG_MAX


def tags_in(value: str) -> list[str]:
    """The #tags of a text, in order, without the sign."""
    return [match["tag"] for match in MENTION_OR_TAG.finditer(value) if match["tag"] and is_tag(match["tag"])]


def mentions_in(value: str) -> list[str]:
    """The @handles of a text, in order, without the sign."""
    return [match["handle"] for match in MENTION_OR_TAG.finditer(value) if match["handle"]]
