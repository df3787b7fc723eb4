from typing import Any

import regex
from django.db.models import Q
from django.db.models.functions import Lower

from notes.mentions.unanswered import unanswered
from notes.models import Comment, Note
from profiles.models import User
from profiles.models.relations import is_wanted_by

SUGGESTED = 8
_TAKE_PART = 100  # comments whose authors are suggested
_STRANGERS_FROM = 2  # letters of a handle
_TYPED = regex.compile(r"[\p{L}\p{M}\p{N}_]{0,30}")


def suggestions(writer: User, typed: str, note: Note | None) -> list[User]:
    """Return the people meant by the beginning of a handle or name: those who take part in the discussion of
    the note, then those the writer follows; from two letters on, others by handle. None whose mention would be refused.

    `note` is one that the writer may see, or None.
    """
    if not _TYPED.fullmatch(typed):
        return []
    people: Any = User.objects.mentionable_by(writer).filter(is_wanted_by(writer, "pk"))
    people = people.exclude(pk=writer.pk).alias(lower=Lower("handle")).order_by("handle")
    by_handle = people.filter(lower__startswith=typed.lower())
    near = people.filter(Q(lower__startswith=typed.lower()) | Q(name__istartswith=typed))
    # Twice as many as are shown, since some may have left the writer without an answer.
    found = dict.fromkeys(near.filter(pk__in=_takes_part(writer, note))[: 2 * SUGGESTED] if note else ())
    found |= dict.fromkeys(near.filter(followers__follower=writer)[: 2 * SUGGESTED])
    if typed.isascii() and len(typed) >= _STRANGERS_FROM:
        found |= dict.fromkeys(by_handle.filter(unconfirmed_until__isnull=True)[: 2 * SUGGESTED])
    refused = unanswered(writer, [person.pk for person in found], note=note)
    return [person for person in found if person.pk not in refused][:SUGGESTED]


def _takes_part(writer: User, note: Note) -> list[int]:
    """Return the note's author and those of its newest comments that the writer may read."""
    said = Comment.objects.readable_by(writer).filter(note=note).order_by("-created_at")
    return [note.author_id, *said.values_list("author", flat=True)[:_TAKE_PART]]
