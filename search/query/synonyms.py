"""Other words of a campus for the same thing, by the groups of synonyms.toml."""

import tomllib
from functools import cache
from pathlib import Path

from search.query.variants import simplified


def synonyms(word: str) -> tuple[str, ...]:
    """Return the other words of the group of a folded word, in either language."""
    return _synonyms().get(simplified(word), ())


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    written = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))
    groups = [group.split() for group in written["groups"]]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}
