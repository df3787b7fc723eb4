"""Check what triggers keep about labels: find each wrong row, and how to correct it."""

from collections.abc import Iterator
from functools import partial

from django.db import connection

from notes.recount import Wrong

_WRONG = """
SELECT said.id, said.person_id, said.newest_on_topic, truth.newest, said.focus_shown, truth.focus
FROM profiles_positioning AS said JOIN profiles_user AS person ON person.id = said.person_id
CROSS JOIN LATERAL (
    SELECT newest_on_topic(said.id) AS newest, CASE WHEN person.shows_focus THEN focus_in_tenths(said.id) END AS focus
) AS truth
WHERE said.retired_at IS NULL
    AND (said.newest_on_topic <> truth.newest OR said.focus_shown IS DISTINCT FROM truth.focus)
ORDER BY said.id
"""


def wrong_labels() -> Iterator[Wrong]:
    """Return labels in force whose stored newest note on topic, or focus, is wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        found = cursor.fetchall()
    for pk, person, newest, true_newest, focus, true_focus in found:
        yield (
            f"positioning {pk}: newest_on_topic is {newest}, should be {true_newest};"
            f" focus_shown is {focus}, should be {true_focus}",
            partial(_tell, person),
        )


def _tell(person: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tell_labels(ARRAY[%s::bigint])", [person])
