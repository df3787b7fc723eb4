"""Declaring a label, and hiding one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag

from notes.actions.publishing import tags_named
from profiles.models import Label, Positioning, PositioningTopic, User
from redbook.text import normal_form


class LabelHidden(Exception):
    """A moderator hid this label: it cannot be declared."""


class TooSoon(Exception):
    """Another label or primary topic has to wait until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@transaction.atomic
def declare_label(
    *,
    person: User,
    wording: str,
    topics: Sequence[str],
    statement: str = "",
    audience: str = Positioning.Audience.EVERYONE,
) -> Positioning:
    """What the person declares from now on; the first of one to five topics is primary.

    The last version is amended in place while it may be, and where label and primary topic stay the same; a
    withdrawn one is in force again then. Otherwise it retires and a new one begins. Raises LabelHidden and TooSoon.
    """
    User.objects.select_for_update(no_key=True, of=["self"]).get(pk=person.pk)
    label = Label.objects.worded(wording)
    if label.hidden_at:
        raise LabelHidden
    tags = _in_order(topics)
    positioning = person.positionings.select_related("label").order_by("-declared_at", "-pk").first()
    if positioning is None or not (
        positioning.may_be_amended or _promises_the_same(positioning, label, tags[0])
    ):
        if positioning and positioning.waits_until and not positioning.label.hidden_at:
            raise TooSoon(positioning.waits_until)
        now = timezone.now()
        person.positionings.current().update(retired_at=now)
        positioning = Positioning(person=person, declared_at=now)
    positioning.label, positioning.wording = label, wording
    positioning.statement, positioning.audience = statement, audience
    positioning.retired_at = None
    positioning.save()
    _give_topics(positioning, tags)
    return positioning


def withdraw_label(*, person: User) -> None:
    """Leaves the person without a label. What they declared until now stays in their history."""
    person.positionings.current().update(retired_at=timezone.now())


def hide_label(*, label: Label, by: Any, reason: str) -> bool:
    """Takes the label from every page; its holders are asked to choose another. Gives whether that was news."""
    shown = Label.objects.filter(pk=label.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


def restore_label(*, label: Label) -> bool:
    hidden = Label.objects.filter(pk=label.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))


def _promises_the_same(positioning: Positioning, label: Label, primary: Tag) -> bool:
    return (
        positioning.label_id == label.pk
        and PositioningTopic.objects.filter(positioning=positioning, position=0, tag=primary).exists()
    )


def _give_topics(positioning: Positioning, tags: list[Tag]) -> None:
    positioning.topic_places.all().delete()
    PositioningTopic.objects.bulk_create(
        PositioningTopic(positioning=positioning, tag=tag, position=position)
        for position, tag in enumerate(tags)
    )


def _in_order(names: Sequence[str]) -> list[Tag]:
    found = {tag.name: tag for tag in tags_named(names)}
    return [found[name] for name in dict.fromkeys(map(normal_form, names))]
