"""Remember a person's searches, and forget them again.

A page writes nothing: it buffers that a person searched, and the thread of notes/readers/write_buffer.py writes it some
seconds later. What was searched before the person cleared their searches stays away, however late it is written.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from core.text import forbidden, is_blank, is_piled, normal_form, tidy_line
from notes.readers import write_buffer
from notes.readers.openings import is_read
from profiles.models import User
from search.asked import QUERY_MAX
from search.models import RecentChoice, RecentSearch
from search.models.recent import FORGOTTEN, KEPT

WRITTEN_WITHIN = timedelta(hours=1)  # longer than a search waits to be written


class Searched(NamedTuple):
    """A person searched for these words."""

    person: int
    words: str
    at: datetime


def remember(request: HttpRequest, words: str) -> None:
    """Buffer what a signed-in person searched for, if they or a page of ours asked for it: not a link of another site,
    a prefetch or a script.
    """
    is_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
    if (
        not request.user.is_authenticated
        or is_elsewhere
        or not is_read(request)
        or "HX-Request" in request.headers
    ):
        return
    if said := _said(words):
        write_buffer.put(Searched(request.user.pk, said, timezone.now()))


@transaction.atomic
def record_searches(*, searches: Sequence[Searched]) -> None:
    """Store the latest KEPT searches of each person who keeps them. Idempotent.

    People are locked first: a person who clears their searches at the same moment goes before or after.
    """
    latest = {(each.person, _digest(each.words)): each for each in sorted(searches, key=lambda each: each.at)}
    people = _lock({each.person for each in searches})
    rows = [
        (each.person, each.words, digest, each.at)
        for (_, digest), each in latest.items()
        if each.person in people
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, [list(column) for column in zip(*rows, strict=True)])
            cursor.execute(_DROP, [list(people), KEPT])


def forget(*, person: User, words: str) -> None:
    """Delete one search of the person's, however it was written. Idempotent.

    What this process has not written yet is written before. Another may still write the same words, from a moment ago:
    so a row without words keeps their place until the night, and an older search cannot overwrite it.
    """
    write_buffer.flush_kind(Searched)
    with transaction.atomic():
        _lock({person.pk})
        known = RecentSearch.objects.filter(person=person, digest=_digest(_said(words)))
        known.update(words=FORGOTTEN, searched_at=timezone.now())


def forget_forgotten() -> None:
    """Delete what is left of single searches that were forgotten, once nothing of before can be written. Idempotent."""
    RecentSearch.objects.filter(words=FORGOTTEN, searched_at__lt=timezone.now() - WRITTEN_WITHIN).delete()


@transaction.atomic
def forget_all(*, person: User) -> None:
    """Delete all searches of the person's up to now, also those that are not written yet. Idempotent."""
    _lock({person.pk})
    RecentChoice.objects.update_or_create(person=person, defaults={"cleared_at": timezone.now()})
    RecentSearch.objects.filter(person=person).delete()


@transaction.atomic
def keep(*, person: User, is_kept: bool) -> None:
    """Remember searches from now on, or none and forget those before. Idempotent."""
    _lock({person.pk})
    RecentChoice.objects.update_or_create(
        person=person, defaults={"is_kept": is_kept, "cleared_at": timezone.now()}
    )
    RecentSearch.objects.filter(person=person).delete()


def _said(words: str) -> str:
    typed = words[:QUERY_MAX]
    if is_piled(typed) or forbidden(typed) is not None or is_blank(typed):
        return ""
    return tidy_line(typed)[:QUERY_MAX]


def _digest(words: str) -> bytes:
    return blake2b(normal_form(words).encode(), digest_size=16).digest()


def _lock(people: set[int]) -> set[int]:
    """Lock these people until the transaction ends, and return those who are active."""
    active = User.objects.filter(pk__in=people, is_active=True).order_by("pk")
    return set(active.select_for_update(no_key=True).values_list("pk", flat=True))


_RECORD = """
INSERT INTO search_recentsearch AS known (person_id, words, digest, searched_at)
SELECT person, words, digest, at
FROM unnest(%s::bigint[], %s::varchar[], %s::bytea[], %s::timestamptz[]) AS searched (person, words, digest, at)
LEFT JOIN search_recentchoice AS choice ON choice.person_id = person
WHERE choice.is_kept IS NOT false AND (choice.cleared_at IS NULL OR choice.cleared_at < at)
ORDER BY person, digest
ON CONFLICT (person_id, digest) DO UPDATE SET words = excluded.words, searched_at = excluded.searched_at
WHERE known.searched_at < excluded.searched_at
"""
_DROP = """
DELETE FROM search_recentsearch USING (
    SELECT id, row_number() OVER (PARTITION BY person_id, words = '' ORDER BY searched_at DESC, id DESC) AS place
    FROM search_recentsearch WHERE person_id = ANY (%s)
) AS placed
WHERE search_recentsearch.id = placed.id AND place > %s
"""
