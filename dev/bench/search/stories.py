"""Stories of many words, with planted ones whose number of notes is known."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from dev.synthetic import words

VOCABULARY = 20_000  # words of each language, some far more used than others, as in any text
WORDS = 30  # of them in a story, beside its sentences
TENTH = 10  # every tenth note

# A planted word and how many notes have it, spread over all times; at TENTH of them, a tenth of all.
RARE, RARE_ZH, PART_ZH, SENTENCE = "zugzwang", "鸬鹚", "蜀葵", "晒在窑洞顶上的柿饼"
SOME, SOME_ZH, SOME_MISTYPED = "marzipan", "豌豆糕", "marzpian"
PLANTED = {RARE: 10, RARE_ZH: 10, PART_ZH: 200, SENTENCE: 20, SOME: 200, SOME_ZH: 200}
COMMON, COMMON_ZH = "meridian", "榴莲"


class Stories:
    """Makes the stories of so many notes, one after the other."""

    def __init__(self, notes: int, random: Random) -> None:
        self.numbers = iter(range(notes))
        self.steps = {word: max(1, notes // number) for word, number in PLANTED.items()}
        self.steps |= {COMMON: TENTH, COMMON_ZH: TENTH}
        self.vocabulary = {"en": _latin(random), "zh": _chinese(random)}
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def __call__(self, random: Random, language: str) -> str:
        between = "" if language == "zh" else " "
        chosen = random.choices(self.vocabulary[language], cum_weights=self.weights, k=WORDS)
        return "\n".join(
            [words.story(random, language), between.join(chosen), *self._planted(next(self.numbers))]
        )

    def _planted(self, number: int) -> Iterator[str]:
        """Yield the words planted in this note, each word in notes of its own."""
        for offset, (word, step) in enumerate(self.steps.items()):
            if number % step == offset % step:
                yield word


def _latin(random: Random) -> list[str]:
    syllables = [start + vowel for start in "bcdfghklmnprstvw" for vowel in "aeiou"]
    return ["".join(random.choices(syllables, k=random.randint(2, 4))) for _ in range(VOCABULARY)]


def _chinese(random: Random) -> list[str]:
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 8000, 3)]
    return ["".join(random.choices(characters, k=random.choice((1, 2, 2, 3)))) for _ in range(VOCABULARY)]
