import html

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator

from notifications.models import Kind
from notifications.queries import Item
from notifications.templatetags.notifications import address_of

register = template.Library()
QUOTE_MAX = 140


@register.filter
def sentence(item: Item) -> str:
    """Return what a notification says as plain text."""
    said = render_to_string(
        "notifications/sentence.html", {"item": item, "told": item.told, "note": item.told.note}
    )
    return " ".join(html.unescape(strip_tags(said)).split())


@register.simple_tag
def address(item: Item, handle: str) -> str:
    """Return the page that a row of this person's leads to, as in the list."""
    if item.told.kind == Kind.FOLLOW and item.others:
        return reverse("followers", args=[handle])
    return address_of(item.told)


@register.filter
def quote(item: Item) -> str:
    """Return the beginning of what a notification quotes, on one line; "" where it quotes nothing."""
    told = item.told
    said = ""
    if told.kind == Kind.NOTE_HIDDEN and told.note:
        said = told.note.hidden_reason
    elif told.kind == Kind.LABEL_HIDDEN and told.label:
        said = told.label.hidden_reason
    elif told.kind != Kind.COMMENT_LIKE and told.comment:
        said = told.comment.body
    return Truncator(" ".join(said.split())).chars(QUOTE_MAX)
