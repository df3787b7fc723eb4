"""Run the whole proof, or a part of it, on one snapshot of the database."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from moderation.models import Proof
from moderation.prove import served
from moderation.prove.counting import prove_counting
from moderation.prove.differences import Tally
from moderation.prove.epochs import prove_computing
from moderation.prove.limits import prove_limits
from moderation.prove.orders import prove_explore, prove_lists
from moderation.prove.rows import column

# The daily part: so many lists of each kind, to so many places, and the numbers of so many notes and people.
SOME_LISTS, SOME_PLACES, SOME_ROWS = 25, 240, 20_000
KEPT, LOGGED = 400, 20

log = logging.getLogger(__name__)


def prove(
    *, is_whole: bool, seed: int = 0, told: Callable[[str], None] = lambda part: None
) -> tuple[Proof, Tally]:
    """Compare everything, or another part of it for each seed. Store and return the outcome, with the differences."""
    began_at, start, tally = timezone.now(), monotonic(), Tally()
    most, deep = (None, None) if is_whole else (SOME_LISTS, SOME_PLACES)
    served.forget()
    with _snapshot():
        told("decisions")
        prove_limits(tally)
        told("what is counted")
        first, last = _numbers(is_whole, seed)
        prove_counting(tally, first, last)
        told("Explore")
        prove_computing(tally, began_at)
        prove_explore(tally, most=most, deep=deep, seed=seed)
        told("lists")
        prove_lists(tally, most=most, deep=deep, seed=seed)
    return _store(began_at, monotonic() - start, is_whole, tally), tally


def prove_some(*, seed: int) -> None:
    """Prove a part, as the daily job does. The log names what differs."""
    made, tally = prove(is_whole=False, seed=seed)
    for each in tally.found[:LOGGED]:
        log.error("manage.py prove: %s", each)
    if made.differences:
        log.error("manage.py prove: %s differences without a row that explains them", made.differences)


@contextmanager
def _snapshot() -> Iterator[None]:
    """See the database as of one moment, whatever is written meanwhile, and write nothing."""
    is_inside = connection.in_atomic_block  # as in tests: the caller's transaction is the snapshot
    with transaction.atomic(durable=False):
        if not is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")  # which is for pages
        yield


def _numbers(is_whole: bool, seed: int) -> tuple[int, int]:
    """Return the first and last number of the notes and people that are compared."""
    top = column("SELECT greatest((SELECT max(id) FROM notes_note), (SELECT max(id) FROM profiles_user), 0)")[
        0
    ]
    if is_whole or top <= SOME_ROWS:
        return 0, top
    parts = -(-top // SOME_ROWS)
    first = (seed % parts) * SOME_ROWS
    return first, first + SOME_ROWS


def _store(began_at: datetime, seconds: float, is_whole: bool, tally: Tally) -> Proof:
    made = Proof.objects.create(
        began_at=began_at,
        seconds=round(seconds, 2),
        is_whole=is_whole,
        lists=tally.lists,
        places=tally.places,
        rows=tally.rows,
        differences=len(tally.found),
    )
    newest = Proof.objects.latest_first().values_list("pk", flat=True)[:KEPT]
    Proof.objects.exclude(pk__in=list(newest)).delete()
    return made


def latest_proof() -> Proof | None:
    """Return the latest outcome, for the page of figures."""
    return Proof.objects.latest_first().first()
