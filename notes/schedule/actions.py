"""Publish scheduled notes when their time has come, and cancel that."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from notes.models import Note, Photo
from notes.photos.publishing import finish_publishing
from profiles.models import User
from profiles.pauses import POSTING, pause_words, paused_until

SCHEDULED_MAX = 24
HOUR = timedelta(hours=1)
TRIES_FOR = timedelta(days=1)  # after its time, until a note that fails to be published is a draft again
log = logging.getLogger(__name__)


class ScheduleFull(Exception):
    """The author has as many scheduled notes as they may have, in all or around that hour; or is paused until later."""


def take_place(note: Note, at: datetime) -> None:
    """Schedule a locked draft, whose author's own time this takes. The caller stores it. Raises ScheduleFull.

    Publishing has a limit for each hour. Notes that wait for the same hour keep to it too. A time within a pause of the
    author's is refused, unless the note has it already: it waits for the end of the pause.
    """
    User.objects.filter(pk=note.author_id).lock()
    until = paused_until(User.objects.get(pk=note.author_id), POSTING)
    if until and at < until and at != Note.objects.values_list("scheduled_for", flat=True).get(pk=note.pk):
        raise ScheduleFull(format_html("{} {}", pause_words(POSTING, until), _("Choose a later time.")))
    drafts = Note.objects.filter(author=note.author_id, status=Note.Status.DRAFT)
    others = drafts.filter(scheduled_for__isnull=False).exclude(pk=note.pk)
    if others.count() >= SCHEDULED_MAX:
        said = _("You can have %(most)d notes scheduled. Publish or cancel one first.")
        raise ScheduleFull(said % {"most": SCHEDULED_MAX})
    most = settings.LIMITS["notes"].most
    near = others.filter(scheduled_for__gt=at - HOUR, scheduled_for__lt=at + HOUR)
    if settings.LIMITS_ON and near.count() >= most:
        said = _("You have %(most)d notes scheduled within an hour of that time. Choose another time.")
        raise ScheduleFull(said % {"most": most})
    note.scheduled_for, note.not_published = at, ""


@transaction.atomic
def cancel(*, note: Note) -> bool:
    """Keep a scheduled note as a draft. Return whether it is one; False if it was published meanwhile. Idempotent."""
    found = Note.objects.select_for_update(of=["self"]).filter(pk=note.pk).first()
    if found is None or found.status != Note.Status.DRAFT:
        return False
    Note.objects.filter(pk=note.pk).update(scheduled_for=None)
    return True


def publish_due(*, now: datetime | None = None) -> None:
    """Publish the notes whose time has come, in order of their times; the time of publication is the real one.

    Idempotent: each note is one transaction, in which it is no longer scheduled. Notes take turns across workers, so
    that the order holds. A note that another transaction has locked, whose photo is being prepared, or that fails,
    comes next time and holds up no other; one whose author is paused comes after the pause. One that still fails after
    a day is a draft again.
    """
    failed: set[int] = set()
    while _publish_next(now or timezone.now(), failed):
        pass


@transaction.atomic
def _publish_next(now: datetime, failed: set[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('publish_due', 0))")
    prepared = Photo.objects.filter(note=OuterRef("pk"), state=Photo.State.RECEIVED)
    due = Note.objects.filter(status=Note.Status.DRAFT, scheduled_for__lte=now).exclude(Exists(prepared))
    due = due.exclude(author__posting_until__gt=now)
    locked = due.select_for_update(of=["self"], skip_locked=True).select_related("author")
    note = locked.exclude(pk__in=failed).order_by("scheduled_for", "pk").first()
    if note is None:
        return False
    try:
        with transaction.atomic():
            _wait_briefly()
            _publish(note)
    except Exception:
        log.exception("The scheduled note %s could not be published.", note.pk)
        failed.add(note.pk)
        late = Note.objects.filter(pk=note.pk, scheduled_for__lte=now - TRIES_FOR)
        late.update(scheduled_for=None, not_published=Note.NotPublished.FAILED)
    return True


def _wait_briefly() -> None:
    """Have a lock that another transaction holds for long fail this note, since all others wait meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")


def _publish(note: Note) -> None:
    note.not_published, note.scheduled_for = _obstacle(note), None
    if not note.not_published:
        note.status = Note.Status.PROCESSING
    note.save(update_fields=["not_published", "scheduled_for", "status", "title_width"])
    finish_publishing(note)


def _obstacle(note: Note) -> str:
    """Return why a due note may not be published, as a value of Note.NotPublished; "" if it may. The author is locked,
    so that a suspension at the same moment comes before this or after the publication.
    """
    User.objects.filter(pk=note.author_id).lock()
    author = User.objects.get(pk=note.author_id)
    failed = Photo.objects.filter(note=note, state=Photo.State.FAILED).exists()
    obstacles = {
        Note.NotPublished.ACCOUNT: not author.is_active,
        Note.NotPublished.UNCONFIRMED: not author.is_verified,
        Note.NotPublished.HIDDEN: note.hidden_at is not None,
        Note.NotPublished.PHOTO: failed,
        Note.NotPublished.UNFINISHED: not note.title or bool(note.typed),
    }
    return next((str(reason) for reason, holds in obstacles.items() if holds), "")
