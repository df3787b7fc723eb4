"""What the person was told, as their page of notifications shows it, and what they do not want to be told."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, in_batches, notes_as_seen
from notifications.digest.models import Digest, Subscription
from notifications.models import Inbox, Kind, MutedNote, Notification
from profiles.models import User

Rows = Iterator[dict[str, Any]]


def notifications(person: User) -> Rows:
    """Yield notifications that the person may see, without who saved a note."""
    read = Inbox.objects.filter(person=person).values_list("read_up_to", flat=True).first() or 0
    told = Notification.objects.visible_to(person).select_related("actor")
    for some in in_batches(told):
        notes = notes_as_seen(person, [each.note_id for each in some if each.note_id])
        for each in some:
            actor = each.actor.handle if each.actor and each.kind != Kind.SAVE else None
            about = notes[each.note_id] if each.note_id else {}
            said = {
                "kind": each.kind,
                "number": each.number,
                "person": actor,
                **about,
                "comment": each.comment_id,
            }
            yield {**said, "told_at": each.created_at, "is_read": each.pk <= read}


def muted_notes(person: User) -> Rows:
    for some in in_batches(MutedNote.objects.filter(person=person)):
        notes = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            yield {**notes[each.note_id], "since": each.created_at}


def settings(person: User) -> dict[str, Any]:
    off = Inbox.objects.filter(person=person).values_list("off", flat=True).first() or []
    digest = Subscription.objects.filter(person=person, next_at__isnull=False).first()
    return {"off": off, "daily_digest_at": f"{digest.hour:02}:00" if digest else None}


def digests(person: User) -> Rows:
    for digest in Digest.objects.filter(person=person).order_by("day"):
        said = {"day": digest.day, "state": digest.state, "tries": digest.tries}
        yield {**said, "sent_at": digest.sent_at, "notifications": digest.number}


PARTS = [
    Part("notifications", _("what you were told"), notifications, ["notifications.Notification.person"]),
    Part(
        "notification-settings",
        _("what you do not want to be told"),
        settings,
        ["notifications.Inbox.person", "digests.Subscription.person"],
    ),
    Part("digests", _("daily digests that were mailed to you"), digests, ["digests.Digest.person"]),
    Part(
        "muted-notes",
        _("notes whose notifications you muted"),
        muted_notes,
        ["notifications.MutedNote.person"],
    ),
]
