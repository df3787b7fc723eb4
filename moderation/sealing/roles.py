"""The two roles that may open sealed cases. Being a superuser is none of them: who holds one was given it by name."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import Action, log
from profiles.models import User, Viewer

CHILD_SAFETY, LEGAL = "Child safety", "Legal contact"
ROLES: dict[str, str] = {"child-safety": CHILD_SAFETY, "legal": LEGAL}
NAMES: dict[str, Promise] = {CHILD_SAFETY: _("Child safety"), LEGAL: _("Legal contact")}


def may_open_sealed(person: Viewer) -> bool:
    """Return whether the person is a moderator with one of the two roles. Asked of the database each time."""
    if not (person.is_authenticated and person.is_active and person.is_staff):
        return False
    return User.objects.filter(pk=person.pk, groups__name__in=NAMES).exists()


@transaction.atomic
def give_role(*, person: User, role: str) -> None:
    """Give a moderator one of the ROLES. Idempotent."""
    group, _is_new = Group.objects.get_or_create(name=role)
    if not person.groups.filter(pk=group.pk).exists():
        person.groups.add(group)
        log(actor=None, action=Action.APPOINTED, words=role)


@transaction.atomic
def take_role(*, person: User, role: str) -> None:
    """Take one of the ROLES from a person. Idempotent."""
    group = person.groups.filter(name=role).first()
    if group:
        person.groups.remove(group)
        log(actor=None, action=Action.DISMISSED, words=role)
