"""Declare, withdraw and hide labels."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag

from core.jobs import defer
from notes.compose.tagging import tags_named
from notes.models import Note
from profiles.models import Label, Positioning, PositioningTopic, User
from profiles.models.label import AMEND_WITHIN

_DECLARED = ["label", "wording", "statement", "audience", "retired_at"]


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
    shows_focus: bool | None = None,
) -> Positioning:
    """Declare a label with one to five topics; the first is primary. `shows_focus` sets whether others see how many
    notes are about it; None leaves it unchanged.

    Going back to a former label within an hour reopens its chapter and deletes the positionings since, if nothing was
    published under them. Otherwise the latest version is amended in place while that is allowed and label and primary
    topic stay the same; else it is retired and a new one begins. Raises LabelHidden and TooSoon.
    """
    tags = tags_named(topics)  # locked before the person, as merging tags does
    User.objects.select_for_update(no_key=True, of=["self"]).get(pk=person.pk)
    label = Label.objects.worded(wording)
    if label.hidden_at:
        raise LabelHidden
    positioning = _reopened(person, label) or _amendable(person, label, tags[0])
    if positioning is None:
        now = timezone.now()
        person.positionings.current().update(retired_at=now)
        positioning = Positioning(person=person, declared_at=now)
    positioning.label, positioning.wording = label, wording
    positioning.statement, positioning.audience = statement, audience
    positioning.retired_at = None
    positioning.save(
        update_fields=_DECLARED if positioning.pk else None
    )  # without the columns that triggers maintain
    _give_topics(positioning, tags)
    if shows_focus is not None:
        User.objects.filter(pk=person.pk).update(shows_focus=shows_focus)
    return positioning


def withdraw_label(*, person: User) -> None:
    """Remove the person's label. Its positioning stays among their chapters. Idempotent."""
    person.positionings.current().update(retired_at=timezone.now())


@transaction.atomic
def hide_label(*, label: Label, by: User, reason: str) -> bool:
    """Hide the label from every page; a job tells its holders to choose another. Return whether it was visible."""
    shown = Label.objects.filter(pk=label.pk, hidden_at__isnull=True)
    if not shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason):
        return False
    defer("tell_of_hidden_label", label_id=label.pk)
    return True


def restore_label(*, label: Label) -> bool:
    hidden = Label.objects.filter(pk=label.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))


def _left_lately(person: User, label: Label) -> Positioning | None:
    """Return the person's chapter of this label that ended within the hour, if any."""
    lately = timezone.now() - AMEND_WITHIN
    ended = person.positionings.filter(label=label, retired_at__gt=lately)
    return ended.order_by("-retired_at", "-pk").first()


def _reopened(person: User, label: Label) -> Positioning | None:
    """Return the reopened chapter, with the positionings since deleted; None if there is none, or a note was published
    since.
    """
    former = _left_lately(person, label)
    if former is None or former.retired_at is None or _has_published(person, since=former.retired_at):
        return None
    later = person.positionings.filter(Q(declared_at__gte=former.retired_at) | Q(retired_at__isnull=True))
    later.exclude(pk=former.pk).delete()
    return former


def _amendable(person: User, label: Label, primary: Tag) -> Positioning | None:
    """Return the latest version if this declaration may amend it in place; None if a new one begins. Raises TooSoon."""
    last = person.positionings.select_related("label").order_by("-declared_at", "-pk").first()
    if last is None:
        return None
    is_same = _promises_the_same(last, label, primary)
    amends = last.may_be_amended or (is_same and last.retired_at is None)
    if amends and _left_lately(person, label) is None:
        return last
    if last.waits_until and not last.label.hidden_at and not is_same:
        raise TooSoon(last.waits_until)
    return None


def _has_published(person: User, *, since: datetime) -> bool:
    return Note.objects.filter(author=person, published_at__gte=since).exists()


def _promises_the_same(positioning: Positioning, label: Label, primary: Tag) -> bool:
    places = positioning.topic_places.filter(position=0, tag=primary, taken_at__isnull=True)
    return positioning.label_id == label.pk and places.exists()


def _give_topics(positioning: Positioning, tags: list[Tag]) -> None:
    """Set the topics of the positioning; earlier ones stay on record.

    Topics that stood less than an hour without a note are deleted, so that going back to the topics before them
    restores those.
    """
    places = positioning.topic_places
    current, wanted = list(places.filter(taken_at__isnull=True)), [tag.pk for tag in tags]
    if [place.tag_id for place in current] == wanted:
        return
    given_at: datetime | None = None
    if current:
        given_at = current[0].given_at
        since, now = given_at or positioning.declared_at, timezone.now()
        if now >= since + AMEND_WITHIN or _has_published(positioning.person, since=since):
            places.filter(taken_at__isnull=True).update(taken_at=now)
            given_at = now
        else:
            places.filter(taken_at__isnull=True).delete()
            former = places.filter(taken_at=given_at) if given_at else places.none()
            if list(former.values_list("tag_id", flat=True)) == wanted:
                former.update(taken_at=None)
                return
    PositioningTopic.objects.bulk_create(
        PositioningTopic(positioning=positioning, tag=tag, position=position, given_at=given_at)
        for position, tag in enumerate(tags)
    )
