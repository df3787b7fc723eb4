from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast, Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

REST = timedelta(days=90)
RENAMES_MAX, RENAMES_WINDOW = 3, timedelta(days=30)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('handle:' || %s, 0))"


class Tenure(NamedTuple):
    """A period in which a person had a handle. `person` is None if they are deleted; `until` includes the days the
    handle is reserved, and is None while they have it.
    """

    handle: str
    person: int | None
    since: datetime
    until: datetime | None


class PastHandleQuerySet(models.QuerySet["PastHandle"]):
    def called(self, handle: str) -> Self:
        return self.filter(handle__in=[handle.lower(), keyed_hash(handle)])

    def resting(self) -> Self:
        """Return handles that are still reserved for their last person."""
        return self.filter(until__gt=timezone.now() - REST)

    def recent(self, person: models.Model) -> Self:
        """Return the person's renames that still count towards RENAMES_MAX, oldest first."""
        return self.filter(person=person, until__gt=timezone.now() - RENAMES_WINDOW).order_by("until")


class PastHandle(models.Model):
    """A handle that a person gave up. After their deletion `person` is empty and `handle` a keyed hash, which reserves
    the handle and keeps old mentions from leading to a later person.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="past_handles",
        verbose_name=_("person"),
    )
    handle = models.CharField(_("handle"), max_length=64)  # in lower case
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), default=timezone.now)

    objects = PastHandleQuerySet.as_manager()

    class Meta:
        verbose_name = _("past handle")
        verbose_name_plural = _("past handles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="past_handle_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, handle__regex="^[a-z0-9_]{3,30}$")
                | models.Q(person__isnull=True, handle__regex="^[0-9a-f]{64}$"),
                name="past_handle_hashed_of_nobody",
            ),
        ]
        indexes = [models.Index(fields=["handle", "until"], name="past_handle")]

    def __str__(self) -> str:
        return f"@{self.handle}"


def keyed_hash(handle: str) -> str:
    """Return the keyed hash under which a deleted person's handle is kept."""
    return salted_hmac("people.handles", handle.lower(), algorithm="sha256").hexdigest()


def lock_handles(*handles: str) -> None:
    """Lock these handles until the transaction ends. Everything that gives up or takes a handle locks it, in the same
    order.
    """
    with connection.cursor() as cursor:
        for handle in sorted({handle.lower() for handle in handles}):
            cursor.execute(_LOCK, [handle])


def is_held_back(handle: str, person: models.Model | None = None) -> bool:
    """Return whether the handle is reserved for another person."""
    rest = PastHandle.objects.called(handle).resting()
    return (rest.exclude(person=person.pk) if person and person.pk else rest).exists()


def holders(
    people: models.QuerySet[Any], handles: Collection[str], *, written: datetime, changed: datetime
) -> dict[str, int]:
    """Return the people that these lower-case handles mean in a text written and last changed at these times.

    A handle that a person had, or that was reserved for them, when the text was written means that person, whatever
    changed later; if they are deleted, nobody. A handle that was free then means the first person who took it before
    the last change.
    """
    periods: dict[str, list[Tenure]] = {handle: [] for handle in handles}
    for tenure in _tenures(people, handles):
        periods[tenure.handle].append(tenure)
    meant = {handle: _meant(rows, written, changed) for handle, rows in periods.items()}
    return {handle: person for handle, person in meant.items() if person}


def _meant(periods: list[Tenure], written: datetime, changed: datetime) -> int | None:
    then = [
        each for each in periods if each.since <= written and (each.until is None or written < each.until)
    ]
    if then:
        return max(then, key=lambda each: each.since).person
    later = [each for each in periods if written < each.since <= changed]
    return min(later, key=lambda each: each.since).person if later else None


def _tenures(people: models.QuerySet[Any], handles: Collection[str]) -> list[Tenure]:
    """Return who has and had these lower-case handles."""
    plain = {keyed_hash(handle): handle for handle in handles} | {handle: handle for handle in handles}
    still = Cast(Value(None), models.DateTimeField())
    now = people.alias(lower=Lower("handle")).filter(lower__in=handles)
    now = now.annotate(start=Coalesce("handle_since", "date_joined"))
    past = PastHandle.objects.filter(handle__in=plain)
    rows = now.values_list(Lower("handle"), "pk", "start", still).union(
        past.values_list("handle", "person", "since", "until"), all=True
    )
    return [
        Tenure(plain[handle], person, since, until + REST if until else None)
        for handle, person, since, until in rows
    ]
