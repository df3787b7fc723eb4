"""Appeals that wait, and who may decide them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from moderation.cases.access import Access, access_of, within
from moderation.models import Appeal, Case, Report, Seal
from moderation.sealing.roles import NAMES
from profiles.models import User


def waiting(moderator: User) -> QuerySet[Appeal]:
    """Return the appeals that this moderator may decide, the oldest first."""
    rows = waiting_within(access_of(moderator), moderator.pk)
    rows = rows.select_related("decision__case", "decision__rule", "decision__subject")
    return rows.fetch_mode(settings.LAZY_FETCH_MODE)


def waiting_within(access: Access, moderator: Any) -> QuerySet[Appeal]:
    """Return the appeals that the moderator with this key and access may decide, the oldest first."""
    return reach(access, moderator).filter(decided_at=None).order_by("created_at", "pk")


def within_reach(moderator: User) -> QuerySet[Appeal]:
    return reach(access_of(moderator), moderator.pk)


def reach(access: Access, moderator: Any) -> QuerySet[Appeal]:
    """Return the appeals, decided or not, of cases that the moderator may open, and not against their own decisions."""
    cases = within(Case.objects.all(), access, moderator)
    rows = Appeal.objects.filter(_is_anothers(moderator), decision__case__in=cases)
    return rows.exclude(author=moderator)


def may_decide(appeal: Appeal, moderator: User) -> bool:
    return within_reach(moderator).filter(pk=appeal.pk).exists()


def _is_anothers(moderator: Any) -> Q:
    """Match appeals against the decisions of others, and those that nobody else could answer: every other moderator is
    the one they are about, or reported it, or has no role for a sealed case.
    """
    reported = Report.objects.filter(case=OuterRef(OuterRef("decision__case")), reporter=OuterRef("pk"))
    others = User.objects.filter(~Exists(reported), is_staff=True, is_active=True).exclude(pk=moderator)
    able = others.exclude(pk=Coalesce(OuterRef("decision__subject"), 0))
    sealed = Exists(Seal.objects.in_force().filter(case=OuterRef(OuterRef("decision__case"))))
    able = able.filter(~sealed | Q(Exists(Group.objects.filter(user=OuterRef("pk"), name__in=[*NAMES]))))
    return Q(decision__decided_by=None) | ~Q(decision__decided_by=moderator) | ~Q(Exists(able))
