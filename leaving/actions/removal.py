"""Delete an account two weeks after its owner asked for it, in steps that each touch few rows."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from secrets import randbits
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from core.jobs import defer_once
from insights.models import Entered, FoundBy, Pick
from leaving.actions.archives import delete_archives
from leaving.letters import languages_of
from moderation.models import Appeal, Case, Decision, Report
from notes.mentions.actions import remove_mentions_of_notes
from notes.models import (
    Arrival,
    Collect,
    Collection,
    CollectionFollow,
    Comment,
    CommentLike,
    HistoryEntry,
    Less,
    Like,
    Mention,
    Note,
    NoteReader,
    Photo,
    Series,
)
from notes.photos.files import remove_photos
from notes.readers.actions import forget_readers
from notifications.models import Notification, NotificationGroup
from people.actions.avatars import remove_avatar
from people.actions.handles import retire_handles
from people.actions.moderators import former_moderator
from people.actions.people import end_sessions
from people.mails import post
from profiles.models import Block, Follow, FollowRequest, Mute, User
from profiles.models.user import LEAVE_AFTER

NOTES_AT_ONCE, ROWS_AT_ONCE = 20, 500
TRY_TO_TELL = timedelta(days=3)
log = logging.getLogger(__name__)


def remove_leavers() -> None:
    """Delete accounts whose two weeks are over, and resume deletions that had begun."""
    over = timezone.now() - LEAVE_AFTER
    User.objects.filter(leaving_at__lte=over, going_at__isnull=True).update(going_at=timezone.now())
    for person_id in User.objects.filter(going_at__isnull=False).values_list("pk", flat=True):
        defer_once("remove_person", f"remove_person:{person_id}", person_id=person_id)


def remove_person(person_id: int) -> None:
    """Delete an account with all its content and files; the last row goes once the person was notified."""
    person = User.objects.filter(pk=person_id, going_at__isnull=False).first()
    if person is None:
        return
    end_sessions(person=person)
    delete_archives(person=person)
    for rows, step in _steps(person):
        while step(rows):
            pass
    if _told(person):
        _remove_last(person)


def _steps(person: User) -> Iterator[tuple[QuerySet[Any], Callable[[QuerySet[Any]], bool]]]:
    """Yield querysets, each with the function that deletes its first rows; each is repeated until no row is left."""
    yield Note.objects.filter(author=person), _remove_notes
    yield NoteReader.objects.filter(person=person), _forget_reader
    comments = Comment.objects.filter(author=person)
    yield comments.filter(parent__isnull=False), _remove_answers
    yield comments, _remove_comments
    yield CommentLike.objects.filter(person=person), _remove_likes_of_comments
    for answers in (Like, Collect):
        yield answers._default_manager.filter(person=person), _remove_answers
    yield CollectionFollow.objects.filter(follower=person), _remove_rows
    yield Collection.objects.filter(owner=person), _remove_rows
    yield Follow.objects.filter(Q(follower=person) | Q(followed=person)), _remove_follows
    yield FollowRequest.objects.filter(Q(follower=person) | Q(followed=person)), _remove_rows
    yield Block.objects.filter(Q(blocker=person) | Q(blocked=person)), _remove_rows
    yield Mention.objects.filter(Q(author=person) | Q(person=person)), _remove_rows
    yield Mute.objects.filter(Q(muter=person) | Q(muted=person)), _remove_rows
    yield Pick.objects.filter(Q(picker=person) | Q(creator=person)), _remove_rows
    yield Entered.objects.filter(Q(reader=person) | Q(creator=person)), _remove_rows
    yield Arrival.objects.filter(person=person), _remove_rows
    yield Series.objects.filter(author=person), _remove_rows
    yield Less.objects.filter(person=person), _remove_rows
    yield HistoryEntry.objects.filter(person=person), _remove_rows
    yield FoundBy.objects.filter(creator=person), _remove_rows
    yield Notification.objects.filter(actor=person), _remove_rows
    yield Notification.objects.filter(person=person), _remove_rows
    yield NotificationGroup.objects.filter(person=person), _remove_rows


@transaction.atomic
def _remove_notes(rows: QuerySet[Note]) -> bool:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:NOTES_AT_ONCE])
    photos = Photo.objects.held_by(Note.objects.filter(pk__in=chosen))
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    notes = Note.objects.filter(pk__in=chosen)
    notes.lock()
    forget_readers(notes=chosen)
    remove_photos(photos_gone=photos)
    remove_mentions_of_notes(notes=notes)
    notes.delete()
    return bool(chosen)


@transaction.atomic
def _remove_answers(rows: QuerySet[Any]) -> bool:
    """Return rows about other people's notes, whose counters they change."""
    chosen = _chosen(rows, "note")
    rows.filter(pk__in=[pk for pk, _note in chosen]).delete()
    return bool(chosen)


