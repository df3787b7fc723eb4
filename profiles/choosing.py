"""Choosing a label that others use: what the label form is filled in with, before anything is saved."""

from typing import Any

from django.db.models import Count

from profiles.models import Label, Positioning, PositioningTopic

USUAL_TOPICS, HOLDERS_ASKED = 3, 50


def label_to_choose(slug: str) -> Label | None:
    """Return the label at this address, unless a moderator hid it."""
    return Label.objects.shown().filter(slug=slug).first() if slug else None


def chosen_words(label: Label, words: dict[str, Any]) -> dict[str, Any]:
    """`words`, as the label editor has them, with this label; topics stay, and where there are none, they are those
    that people with the label name most.
    """
    return words | {"label": label.wording, "topics": words["topics"] or usual_topics(label)}


def usual_topics(label: Label) -> list[str]:
    """Return up to USUAL_TOPICS topics that most of the latest holders of the label name, the most usual first."""
    latest = Positioning.objects.shown().filter(label=label, person__is_active=True)
    asked = latest.order_by("-newest_on_topic", "-pk").values("pk")[:HOLDERS_ASKED]
    named = PositioningTopic.objects.filter(positioning__in=asked, taken_at__isnull=True)
    shown = named.exclude(tag__state__is_hidden=True).values("tag__name").annotate(number=Count("pk"))
    most = shown.order_by("-number", "tag__name")[:USUAL_TOPICS]
    return [row["tag__name"] for row in most]


def declares(viewer: Any, label: Label) -> bool:
    """Return whether this is the label that the viewer has now."""
    return viewer.is_authenticated and viewer.positionings.current().filter(label=label).exists()
