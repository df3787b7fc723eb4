"""What the notes of a made-up community are made from."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from core.text import normal_form, title_width
from dev.synthetic import words
from dev.synthetic.people import People
from dev.synthetic.pictures import stored
from notes.compose.tagging import tags_named

TITLES = 3_000


class World:
    """Shared input of the rounds: `titles` with their widths and `tags`, keys from the most to the least used, by
    language. `story` makes a note's story.
    """

    def __init__(
        self,
        now: datetime,
        random: Random,
        people: People,
        photos: int,
        story: Callable[[Random, str], str] = words.story,
    ) -> None:
        self.now = now
        self.random = random
        self.people = people
        self.story = story
        self.pictures = stored(photos, random)
        self.titles = {language: self._titles(language) for language in words.LANGUAGES}
        self.tags = {language: _tags(language) for language in words.LANGUAGES}

    def _titles(self, language: str) -> list[tuple[str, int]]:
        made = (words.title(self.random, language) for _ in range(TITLES))
        return [(title, title_width(title)) for title in made]


def _tags(language: str) -> list[int]:
    names = words.tags(language)
    keys = {tag.name: tag.pk for tag in tags_named(names)}
    return [keys[normal_form(name)] for name in names]
