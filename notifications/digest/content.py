"""What is in a digest: what a person was told since the last one, has not read, and may see at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.mail import ListMail
from notifications.digest.models import Digest, Subscription
from notifications.digest.tokens import token_of
from notifications.models import Inbox, Notification
from notifications.queries import Item
from profiles.models import User

# Numbers are given before transactions end: what is this young waits for the next digest, so that none is passed over.
SETTLES = timedelta(minutes=1)
READ_MAX, SHOWN_MAX = 500, 20
_SHOWN = (
    *("kind", "number", "created_at", "group_id", "actor__handle", "actor__name"),
    *("note__title", "note__hidden_reason", "note__is_held", "comment__note", "comment__body"),
    *("label__wording", "label__hidden_reason"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """Rows as the page of notifications shows them, newest first; `more` further ones are left out. `number` counts
    notifications, of which the newest is `up_to`.
    """

    items: list[Item]
    more: int
    number: int
    up_to: int

    @property
    def number_shown(self) -> str:
        return f"{self.number}" if self.number < READ_MAX else f"{READ_MAX - 1}+"


def news(person: User, subscription: Subscription, now: datetime) -> Content | None:
    """Return what is new for the person, by the rule of the page of notifications; None without anything."""
    read = Inbox.objects.filter(person=person).values_list("read_up_to", flat=True).first() or 0
    rows = Notification.objects.visible_to(person).filter(
        pk__gt=max(read, subscription.told_up_to), created_at__lt=now - SETTLES
    )
    rows = rows.select_related("actor", "note", "comment", "label").only(*_SHOWN)
    told = list(rows.fetch_mode(settings.LAZY_FETCH_MODE).order_by("-pk")[:READ_MAX])
    if not told:
        return None
    items = list(_items(told))
    return Content(items[:SHOWN_MAX], len(items[SHOWN_MAX:]), len(told), told[0].pk)


def _items(told: Iterable[Notification]) -> Iterable[Item]:
    groups: dict[Any, list[Notification]] = {}
    for each in told:
        groups.setdefault(each.group_id or f"alone {each.pk}", []).append(each)
    today = timezone.localdate()
    return (Item(group[0], len(group) - 1, True, today) for group in groups.values())


def mail(person: User, subscription: Subscription, digest: Digest, content: Content) -> ListMail:
    """Write the digest in the person's language, with times of their zone."""
    language = person.language or subscription.language or settings.LANGUAGE_CODE
    address = f"{settings.SITE_ADDRESS}/digest/{token_of(person.pk)}/"
    context = {
        "person": person,
        "content": content,
        "site": settings.SITE_ADDRESS,
        "address": address,
        "hour": f"{subscription.hour:02}:00",
    }
    with translation.override(language), timezone.override(person.zone):
        subject, text, html = (
            render_to_string(f"notifications/digest/{name}", context | {"language": language}).strip()
            for name in ("subject.txt", "mail.txt", "mail.html")
        )
    return ListMail(
        subject,
        text + "\n",
        to=[person.email],
        alternatives=[(html, "text/html")],
        unsubscribe=address,
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<digest-{digest.pk}@{settings.SITE_ADDRESS.partition('://')[2].partition(':')[0]}>",
        },
    )
