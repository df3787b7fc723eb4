"""Turn digests on and off, and send those that are due, each of a person in a job of its own.

A digest is claimed in a transaction that ends before it is sent, so that no day's is sent twice, whatever is cut off.
What was not sent for certain is in the next one.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Greatest
from django.utils import timezone

from core import backoff
from core.jobs import defer_once, unfinished
from core.mail import ListMail
from notifications.digest.content import mail, news
from notifications.digest.hours import LATE, Due, next_due
from notifications.digest.models import Digest, Subscription
from notifications.digest.queries import is_refused
from notifications.digest.sending import Outcome, send
from notifications.models import Notification
from profiles.models import User

KEEP = timedelta(days=180)
AT_ONCE = 500  # jobs that one sweep queues
WAITS = [timedelta(minutes=minutes) for minutes in (5, 15, 45, 135)]  # before the tries after the first
SERVER = "digest:mail server"  # what failures of the mail server are counted by
CHARGES = {Outcome.SLOW: 1, Outcome.UNKNOWN: 1, Outcome.AWAY: 3}
State = Digest.State


@transaction.atomic
def save_digest(*, person: User, is_on: bool, hour: int, language: str) -> None:
    """Turn the digest on, at this hour, or off. Idempotent: a digest that is planned already stays as it is."""
    Subscription.objects.bulk_create([Subscription(person=person)], ignore_conflicts=True)
    held = Subscription.objects.select_for_update().get(person=person)
    if is_on and held.next_at and held.hour == hour:
        return
    if is_on and not held.next_at:
        newest = Notification.objects.filter(person=person).aggregate(newest=Max("pk"))["newest"]
        held.told_up_to, held.language = newest or 0, language
    held.hour = hour
    held.next_at = _next(held, person, timezone.now()).at if is_on else None
    held.save()


def unsubscribe(*, person_id: int) -> None:
    """Turn a digest off. Idempotent."""
    Subscription.objects.filter(pk=person_id).update(next_at=None)


@transaction.atomic
def plan_digest(person_id: int) -> None:
    """Plan a digest anew for a person who chose another time zone."""
    held = Subscription.objects.select_for_update().filter(pk=person_id, next_at__isnull=False).first()
    if held:
        person = User.objects.get(pk=person_id)
        Subscription.objects.filter(pk=person_id).update(next_at=_next(held, person, timezone.now()).at)


def begin_digests() -> None:
    """Queue a job for each person whose digest is due, those who wait longest first."""
    due = Subscription.objects.filter(next_at__lte=timezone.now()).order_by("next_at")
    queued = unfinished("send_digest", "person_id")
    for person_id in due.values_list("pk", flat=True)[: AT_ONCE + len(queued)]:
        if person_id not in queued:
            defer_once("send_digest", f"digest:{person_id}", person_id=person_id)


def send_digest(person_id: int) -> None:
    """Send a person the digest that is due, if there is anything in it."""
    claim = _claim(person_id, timezone.now())
    if claim:
        _record(claim, send(claim.message))


def forget_digests() -> None:
    Digest.objects.filter(day__lt=timezone.now().date() - KEEP).delete()


@dataclass(frozen=True, slots=True)
class _Claim:
    digest: Digest
    message: ListMail


@transaction.atomic
def _claim(person_id: int, now: datetime) -> _Claim | None:
    """Write down that the digest that is due is being sent, and plan the next one. None where there is none to send."""
    held = Subscription.objects.select_for_update().filter(pk=person_id, next_at__lte=now).first()
    if held is None:
        return None
    person = User.objects.get(pk=person_id)
    try:
        backoff.check(SERVER)
    except backoff.Waiting as waiting:
        Subscription.objects.filter(pk=person_id).update(next_at=waiting.until)
        return None
    digest = _due(held, person, now)
    if digest.due_at > now:
        Subscription.objects.filter(pk=person_id).update(next_at=digest.due_at)
        return None
    last = Due(digest.day, digest.due_at)
    following = next_due(held.hour, person.zone, after=now, last=last)
    Subscription.objects.filter(pk=person_id).update(next_at=following.at)
    content = news(person, held, now) if _may_get(person) else None
    if content is None:
        Digest.objects.filter(pk=digest.pk).update(state=State.GIVEN_UP)
        return None
    digest.state, digest.claimed_at, digest.tries = State.CLAIMED, now, digest.tries + 1
    digest.up_to, digest.number = content.up_to, content.number
    digest.save()
    return _Claim(digest, mail(person, held, digest, content))


def _due(held: Subscription, person: User, now: datetime) -> Digest:
    """Return the digest to try again, or a new one: what is due first, or was within the hours in which it may come
    late.
    """
    last = Digest.objects.filter(person=person).order_by("-day").first()
    if last and last.state == State.WAITING:
        if last.due_at > now - LATE:
            return last
        last.state = State.GIVEN_UP
        last.save(update_fields=["state"])
    due = _next(held, person, now - LATE)
    return Digest(person=person, day=due.day, due_at=due.at)


def _next(held: Subscription, person: User, after: datetime) -> Due:
    last = Digest.objects.filter(person=person).order_by("-day").values_list("day", "due_at").first()
    return next_due(held.hour, person.zone, after=after, last=Due(*last) if last else None)


def _may_get(person: User) -> bool:
    """Return whether mail goes to the person: to confirmed addresses of accounts that are not suspended or leaving."""
    return person.is_active and person.is_verified


def _record(claim: _Claim, outcome: Outcome) -> None:
    """Write down what became of a digest that was claimed."""
    if outcome is Outcome.SENT:
        _record_sent(claim.digest)
    elif outcome is Outcome.REFUSED:
        _record_refused(claim.digest)
    elif outcome is Outcome.SENDER_REFUSED:
        Digest.objects.filter(pk=claim.digest.pk).update(state=State.GIVEN_UP)
    elif outcome is not Outcome.UNKNOWN:  # which stays claimed
        _try_again(claim.digest)
    if units := CHARGES.get(outcome):
        with suppress(backoff.Waiting):  # counted already
            backoff.charge(settings.BACKOFFS["digests"], SERVER, units)
    else:
        backoff.clear(SERVER)


@transaction.atomic
def _record_sent(digest: Digest) -> None:
    Digest.objects.filter(pk=digest.pk).update(state=State.SENT, sent_at=timezone.now())
    subscription = Subscription.objects.filter(pk=digest.person_id)
    subscription.update(told_up_to=Greatest("told_up_to", digest.up_to))


@transaction.atomic
def _record_refused(digest: Digest) -> None:
    """Turn a digest off after some refusals in a row, unless the server refuses everybody's."""
    Digest.objects.filter(pk=digest.pk).update(state=State.REFUSED)
    others = Digest.objects.filter(state=State.SENT, day__gte=digest.day - timedelta(days=1))
    if is_refused(digest.person_id) and others.exists():
        unsubscribe(person_id=digest.person_id)


@transaction.atomic
def _try_again(digest: Digest) -> None:
    """Have a digest tried again later, in the hours in which it may come late, and not after it was turned off."""
    waits = WAITS[digest.tries - 1 : digest.tries]
    again = timezone.now() + waits[0] if waits else None
    is_left = again and again < digest.due_at + LATE
    on = Subscription.objects.filter(pk=digest.person_id, next_at__isnull=False)
    is_planned = bool(is_left and on.update(next_at=again))
    Digest.objects.filter(pk=digest.pk).update(state=State.WAITING if is_planned else State.GIVEN_UP)
