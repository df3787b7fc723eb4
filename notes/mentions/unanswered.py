"""The people who have not answered since a writer addressed them. docs/mentions.md has the rule.

A writer can address a person who does not follow them once, and again after an answer. Mentions anywhere and replies
under the same note address a person. A mention of the writer, a reply to them or a comment on their note is an answer.

Comments on a note are not limited, nor are replies to the author of that note. A comment that addresses the writer can
always be answered once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Max, Q, When

from notes.models import Comment, Mention, Note
from profiles.models import Follow, User

# The person that a reply answers.
_ADDRESSEE = Case(When(in_reply_to__isnull=False, then=F("in_reply_to__author")), default=F("parent__author"))


def may_reply(*, author: User, to: Comment, note: Note) -> bool:
    """Return whether a reply to this comment keeps to the rule. The caller locks the author's row."""
    person = to.author_id
    if person is None or person in {author.pk, note.author_id}:
        return True
    if _addresses(to, author) and not _replies(author, note).filter(_is_reply_to(to)).exists():
        return True
    return not unanswered(author, [person], note=note, mentioned_in=note)


def unanswered(
    writer: User,
    people: Collection[int],
    *,
    note: Note | None = None,
    mentioned_in: Note | None = None,
    but: int | None = None,
) -> set[int]:
    """Return those of these people who do not follow the writer, and have not answered since the writer addressed them.

    Counts mentions of them, with `mentioned_in` only those under this note, and replies under `note`, except the
    comment `but`.
    """
    following = Follow.objects.filter(followed=writer, follower__in=people).values_list("follower", flat=True)
    others = set(people).difference(following, [writer.pk])
    if not others:
        return set()
    mentions = Mention.objects.filter(author=writer, person__in=others)
    if mentioned_in:
        mentions = mentions.filter(note=mentioned_in)
    addressed = _latest(mentions, "person")
    if note:
        replies = _replies(writer, note).exclude(pk=but).annotate(addressee=_ADDRESSEE)
        _merge(addressed, _latest(replies.filter(addressee__in=others), "addressee"))
    if not addressed:
        return set()
    answered = _latest(Mention.objects.filter(author__in=addressed, person=writer), "author")
    _merge(answered, _latest(Comment.objects.filter(_addressed_to(writer), author__in=addressed), "author"))
    return {person for person, when in addressed.items() if person not in answered or answered[person] < when}


def _addresses(comment: Comment, writer: User) -> bool:
    """Return whether the comment replies to the writer, is on their note, or mentions them."""
    said = Comment.objects.filter(_addressed_to(writer), pk=comment.pk)
    return said.exists() or Mention.objects.standing().filter(comment=comment.pk, person=writer).exists()


def _addressed_to(person: User) -> Q:
    """Match replies to this person, and first-level comments on their notes."""
    return (
        Q(in_reply_to__author=person)
        | Q(in_reply_to__isnull=True, parent__author=person)
        | Q(parent__isnull=True, note__author=person)
    )


def _is_reply_to(comment: Comment) -> Q:
    if comment.parent_id is None:
        return Q(parent=comment.pk, in_reply_to__isnull=True)
    return Q(in_reply_to=comment.pk)


def _replies(writer: User, note: Note) -> Any:
    return Comment.objects.filter(author=writer, note=note, parent__isnull=False)


def _latest(rows: Any, person: str) -> dict[int, datetime]:
    return dict(rows.order_by().values_list(person).annotate(Max("created_at")))


def _merge(times: dict[int, datetime], more: dict[int, datetime]) -> None:
    for person, when in more.items():
        times[person] = max(when, times.get(person, when))
