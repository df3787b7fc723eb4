"""Clean and measure typed text: lengths in characters as people count them, widths as type sets them."""

import math
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import regex

from core import grammar

# More marks, joiners or tones than these after one character are no writing, and cost normalising its square.
PILE_MAX = 30
_ADDS = r"[\p{M}\p{GCB=Extend}\u200C\u200D\uFE0F]"
_PILED = regex.compile(rf"(?<!{_ADDS}){_ADDS}{{{PILE_MAX + 1}}}")
_MARKS = regex.compile(rf"[\p{{M}}--\u034F]{{{PILE_MAX}}}(?=[\p{{M}}--\u034F])", regex.V1)
# Controls that no text holds, and halves of surrogate pairs. Others are tidied.
_FORBIDDEN = regex.compile(r"[\p{Cc}\p{Cs}--[\t\n\r]]", regex.V1)
_SEEN = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")
# Letters that draw nothing: Hangul fillers, the Braille blank.
_BLANK = regex.compile("[\u115f\u1160\u3164\uffa0\u2800]")
_TIDY, _CHARACTERS, _HALF_WIDTHS = (
    [(regex.compile(pattern), becomes) for pattern, becomes in rules]
    for rules in (grammar.TIDY, grammar.CHARACTERS, grammar.HALF_WIDTHS)
)
_RIGHT_TO_LEFT, _DIRECTION_MARK = map(regex.compile, (grammar.RIGHT_TO_LEFT, grammar.DIRECTION_MARK))
_WIDE = regex.compile(r"[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]")
_SCAN, _SIGNED, _SIGN, _SIGN_APART, _SEPARATOR = map(
    regex.compile, (grammar.SCAN, grammar.SIGNED, grammar.SIGN, grammar.SIGN_APART, grammar.TAG_SEPARATOR)
)
_LETTER, _ENDING = map(regex.compile, (r"\p{L}", grammar.BETWEEN + "+$"))
_NOT_IN_SLUG = regex.compile(rf"(?!{grammar.BETWEEN})[^\p{{L}}\p{{N}}\p{{M}}_\s]|[\uFE0E\uFE0F\u20E3]")
_LETTER_OR_NUMBER = regex.compile(r"[\p{L}\p{N}]")
TAG_MAX = 50
SIGNED_MAX = 100
_ALWAYS_SHORT = TAG_MAX // 18  # no character becomes more than 18 under NFKC

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
_COVER_ROOM, _COVER_MARGINS, _COVER_LEADING = 79, 20, 1.35  # of 82 across; the rest is for what kerning adds


def is_piled(value: str) -> bool:
    """Return whether more marks follow one character than any script writes. Linear: call it before anything else."""
    return _PILED.search(value) is not None


def stream_safe(value: str) -> str:
    """Insert an invisible joiner after every thirty marks, so that normalising is linear; a reader sees no
    difference.

    The stream-safe text process of UAX 15, section 13.
    """
    return _MARKS.sub("\\g<0>\u034f", value)


def tidy_line(value: str) -> str:
    """Return one line in NFC, with white space collapsed and trimmed, and meaningless invisible characters removed."""
    return " ".join(_visible(value).split())


def tidy_prose(value: str) -> str:
    """Return paragraphs: cleaned like a line, with LF newlines, at most one empty line in a row, none at the ends."""
    lines = [line.rstrip() for line in _visible(value).split("\n")]
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(value: str) -> str:
    for pattern, becomes in _TIDY:
        value = pattern.sub(becomes, value)
    if not _RIGHT_TO_LEFT.search(value):
        value = _DIRECTION_MARK.sub("", value)
    return unicodedata.normalize("NFC", value)


def forbidden(value: str) -> str | None:
    """Return the text before the first control character or unpaired surrogate; None if there is none."""
    found = _FORBIDDEN.search(value)
    return tidy_line(value[max(0, found.start() - 20) : found.start()]) if found else None


def isolated(value: str) -> str:
    """Isolate a name within a plain-text sentence, so that right-to-left names do not reorder the words around it."""
    return f"\u2068{value}\u2069" if _RIGHT_TO_LEFT.search(value) else value


def is_blank(value: str) -> bool:
    """Return whether the text is invisible."""
    return _SEEN.search(_BLANK.sub("", value)) is None


def length(value: str) -> int:
    """Return characters as people count them: a Chinese character or an emoji is one. Linear, and the same in the
    browser.
    """
    return len(_replaced(value, _CHARACTERS))


def half_widths(value: str) -> int:
    """Return the display width: 2 for a wide character, emoji or flag, 0 for combining marks, else 1 (UAX 11)."""
    shown = _replaced(value, _HALF_WIDTHS)
    return len(shown) + len(_WIDE.findall(shown))


def _replaced(value: str, rules: list[tuple[regex.Pattern[str], str]]) -> str:
    for pattern, becomes in rules:
        value = pattern.sub(becomes, value)
    return value


