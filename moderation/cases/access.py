"""Which cases a moderator may open: none that concerns them, and sealed ones only with one of two roles."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from moderation.models import Case, Report, Seal
from moderation.sealing.roles import may_open_sealed
from profiles.models import Positioning, User

SEALED = Exists(Seal.objects.in_force().filter(case=OuterRef("pk")))


def concerning(person: User) -> Q:
    """Match cases about the person or what is theirs, about comments under their notes, and those they reported."""
    reported = Report.objects.filter(case=OuterRef("pk"), reporter=person)
    declared = Positioning.objects.filter(label=OuterRef("label"), person=person)
    theirs = Q(subject=person) | Q(person=person) | Q(note__author=person) | Q(comment__author=person)
    return theirs | Q(comment__note__author=person) | Exists(reported) | Exists(declared)


def open_to[Rows: QuerySet[Case]](cases: Rows, moderator: User) -> Rows:
    """Leave out the cases that the moderator may neither read nor decide. Only who is the only moderator left decides
    their own matters, as nobody else could.
    """
    if not may_open_sealed(moderator):
        cases = cases.exclude(SEALED)
    return cases if is_only_moderator(moderator) else cases.exclude(concerning(moderator))


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
