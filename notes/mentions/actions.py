"""Store the people a text names. Called in the transaction that saves the words, with the note locked.

An @handle is refused, and stays text, where no person has that handle, where that person is suspended or leaving, where
one has blocked the other, where moderators keep the writer from publishing or commenting for a time, where the person
does not let the writer mention them, where the writer addressed them before without an answer
(notes/mentions/unanswered.py), and after MENTIONS_MAX people in one text. All of these look alike, but the writer is
told of a pause.
"""

from django.db.models import QuerySet
from django.utils import timezone

from core.text import mentions_in
from notes.mentions.unanswered import unanswered
from notes.models import Comment, Mention, Note
from profiles.models import User, Viewer
from profiles.pauses import COMMENTING, POSTING, paused_until

MENTIONS_MAX = 10


def keeps_text(author: Viewer) -> bool:
    """Return whether a pause keeps the author from mentioning people: that of comments or of notes."""
    return bool(paused_until(author, COMMENTING) or paused_until(author, POSTING))


def handles_in(text: str) -> list[str]:
    """Return the lower-case handles that a text mentions, each once, in order."""
    return list(dict.fromkeys(handle.lower() for handle in mentions_in(text)))


def record_mentions(*, note: Note, comment: Comment | None = None) -> None:
    """Store the mentions of a comment, or else of the note's own words. Idempotent.

    A published note that is not private has mentions, and so have the comments under it. Handles that stay keep their
    person, whatever changed since; people no longer named are marked as removed; people named anew are checked.
    """
    text = comment or note
    rows = list(Mention.objects.filter(note=note, comment=comment))
    is_out = comment is not None or note.status == Note.Status.PUBLISHED
    open_to_others = is_out and note.visibility != Note.Visibility.PRIVATE
    handles = handles_in(text.body) if open_to_others else []
    kept = {row.handle for row in rows if row.removed_at is None and row.handle in handles}
    gone = [row.pk for row in rows if row.removed_at is None and row.handle not in kept]
    if gone:
        Mention.objects.filter(pk__in=gone).update(removed_at=timezone.now())
    fresh = [handle for handle in handles if handle not in kept]
    if fresh and text.author_id:
        named = {row.person_id for row in rows if row.handle in kept}
        _mention(note, comment, fresh, named=named, told={row.person_id: row for row in rows})


def _mention(
    note: Note, comment: Comment | None, handles: list[str], *, named: set[int], told: dict[int, Mention]
) -> None:
    """Store who these new handles mean, except people already `named`. Those `told` before have a row."""
    text = comment or note
    author = User.objects.get(pk=text.author_id)
    if keeps_text(author):
        return
    User.objects.filter(
        pk=author.pk
    ).lock()  # two texts at once may not both be the first to mention a person
    people = User.objects.holders(handles, written=text.created_at, changed=timezone.now())
    willing = User.objects.mentionable_by(author).filter(pk__in=people.values())
    accepted = set(willing.values_list("pk", flat=True)).difference(named)
    own = comment.pk if comment else None
    accepted -= unanswered(author, accepted.difference(told), note=note if comment else None, but=own)
    left = MENTIONS_MAX - len(told)
    for handle, person in people.items():
        if person not in accepted:
            continue
        accepted.discard(person)  # another handle of theirs stays text
        if person in told:
            Mention.objects.filter(pk=told[person].pk).update(handle=handle, removed_at=None)
        elif left > 0:
            left -= 1
            row = Mention(note=note, comment=comment, author=author, person_id=person, handle=handle)
            Mention.objects.bulk_create([row], ignore_conflicts=True)


def remove_mentions_of_comment(*, comment: Comment) -> None:
    """Take the mentions of a deleted comment away. Who was told is remembered."""
    Mention.objects.filter(comment=comment.pk).standing().update(removed_at=timezone.now())


def remove_mentions_of_notes(*, notes: QuerySet[Note]) -> None:
    """Detach the mentions of notes that are about to be deleted. Who was told is remembered, without the note."""
    Mention.objects.filter(note__in=notes).update(note=None, comment=None, removed_at=timezone.now())