def _half_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def title_width(value: str) -> int:
    """Return width of a title set at 1 em, in half-ems rounded up, at most 48: the waterfall's class w-<n>."""
    return _half_ems(sum(map(_em, value)))


def word_width(value: str) -> int:
    """Return the same for the longest part that no line may break in: a text cover is sized to hold it whole."""
    longest = here = 0.0
    for char in value:
        here = 0 if char.isspace() or _half_width(char) == 2 else here + _em(char)
        longest = max(longest, here)
        if char in "-–—/":
            here = 0
    return _half_ems(longest)


def cover_snap(title: str) -> int:
    """Return the height of a text cover in 24ths of its width, from 18 to 32: the title's lines and the margins.

    Type size, margins and leading are those of `.text-cover` in card.css, in hundredths of the width.
    """
    all_of_it, longest = title_width(title), word_width(title)
    largest = 11.4 if all_of_it == TITLE_WIDTH_MAX else min(19, 87 / math.sqrt(max(all_of_it, 1)))
    size = max(7, min(150 / max(longest, 1), largest))
    height = _COVER_MARGINS + _lines(title, _COVER_ROOM / size) * size * _COVER_LEADING
    return min(32, max(18, math.ceil(24 * height / 100)))


def _lines(value: str, room: float) -> int:
    """Return how many lines of `room` ems a text takes. A word too long for a line is broken anywhere."""
    lines, taken, run = 1, 0.0, 0.0  # `taken` up to where the line may end, `run` since then
    for char in value:
        em = _em(char)
        if char.isspace():
            taken, run = taken + run + em, 0.0
            continue
        if _half_width(char) == 2:
            taken, run = taken + run, 0.0
        run += em
        if taken and taken + run > room:
            lines, taken = lines + 1, 0.0
        if run > room:
            lines, run = lines + 1, em
        if _half_width(char) == 2 or char in "-–—/":
            taken, run = taken + run, 0.0
    return lines


def _em(char: str) -> float:
    return (0, _EM.get(char, _OTHER_EM), 1)[_half_width(char)]


def _half_ems(ems: float) -> int:
    """Round up, ignoring floating-point noise."""
    return min(TITLE_WIDTH_MAX, math.ceil(round(2 * ems, 6)))


def normal_form(value: str) -> str:
    """Return the form that two wordings of the same label or tag share: NFKC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).split())


def slug(value: str) -> str:
    """Return the slug of a word: its normal form with letters, digits and marks of every script and the joiners
    within a tag, hyphens for spaces; empty if it has no letter or digit.
    """
    kept = _NOT_IN_SLUG.sub("", normal_form(value))
    return regex.sub(r"[-\s]+", "-", kept).strip("-_") if _LETTER_OR_NUMBER.search(kept) else ""


def is_tag(value: str) -> bool:
    """Return whether a word can be a tag: it has a letter, and its normal form is not too long. Digits alone are no
    tag.
    """
    return has_letter(value) and (len(value) <= _ALWAYS_SHORT or len(normal_form(value)) <= TAG_MAX)


def has_letter(value: str) -> bool:
    return _LETTER.search(value) is not None


class Signed(NamedTuple):
    """A #tag or @mention in a text, from its sign to the end of its name, and where the text continues."""

    start: int
    end: int
    after: int
    tag: str
    handle: str


def signed(value: str) -> Iterator[Signed]:
    """Yield the first hundred #tags and @mentions of a text, in order, outside of links and addresses."""
    return islice(_signed(value), SIGNED_MAX)


def _signed(value: str) -> Iterator[Signed]:
    for found in _SCAN.finditer(value):
        if found["run"]:
            for one in _SIGNED.finditer(value, found.start(), found.end()):
                tag, handle, after = one["tag"] or "", one["handle"] or "", one.end()
                if len(tag) > TAG_MAX:
                    tag = _ENDING.sub("", tag[:TAG_MAX])
                    after = one.start() + 1 + len(tag)
                if handle or is_tag(tag):
                    yield Signed(one.start(), one.start() + 1 + len(tag or handle), after, tag, handle)


def tags_in(value: str) -> list[str]:
    """Return the #tags of a text, in order, without the sign."""
    return [found.tag for found in signed(value) if found.tag]


def mentions_in(value: str) -> list[str]:
    """Return the @handles of a text, in order, without the sign."""
    return [found.handle for found in signed(value) if found.handle]


def words_between(value: str) -> list[str]:
    """Return the words of a tag field, separated by commas, line breaks and signs."""
    words: list[str] = []
    for piece in _SEPARATOR.split(tidy_prose(value)):
        first, *rest = _SIGN_APART.split(piece, maxsplit=1)
        words += [first, *(part for more in rest for part in _SIGN.split(more))]
    return [word for word in map(tidy_line, words) if word]
