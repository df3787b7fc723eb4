"""Moderators: staff in the group Moderators."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.audit import Action, log
from profiles.models import User

GROUP = "Moderators"
FORMER = "former_moderator"
# To "change" what people make and are is to hide or suspend it: admin offers nothing else.
MAY = {
    "moderation": [
        *("view_report", "change_report", "view_case", "change_case"),
        *("view_decision", "change_decision", "view_appeal", "change_appeal", "view_rule"),
    ],
    "notes": [
        *("view_note", "change_note", "view_comment", "change_comment"),
        *("view_series", "change_series"),
        *("view_channel", "add_channel", "change_channel"),
        *("view_collection", "change_collection"),
    ],
    "taggit": ["view_tag", "change_tag"],
    "insights": ["view_word", "add_word", "change_word"],
    "profiles": [
        "view_user",
        "change_user",
        "view_label",
        "change_label",
        "view_campus",
        "change_campus",
        "add_campus",
    ],
}


@transaction.atomic
def appoint(*, person: User) -> None:
    """Make a person a moderator. Idempotent."""
    person.groups.add(moderators())
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    log(actor=None, action=Action.APPOINTED)


@transaction.atomic
def remove_moderator(*, person: User) -> None:
    """End a person's role as a moderator. Idempotent."""
    person.groups.remove(moderators())
    person.is_staff = False
    person.save(update_fields=["is_staff"])
    log(actor=None, action=Action.DISMISSED)


def former_moderator() -> User:
    """Return the placeholder account that keeps the log entries of deleted moderators; it can never sign in."""
    made = User.objects.by_handle(FORMER)
    if not made.exists():
        nobody = User(
            email=f"{FORMER}@nobody.invalid", handle=FORMER, name=FORMER, suspended_at=timezone.now()
        )
        nobody.set_unusable_password()
        User.objects.bulk_create([nobody], ignore_conflicts=True)
    return made.get()


def moderators() -> Group:
    """Return the group with its permissions, created or completed if needed."""
    group, _is_new = Group.objects.get_or_create(name=GROUP)
    named = Q(pk__in=[])
    for app_label, codenames in MAY.items():
        named |= Q(content_type__app_label=app_label, codename__in=codenames)
    group.permissions.add(*Permission.objects.filter(named))
    return group
