"""Compare a label's topics, declared or being typed, with the person's notes."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from core.forms import TagsField
from core.text import is_tag, normal_form
from notes import focus
from notes.compose.topics_posted import names_at, posted_by
from profiles.models import User
from profiles.models.label import TOPICS_MAX

_TOPICS = TagsField(most=TOPICS_MAX, required=False)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The number of `notes`; the `share` that is about the topics, from 0 to 1, and in `tenths` (None below five notes
    or without topics); and the topics `without_note`, as typed.
    """

    notes: int
    share: float | None
    tenths: int | None
    without_note: list[str]

    @property
    def is_told(self) -> bool:
        """Whether there are enough notes for a share."""
        return self.notes >= focus.NOTES_MIN


def meeting(person: User, typed: Any) -> Meeting:
    """Compare the topics in a field, as text or list, with the person's notes that others see. Invalid topics are
    ignored.
    """
    topics = {normal_form(word): word for word in _words(typed) if is_tag(word)}
    notes = posted_by(person)
    share = focus.focus(notes, topics)
    missing = focus.without_note(notes, list(topics))
    tenths = None if share is None else focus.in_ten(share)
    return Meeting(len(notes), share, tenths, [topics[topic] for topic in missing])


def with_topic(person: User, topics: list[str], address: str) -> tuple[list[str], str]:
    """Return the topics with the one at this slug added; if the maximum is reached, the topics and the name that did
    not fit.
    """
    name = next(iter(names_at([address], person)), "")
    if not name or name in map(normal_form, topics):
        return topics, ""
    return (topics, name) if len(topics) >= TOPICS_MAX else ([*topics, name], "")


def _words(typed: Any) -> list[str]:
    if isinstance(typed, list):
        return typed
    try:
        return _TOPICS.to_python(typed or "")[: 2 * TOPICS_MAX]
    except ValidationError:
        return []
