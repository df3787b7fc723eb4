"""Choose a label that others use: prefill the label form, before anything is saved."""

from typing import Any

from django.db.models import Count

from profiles.models import Label, Positioning, PositioningTopic, Viewer

USUAL_TOPICS, HOLDERS_ASKED = 3, 50


def label_to_choose(slug: str) -> Label | None:
    """Return the label with this slug, unless a moderator hid it."""
    return Label.objects.shown().filter(slug=slug).first() if slug else None


def chosen_words(label: Label, words: dict[str, Any]) -> dict[str, Any]:
    """Return `words` of the label editor with this label; existing topics stay, and without any, its usual topics are
    added.
    """
    return words | {"label": label.wording, "topics": words["topics"] or usual_topics(label)}


def usual_topics(label: Label) -> list[str]:
    """Return up to USUAL_TOPICS topics that most of the latest holders of the label declare, most frequent first."""
    latest = Positioning.objects.shown().filter(label=label, person__is_active=True)
    asked = latest.order_by("-newest_on_topic", "-pk").values("pk")[:HOLDERS_ASKED]
    named = PositioningTopic.objects.filter(positioning__in=asked, taken_at__isnull=True)
    shown = named.exclude(tag__state__is_hidden=True).values("tag__name").annotate(number=Count("pk"))
    most = shown.order_by("-number", "tag__name")[:USUAL_TOPICS]
    return [row["tag__name"] for row in most]


def declares(viewer: Viewer, label: Label) -> bool:
    """Return whether the viewer has this label now."""
    return viewer.is_authenticated and viewer.positionings.current().filter(label=label).exists()
