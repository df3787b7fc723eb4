"""Names, titles, stories and tags of a made-up community, half of it in Chinese."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

LANGUAGES = ("en", "zh")


@cache
def _lists() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def name(random: Random, language: str) -> str:
    words = _lists()[language]
    given, surname = random.choice(words["given"]), random.choice(words["surnames"])
    return surname + given if language == "zh" else f"{given} {surname}"


def labels(number: int, random: Random) -> list[str]:
    """Return up to this many different wordings."""
    wordings = [
        f"{kind}{role}" if language == "zh" else f"{kind} {role}"
        for language, words in _lists().items()
        for kind in words["kinds"]
        for role in words["roles"]
    ]
    return random.sample(wordings, min(number, len(wordings)))


@cache
def tags(language: str) -> list[str]:
    """Return tags from the most to the least used."""
    words = _lists()[language]
    return [topic + mood for mood in words["moods"] for topic in words["topics"]]


def title(random: Random, language: str) -> str:
    words = _lists()[language]
    topic, kind, number = random.choice(words["topics"]), random.choice(words["kinds"]), random.randint(2, 30)
    said: str = random.choice(words["titles"]).format(topic=topic, kind=kind, number=number)
    return said[0].upper() + said[1:]


def story(random: Random, language: str) -> str:
    sentences = random.sample(_lists()[language]["sentences"], random.randint(1, 6))
    return ("" if language == "zh" else " ").join(sentences)


def remark(random: Random, language: str, is_reply: bool) -> str:
    said: str = random.choice(_lists()[language]["replies" if is_reply else "comments"])
    return said


def place(random: Random, language: str) -> str:
    found: str = random.choice(_lists()[language]["places"])
    return found


def alt(language: str) -> str:
    said: str = _lists()[language]["alt"]
    return said