@transaction.atomic
def _forget_reader(rows: QuerySet[Any]) -> bool:
    """Anonymise the person's reader rows of one author, and keep them counted. This runs before their likes and
    comments are deleted, which would make them unengaged: a figure that falls would reveal who left.

    All rows of an author are changed at once, so that they stay one reader of that author. For another author they
    become another reader.
    """
    author = rows.order_by("note__author").values_list("note__author", flat=True).first()
    of_author = rows.filter(note__author=author)
    notes = list(of_author.values_list("note", flat=True))
    Note.objects.filter(pk__in=notes).lock()
    of_author.filter(note__in=notes).update(person=None, departed=-1 - randbits(62))
    return bool(notes)


@transaction.atomic
def _remove_comments(rows: QuerySet[Comment]) -> bool:
    """Delete first-level comments; those with replies of others leave a placeholder."""
    chosen = [pk for pk, _note in _chosen(rows, "note")]
    answered = Comment.objects.filter(parent__in=chosen).values("parent")
    gaps = Comment.objects.filter(pk__in=answered)
    Report.objects.filter(comment__in=gaps).update(comment=None, note=None)
    deleted_at = Coalesce("deleted_at", Now())
    CommentLike.objects.filter(comment__in=gaps).delete()
    gaps.update(author=None, body="", deleted_at=deleted_at, pinned_at=None, hidden_reason="")
    rows.filter(pk__in=chosen).delete()
    return bool(chosen)


@transaction.atomic
def _remove_likes_of_comments(rows: QuerySet[CommentLike]) -> bool:
    chosen = _chosen(rows, "comment__note")
    rows.filter(pk__in=[pk for pk, _note in chosen]).delete()
    return bool(chosen)


@transaction.atomic
def _remove_follows(rows: QuerySet[Follow]) -> bool:
    chosen = list(rows.order_by("pk").values_list("pk", "follower", "followed")[:ROWS_AT_ONCE])
    User.objects.filter(pk__in={pk for _row, *ends in chosen for pk in ends}).lock()
    rows.filter(pk__in=[row for row, *_ends in chosen]).delete()
    return bool(chosen)


@transaction.atomic
def _remove_rows(rows: QuerySet[Any]) -> bool:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
    rows.filter(pk__in=chosen).delete()
    return bool(chosen)


def _chosen(rows: QuerySet[Any], of: str) -> list[tuple[int, int]]:
    """Return the first rows, each with its locked note."""
    chosen = list(rows.order_by("pk").values_list("pk", of)[:ROWS_AT_ONCE])
    Note.objects.filter(pk__in={note for _pk, note in chosen}).lock()
    return chosen


def _told(person: User) -> bool:
    """Return whether the person was notified, or could not be for three days; then the address is forgotten.

    An address that was never confirmed gets no mail: it may be another person's.
    """
    if not person.is_verified:
        return True
    try:
        post("leaving/email/gone", person.email, languages_of(person), {"person": person, "site": ""})
    except OSError as error:
        log.warning(
            "The deletion notice to person %s cannot be delivered: %s. It is retried for three days; "
            "check the mail server.",
            person.pk,
            error,
        )
        assert person.going_at
        return person.going_at < timezone.now() - TRY_TO_TELL
    return True


@transaction.atomic
def _remove_last(person: User) -> None:
    """Delete the person's row and free the address. The handle stays reserved as a keyed hash.

    What they did and decided as a moderator stays on record without their name; so do reports, without reporter and
    details.
    """
    photos = Photo.objects.filter(owner=person)
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    User.objects.filter(pk=person.pk).lock()
    Case.objects.filter(Q(reports__reporter=person) | Q(subject=person)).lock()
    Report.objects.filter(reporter=person).update(reporter=None, details="")
    _forget_decisions(person)
    if LogEntry.objects.filter(user=person).exists():
        LogEntry.objects.filter(user=person).update(user=former_moderator())
    _forget_in_log(person)
    retire_handles(person=person)
    remove_photos(photos_gone=photos)
    remove_avatar(person=person)
    person.delete()


def _forget_decisions(person: User) -> None:
    """Delete the words of decisions about the person and of their appeals. That there were any stays on record."""
    Report.objects.filter(case__subject=person).update(closed_reason="")
    Appeal.objects.filter(Q(decision__subject=person) | Q(author=person)).update(text="", answer="")
    Decision.objects.filter(subject=person).update(facts="", undone_reason="")


def _forget_in_log(person: User) -> None:
    """Remove address and @handle from what moderators wrote, and the bare handle from what they wrote about the
    person: elsewhere it may be an ordinary word. The lists of changed fields, which Django writes, name no person.
    """
    about = Q(object_id=str(person.pk), content_type__app_label="profiles", content_type__model="user")
    email, handle = _literal(person.email), person.handle
    for rows, named in (
        (LogEntry.objects.all(), rf"({email}|@{handle}\M)"),
        (LogEntry.objects.filter(about), rf"\m{handle}\M"),
    ):
        for field in ("object_repr", "change_message"):
            unnamed = Func(
                F(field),
                Value(named),
                Value("…"),
                Value("gi"),
                function="regexp_replace",
                output_field=TextField(),
            )
            found = rows.filter(**{f"{field}__iregex": named}).exclude(change_message__startswith="[")
            found.update(**{field: unnamed})


def _literal(text: str) -> str:
    """Escape a text for a PostgreSQL regular expression."""
    return "".join(letter if letter.isalnum() else rf"\{letter}" for letter in text)
