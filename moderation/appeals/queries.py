"""Appeals that wait, and who may decide them."""

from django.conf import settings
from django.db.models import Q, QuerySet

from moderation.models import Appeal, Seal
from moderation.sealing.roles import may_open_sealed
from profiles.models import User


def waiting(moderator: User) -> QuerySet[Appeal]:
    """Return the appeals that this moderator may decide, the oldest first."""
    rows = within_reach(moderator).filter(decided_at=None).order_by("created_at", "pk")
    rows = rows.select_related("decision__case", "decision__rule", "decision__subject")
    return rows.fetch_mode(settings.LAZY_FETCH_MODE)


def within_reach(moderator: User) -> QuerySet[Appeal]:
    """Return the appeals, decided or not, that are neither the moderator's own nor against their own decisions; those
    of sealed cases only to the roles that may open these.
    """
    rows = Appeal.objects.filter(_is_anothers(moderator))
    if may_open_sealed(moderator):
        return rows
    return rows.exclude(decision__case__in=Seal.objects.in_force().values("case"))


def may_decide(appeal: Appeal, moderator: User) -> bool:
    return within_reach(moderator).filter(pk=appeal.pk).exists()


def _is_anothers(moderator: User) -> Q:
    """Match appeals that neither concern the moderator nor are against their own decisions, while there are others."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=moderator.pk)
    not_concerned = ~Q(decision__subject=moderator)
    if not others.exists():
        return Q() if moderator.is_superuser else not_concerned
    return not_concerned & (Q(decision__decided_by=None) | ~Q(decision__decided_by=moderator))
