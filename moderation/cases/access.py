"""Which cases a moderator may open: none that concerns them, and sealed ones only with one of two roles."""

from typing import Any, NamedTuple

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.db.prepared_queries import compiled
from moderation.models import Case, Report, Seal
from moderation.sealing.roles import NAMES, may_open_sealed
from profiles.models import Positioning, User

SEALED = Exists(Seal.objects.in_force().filter(case=OuterRef("pk")))


class Access(NamedTuple):
    """What a moderator may open beside what everyone of them may: sealed cases, and, as the only one, their own."""

    sealed: bool
    own: bool


def access_of(moderator: User) -> Access:
    """Return what this moderator may open. Asked of the database each time, in one query."""
    if not moderator.is_staff or not moderator.is_active:
        return Access(sealed=False, own=is_only_moderator(moderator))
    ((has_role, has_others),) = _standing(person=moderator.pk) or [(False, True)]
    return Access(sealed=has_role, own=moderator.is_superuser and not has_others)


@compiled
def _standing(*, person: Any) -> QuerySet[Any]:
    roles = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=[*NAMES])
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=OuterRef("pk"))
    return User.objects.filter(pk=person).values_list(Exists(roles), Exists(others))


def may_decide(moderator: User) -> bool:
    """Return whether this person has the permission to decide about cases: `has_perm` at a quarter of its cost."""
    if not moderator.is_active or moderator.is_superuser:
        return moderator.is_active
    return bool(_deciding(person=moderator.pk))


@compiled
def _deciding(*, person: Any) -> QuerySet[Any]:
    named = Permission.objects.filter(content_type__app_label="moderation", codename="change_case")
    return named.filter(Q(user=person) | Q(group__user=person)).values_list("pk")[:1]


def concerning(person: Any) -> Q:
    """Match cases about the person with this key or what is theirs, about comments under their notes, and those they
    reported.
    """
    reported = Report.objects.filter(case=OuterRef("pk"), reporter=person)
    declared = Positioning.objects.filter(label=OuterRef("label"), person=person)
    theirs = Q(subject=person) | Q(person=person) | Q(note__author=person) | Q(comment__author=person)
    return theirs | Q(comment__note__author=person) | Exists(reported) | Exists(declared)


def open_to[Rows: QuerySet[Case]](cases: Rows, moderator: User) -> Rows:
    """Leave out the cases that the moderator may neither read nor decide. Only who is the only moderator left decides
    their own matters, as nobody else could.
    """
    return within(cases, access_of(moderator), moderator.pk)


def within[Rows: QuerySet[Case]](cases: Rows, access: Access, moderator: Any) -> Rows:
    """Leave out the cases that the moderator with this key and access may neither read nor decide."""
    if not access.sealed:
        cases = cases.exclude(SEALED)
    return cases if access.own else cases.exclude(concerning(moderator))


def reports_open_to[Rows: QuerySet[Report]](reports: Rows, moderator: User) -> Rows:
    """Leave out reports of sealed cases for moderators without a role."""
    if may_open_sealed(moderator):
        return reports
    return reports.exclude(Exists(Seal.objects.in_force().filter(case=OuterRef("case"))))


def is_only_moderator(person: User) -> bool:
    """Return whether the person is a superuser and no other moderator could decide."""
    if not person.is_superuser:
        return False
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=person.pk)
    return not others.exists()
