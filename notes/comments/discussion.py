"""Render comments once per content, and cache the HTML by that content, as notes/cards.py does cards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.templatetags.redbook import day
from notes.cards import Author, author_of
from notes.comments.threads import LATEST, TOP
from notes.mentions.links import Mentions
from notes.models import Comment, Note
from notes.prose import paragraphs
from profiles.models import Viewer

REPLIES = "notes/comments/replies.html"
KEPT = 1024  # entries of about 20 kB each
_DAYS_IN_WORDS = timedelta(days=2)  # `day` says them as "5 min ago" or "Yesterday"


@dataclass(frozen=True, slots=True)
class Discussion:
    """Comments of a note as one page shows them to its viewer.

    `threads` are first-level comments from notes/comments/threads.py; `people` has their mentions; `after` is the
    cursor of the next page; `opened` is the id of the thread that this page opens, `marked` of the comment that its
    address names, or 0; `closed` says why the viewer cannot comment.
    """

    note: Note
    viewer: Viewer
    threads: list[Comment]
    people: Mentions
    order: str = TOP
    after: str = ""
    opened: int = 0
    marked: int = 0
    closed: str = ""

    @property
    def query(self) -> str:
        """The part of an address that keeps the order."""
        return f"sort={LATEST}&" if self.order == LATEST else ""

    @property
    def more(self) -> str:
        """The address of the next page, or ""."""
        opened = f"thread={self.opened}&" if self.opened else ""
        address = f"{self.note.get_absolute_url()}?{self.query}{opened}comments={self.after}#comments"
        return address if self.after else ""


class Words(NamedTuple):
    """Everything a comment shows. `author` is None for a deleted comment."""

    pk: int
    body: str
    people: tuple[tuple[str, str], ...]  # its mentions: lower-case handles and addresses
    address: str  # of the page that marks it
    created_at: datetime
    day: str
    is_edited: bool
    is_pinned: bool
    addressee: (
        tuple[str, str] | None
    )  # name and profile of the person a reply answers, unless it answers the first comment
    author: Author | None
    is_by_author: bool
    is_own: bool
    is_marked: bool
    like_count: int
    liked: bool
    answer: str  # address of the reply form, for visitors of the sign-in page that leads to it; "" if it is closed
    may_delete: bool
    may_edit: bool
    may_pin: bool

    @property
    def html(self) -> SafeString:
        return paragraphs(self.body, {}, dict(self.people))


class Thread(NamedTuple):
    """A comment and the replies shown below it; `left` visible replies follow them."""

    comment: Words
    replies: tuple[Words, ...]
    left: int
    continues: bool  # whether other replies precede those shown
    some_missing: bool  # whether there are replies that the viewer does not see
    is_open: bool

    @property
    def last(self) -> int:
        return self.replies[-1].pk if self.replies else 0


class DiscussionKey:
    """The content of a discussion, compared by all values that it is made from, so that what is kept needs no Words.

    A new fact of a comment is a new value here. The discussion is let go once it is rendered.
    """

    __slots__ = ("shown", "values")

    def __init__(self, shown: Discussion) -> None:
        self.shown: Discussion | None = shown
        note, now = shown.note, timezone.now()
        viewer = shown.viewer.pk or 0
        said = ((each, *each.shown_replies) for each in shown.threads)
        self.values = (
            (note.pk, note.author_id, note.author_id == viewer, bool(viewer)),
            (shown.order, shown.after, shown.opened, shown.marked, shown.closed),
            (timezone.localdate(), timezone.get_current_timezone_name()),
            *((_of_thread(each), len(each.shown_replies)) for each in shown.threads),
            *(_values(each, shown, viewer, now) for thread in said for each in thread),
        )

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DiscussionKey) and self.values == other.values


_of_thread = attrgetter("replies_left", "replies_continue", "reply_total", "reply_count")
_of_comment = attrgetter(
    *("pk", "parent_id", "body", "created_at", "edited_at", "deleted_at", "pinned_at", "like_count", "liked"),
    "author_id",
)
_of_author = attrgetter("name", "handle", "avatar_token")


def _values(said: Any, shown: Discussion, viewer: int, now: datetime) -> tuple[Any, ...]:
    """Return what the comment's Words are made from. What the time changes: the day of a comment of less than two days,
    and whether one's own can be edited.
    """
    is_own = viewer and said.author_id == viewer
    return (
        *_of_comment(said),
        *(_of_author(said.author) if said.author_id else ()),
        tuple(said.addressee.values()) if said.addressee else None,
        tuple(shown.people.of(said).items()),
        day(said.created_at) if now - said.created_at < _DAYS_IN_WORDS else "",
        (is_own, is_own and said.is_editable),
    )


def discussion(shown: Discussion) -> SafeString:
    """Render comments with their first replies."""
    return _rendered("notes/comments/discussion.html", DiscussionKey(shown), get_language())


def more_threads(shown: Discussion) -> SafeString:
    """Render the threads of a later page alone, to be appended."""
    return _rendered("notes/comments/discussion.html#threads", DiscussionKey(shown), get_language())


def more_replies(shown: Discussion) -> SafeString:
    """Render the replies of one thread alone, to be appended."""
    return _rendered(REPLIES, DiscussionKey(shown), get_language())


@lru_cache(KEPT)
def _rendered(template: str, key: DiscussionKey, language: str | None) -> SafeString:
    shown, key.shown = key.shown, None
    assert shown
    threads = tuple(_thread(each, shown) for each in shown.threads)
    address = shown.note.get_absolute_url()
    context: dict[str, Any] = {
        "threads": threads,
        "more": shown.more,
        "address": address,
        "query": shown.query,
    }
    if template == REPLIES:
        context["thread"] = threads[0]
    return render_to_string(template, context | {"is_fragment": template == REPLIES})


def _thread(said: Any, shown: Discussion) -> Thread:
    return Thread(
        _words(said, shown),
        tuple(_words(reply, shown) for reply in said.shown_replies),
        said.replies_left,
        said.replies_continue,
        not said.replies_continue and said.reply_total > said.reply_count,
        said.pk == shown.opened,
    )


def _words(said: Any, shown: Discussion) -> Words:
    note, viewer = shown.note, shown.viewer
    is_own = said.author_id is not None and said.author_id == viewer.pk
    is_of_note = note.author_id == viewer.pk
    return Words(
        said.pk,
        said.body,
        tuple(shown.people.of(said).items()),
        said.get_absolute_url(),
        said.created_at,
        day(said.created_at),
        said.edited_at is not None,
        said.is_pinned,
        (said.addressee["name"], f"/@{said.addressee['handle']}/") if said.addressee else None,
        None if said.deleted_at else author_of(said.author),
        said.author_id == note.author_id,
        is_own,
        said.pk == shown.marked,
        said.like_count,
        said.liked,
        "" if shown.closed else _where_to_answer(said, note, viewer),
        is_own or is_of_note,
        is_own and said.is_editable,
        is_of_note and said.parent_id is None,
    )


def _where_to_answer(said: Any, note: Note, viewer: Viewer) -> str:
    thread = said.parent_id or said.pk
    place = f"{note.get_absolute_url()}?thread={thread}&reply={said.pk}#comment-{said.pk}"
    return place if viewer.is_authenticated else f"{reverse('account_login')}?{urlencode({'next': place})}"
