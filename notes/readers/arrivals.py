"""Record by which searched words people came to a note, for its author's Mirror (docs/insights.md)."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qsl

from django.db import connection, transaction

from core.text import forbidden, is_blank, is_piled, normal_form, tidy_line
from core.zones import site_day
from notes.models import Note
from notes.models.arrival import ARRIVALS_MAX, WORDS_MAX, Arrival
from notes.readers.events import Arrived
from profiles.models import User

KEPT_DAYS = 16 * 7
_ADDRESS_MAX = 2000  # characters of a page's address that are read
_ROWS_AT_ONCE = 5000

_ARRIVED = """
INSERT INTO notes_arrival (note_id, person_id, words, day)
SELECT note, person, words, site_day(min(at))
FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[], %s::timestamptz[]) AS arrived (note, person, words, at)
WHERE (
    SELECT count(*) FROM notes_arrival AS before WHERE before.note_id = note AND before.person_id = person
) < %s
GROUP BY note, person, words
ORDER BY note, person, words
ON CONFLICT (note_id, person_id, words) DO NOTHING
"""


def searched_words(query: str) -> str:
    """Return the words of a search page's query string in normal form; "" without any, and for more than WORDS_MAX,
    which ten people do not type alike.
    """
    given = (
        parse_qsl(query[:_ADDRESS_MAX], max_num_fields=20, errors="replace") if query.count("&") < 20 else []
    )
    typed = dict(given).get("q", "")
    if len(typed) > 2 * WORDS_MAX or is_piled(typed) or forbidden(typed) is not None:
        return ""
    words = normal_form(tidy_line(typed))
    return "" if len(words) > WORDS_MAX or is_blank(words) else words


@transaction.atomic
def record_arrivals(*, arrivals: Sequence[Arrived]) -> None:
    """Store arrivals at notes by people who are still there, up to ARRIVALS_MAX for each note and person. Moderators
    are left out. Idempotent.
    """
    notes = Note.objects.filter(pk__in={arrived.note for arrived in arrivals}).lock()
    readers = User.objects.filter(
        pk__in={arrived.person for arrived in arrivals}, is_staff=False, is_active=True
    )
    people = set(readers.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rows = [each for each in arrivals if each.note in notes and each.person in people]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ARRIVED, [*map(list, zip(*rows, strict=True)), ARRIVALS_MAX])


def forget_old_arrivals() -> None:
    """Delete the arrivals of more than KEPT_DAYS ago, in steps. Idempotent."""
    old = Arrival.objects.filter(day__lte=site_day() - timedelta(days=KEPT_DAYS))
    while Arrival.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_ROWS_AT_ONCE])).delete()[0]:
        pass
