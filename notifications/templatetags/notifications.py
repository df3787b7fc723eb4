from django import template
from django.urls import reverse

from notifications import rows
from notifications.models import OF_DECISIONS, OF_REPORTS, Kind, Notification

register = template.Library()
register.simple_tag(rows.row)

_SIGNS = {
    Kind.LIKE: "heart",
    Kind.SAVE: "save",
    Kind.COMMENT: "chat",
    Kind.REPLY: "chat",
    Kind.COMMENT_LIKE: "heart",
    Kind.MENTION: "at",
    Kind.FOLLOW: "user",
    Kind.REQUEST: "user",
    Kind.APPROVAL: "check",
    Kind.NOTE_HIDDEN: "warn",
    Kind.NOTE_RESTORED: "eye",
    Kind.LABEL_HIDDEN: "warn",
    Kind.ARCHIVE: "down",
    **dict.fromkeys(OF_DECISIONS, "warn"),
    **dict.fromkeys(OF_REPORTS, "flag"),
}
_PAGES = {Kind.REQUEST: "follow_requests", Kind.LABEL_HIDDEN: "settings_label", Kind.ARCHIVE: "settings_data"}


@register.filter
def sign_of(kind: str) -> str:
    """Return the icon of a kind of notification."""
    return _SIGNS[Kind(kind)]


@register.filter
def address_of(told: Notification) -> str:
    """Return the page that a notification leads to."""
    if told.kind in OF_DECISIONS:
        return f"/decisions/{told.number}/"
    if told.kind in OF_REPORTS:
        return f"/reports/#report-{told.number}"
    if page := _PAGES.get(Kind(told.kind)):
        return reverse(page)
    about = told.comment or told.note or told.actor
    return about.get_absolute_url() if about else reverse("notifications")
