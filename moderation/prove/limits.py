"""What moderators' decisions fill: each column that lowers a note or person has a decision in force that its author
reads, and each decision in force does what it says.
"""

from collections.abc import Iterator

from moderation.prove.differences import Difference, Tally
from moderation.prove.rows import IN_FORCE, column, hidden, rows

# Of what can be hidden: its table, the SQL of its id, of whether it is hidden, and of who reads why (NULL: its users).
_HIDEABLE = {
    "note": ("notes_note", "id", "hidden_at IS NOT NULL", "author_id"),
    "photo": ("notes_photo", "id", "hidden_at IS NOT NULL", "owner_id"),
    "comment": ("notes_comment", "id", "hidden_at IS NOT NULL", "author_id"),
    "series": ("notes_series", "id", "hidden_at IS NOT NULL", "author_id"),
    "collection": ("notes_collection", "id", "hidden_at IS NOT NULL", "owner_id"),
    "label": ("profiles_label", "id", "hidden_at IS NOT NULL", "NULL"),
    "tag": ("notes_tagstate", "tag_id", "is_hidden", "NULL"),
    "campus": ("profiles_campus", "id", "is_hidden", "NULL"),
}
_HIDDEN = """
SELECT target.{pk}, {is_hidden}
FROM {table} AS target WHERE ({is_hidden}) <> (target.{pk} IN {decided}) ORDER BY 1
"""
_UNREAD = f"""
SELECT target.{{pk}}, decided.id FROM {{table}} AS target
JOIN moderation_case AS held ON held.kind = '{{kind}}' AND held.number = target.{{pk}}
JOIN moderation_decision AS decided ON decided.case_id = held.id AND {IN_FORCE}
WHERE decided.step IN ('hide', 'warning') AND decided.subject_id IS DISTINCT FROM target.{{reader}} ORDER BY 2
"""
_WARNED = f"""
SELECT note.id, note.warning, coalesce(said.warning, '')
FROM notes_note AS note LEFT JOIN (
    SELECT DISTINCT ON (held.number) held.number, decided.warning
    FROM moderation_decision AS decided JOIN moderation_case AS held ON held.id = decided.case_id
    WHERE held.kind = 'note' AND decided.step = 'warning' AND {IN_FORCE}
    ORDER BY held.number, decided.created_at, decided.id
) AS said ON said.number = note.id
WHERE (note.warning <> '' OR said.number IS NOT NULL) AND note.warning <> coalesce(said.warning, '') ORDER BY note.id
"""
_SUSPENDED = f"""
SELECT person.id, person.suspended_at IS NOT NULL FROM profiles_user AS person
WHERE (person.suspended_at IS NOT NULL) <> EXISTS (
    SELECT FROM moderation_decision AS decided
    WHERE decided.subject_id = person.id AND decided.step = 'suspend' AND {IN_FORCE}
) ORDER BY person.id
"""
_LIMITED = f"""
SELECT person.id, person.{{column}}, said.until FROM profiles_user AS person LEFT JOIN (
    SELECT decided.subject_id AS person, max(decided.ends_at) AS until FROM moderation_decision AS decided
    WHERE decided.step = 'limit' AND '{{limit}}' = ANY (decided.limits) AND {IN_FORCE} AND decided.ends_at > now()
    GROUP BY decided.subject_id
) AS said ON said.person = person.id
WHERE (person.{{column}} > now() OR said.until IS NOT NULL)
    AND person.{{column}} IS DISTINCT FROM said.until ORDER BY person.id
"""
_OVERDUE = f"""
SELECT decided.id, decided.ends_at FROM moderation_decision AS decided
WHERE {IN_FORCE} AND decided.ends_at < now() - interval '1 hour' ORDER BY decided.id
"""


def prove_limits(tally: Tally) -> None:
    tally.rows += column("SELECT count(*) FROM moderation_decision")[0]
    tally.found += [*_wrongly_hidden(), *_not_readable(), *_wrongly_warned(), *_wrong_accounts(), *_overdue()]


def _wrongly_hidden() -> Iterator[Difference]:
    for kind, (table, pk, is_hidden, _reader) in _HIDEABLE.items():
        sql = _HIDDEN.format(table=table, pk=pk, is_hidden=is_hidden, decided=hidden(kind))
        for number, is_so in rows(sql):
            said = "hidden, but no decision hides it" if is_so else "shown, although a decision hides it"
            yield Difference(f"{kind} {number}", said)


def _not_readable() -> Iterator[Difference]:
    for kind, (table, pk, _is_hidden, reader) in _HIDEABLE.items():
        if reader != "NULL":
            for number, decision in rows(_UNREAD.format(table=table, pk=pk, kind=kind, reader=reader)):
                said = f"decision {decision} about it is not one that its author can read"
                yield Difference(f"{kind} {number}", said)


def _wrongly_warned() -> Iterator[Difference]:
    for note, there, right in rows(_WARNED):
        said = f"its warning is “{there}”, decided was “{right}”"
        yield Difference(f"note {note}", said)


def _wrong_accounts() -> Iterator[Difference]:
    for person, is_suspended in rows(_SUSPENDED):
        said = "suspended, but no decision suspends them"
        yield Difference(
            f"person {person}", said if is_suspended else "active, although a decision suspends them"
        )
    for limit in ("posting", "commenting", "following"):
        for person, there, right in rows(_LIMITED.format(column=f"{limit}_until", limit=limit)):
            said = f"{limit} is limited until {there or 'nothing'}, decided was {right or 'nothing'}"
            yield Difference(f"person {person}", said)


def _overdue() -> Iterator[Difference]:
    for decision, ends_at in rows(_OVERDUE):
        yield Difference(f"decision {decision}", f"still holds, although it was to end on {ends_at}")
