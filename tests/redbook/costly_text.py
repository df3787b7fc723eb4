"""Text that is most costly to process, beside plain letters of the same length."""

import time
from collections.abc import Callable, Iterator

FLOOR = 0.03  # seconds of CPU that any answer may take over another: noise of the machine
TRIES = 4


def worst_texts(size: int) -> dict[str, str]:
    """One of each kind, of about `size` bytes of UTF-8."""
    pieces = {
        "marks": "\u0301\u0323",
        "letter and thirty marks": "e" + "\u0301\u0323" * 15,
        "flags": "🇨",
        "joined pictures": "👩\u200d",
        "tones": "🏽",
        "jamo": "ᄀ",
        "jamo vowels": "ᅡ",
        "U+FDFA": "ﷺ",
        "commas": ",",
        "tags with commas": "a1,",
        "signs": "#",
        "tags": "#a茶",
        "mentions": "@abc",
        "at signs": "@",
        "addresses": "a@b.",
        "links": "a.b/",
        "dots": "a.",
        "spaces": " ",
        "newlines": "\n",
        "spaces and newlines": " \n",
        "a word of a slug": "-a",
        "both directions": "\u2067ب\u2066a\u202e",
        "zero width": "\u200b",
        "joiners": "ب\u200c",
        "conjuncts": "क\u094d",
        "brackets": "#茶[",
        "markup": "<&",
    }
    return {name: piece * (size // len(piece.encode())) for name, piece in pieces.items()}


def cpu(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def dear(act: Callable[[str], object], size: int) -> Iterator[str]:
    """The kinds that cost more than twice what plain letters of their length do, again and again."""
    plain: dict[int, float] = {}
    for name, text in worst_texts(size).items():
        count = len(text)
        for tried in range(TRIES):
            if tried or count not in plain:
                plain[count] = max(plain.get(count, 0), cpu(lambda: act("x" * count)))  # noqa: B023
            cost = cpu(lambda: act(text))  # noqa: B023
            if cost <= 2 * plain[count] + FLOOR:
                break
        else:
            yield f"{name}: {cost * 1000:.0f} ms beside {plain[count] * 1000:.0f} ms"
