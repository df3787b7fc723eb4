"""Import a list of known pictures: a fingerprint a line, 16 hexadecimal digits; # begins a remark."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db import connection, transaction
from django.utils import timezone

from core.jobs import defer
from imaging import SAYS_NOTHING
from moderation.models import KnownPicture, Rule

BATCH = 10_000
NAMED = 20  # wrong lines that are named; the others are counted
LINE_MAX = 200
_DIGITS = re.compile(r"[0-9a-f]+")


@dataclass
class Imported:
    """What came of a list. `refused`: the first wrong lines, each with its number and why."""

    added: int = 0
    known: int = 0
    wrong: int = 0
    refused: list[str] = field(default_factory=list)


class WrongLine(ValueError):
    """The line is no fingerprint; the message says why."""


def read_line(line: str) -> int | None:
    """Return the fingerprint of a line, None for one without any. Raises WrongLine."""
    said = line.partition("#")[0].strip().lower()
    if not said:
        return None
    if not _DIGITS.fullmatch(said):
        raise WrongLine("not hexadecimal")
    if len(said) != 16:
        raise WrongLine(f"{len(said)} digits instead of 16")
    number = int.from_bytes(bytes.fromhex(said), signed=True)
    if number == SAYS_NOTHING:
        raise WrongLine("the fingerprint of a picture of one tone, which says nothing")
    return number


def import_list(*, lines: Iterable[str], rule: Rule, source: str) -> Imported:
    """Add the fingerprints of a list, a batch a transaction, and look for photos like them. Those that are known stay
    as they are, retired ones too: the same list again adds nothing. Wrong lines are left out.
    """
    done = Imported()
    for some in batched(_numbers(lines, done), BATCH):
        _add(list(dict.fromkeys(some)), rule, source, done)
        done.known += len(some) - len(dict.fromkeys(some))
    return done


def _numbers(lines: Iterable[str], done: Imported) -> Iterator[int]:
    for place, line in enumerate(lines, 1):
        try:
            number = read_line(line[:LINE_MAX])
        except WrongLine as error:
            done.wrong += 1
            if len(done.refused) < NAMED:
                done.refused.append(f"line {place}: {error}")
        else:
            if number is not None:
                yield number


@transaction.atomic
def _add(numbers: list[int], rule: Rule, source: str, done: Imported) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [rule.pk, source, timezone.now(), numbers])
        added = [pk for (pk,) in cursor.fetchall()]
    done.added += len(added)
    done.known += len(numbers) - len(added)
    if added:
        defer("look_for_known", after=min(added) - 1, until=max(added))


_INSERT = f"""
INSERT INTO {KnownPicture._meta.db_table} (fingerprint, rule_id, why, source, added_at)
SELECT fingerprint, %s, '', %s, %s FROM unnest(%s::bigint[]) WITH ORDINALITY AS list (fingerprint, place) ORDER BY place
ON CONFLICT (fingerprint) DO NOTHING RETURNING id
"""  # noqa: S608  our own words alone
