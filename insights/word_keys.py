"""The key of a word or a topic, wherever either may be picked."""

from typing import NamedTuple, Self


class Key(NamedTuple):
    """A word by its id, or a topic by its tag's id; the other is None. In forms, "w12" or "t34"."""

    word_id: int | None
    tag_id: int | None

    def __str__(self) -> str:
        return f"w{self.word_id}" if self.word_id else f"t{self.tag_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the key in a form's value, or None if it is invalid."""
        kind, number = text[:1], text[1:]
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            return None
        return {"w": cls(int(number), None), "t": cls(None, int(number))}.get(kind)
