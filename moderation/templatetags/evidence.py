"""Kept copies in templates."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.models import Evidence

register = template.Library()
NAMES: dict[str, Promise] = {
    "handle": _("Handle"),
    "name": _("Name"),
    "bio": _("Bio"),
    "label": _("Label"),
    "statement": _("Statement"),
    "title": _("Title"),
    "body": _("Text"),
    "tags": _("Tags"),
    "place": _("Place"),
    "partner": _("Brand"),
    "description": _("Description"),
    "city": _("City"),
}


@register.filter
def kept_words(version: Evidence) -> list[tuple[Promise, str]]:
    """Return the words of a version that are not empty, each with the name of its field."""
    said = version.words
    lines = {
        name: " ".join(f"#{tag}" for tag in said[name]) if name == "tags" else said[name] for name in said
    }
    return [(NAMES[name], lines[name]) for name in NAMES if lines.get(name)]
