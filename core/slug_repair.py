"""For the migrations that added marks back to slugs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils.text import slugify

from core.ids import random_name
from core.text import normal_form, slug

AT_ONCE = 500
_LONGEST = 80


class Rename(NamedTuple):
    pk: int
    before: str
    now: str


def readdress(
    rows: Iterable[tuple[int, str, str]], model: type[models.Model], former: Any, kind: str
) -> None:
    """Recompute slugs from the rows' words, for rows given by id, word and slug; store the old ones in `former`.

    Only a slug that was made by the former rule changes. A word whose slug another word had taken gets it once that
    is free. Some hundred rows at a time, each in a transaction unless there is one around.
    """
    for some in batched(_renames(rows, model), AT_ONCE, strict=False):
        with transaction.atomic():
            _rename(some, model, former, kind)


def _renames(rows: Iterable[tuple[int, str, str]], model: type[models.Model]) -> Iterator[Rename]:
    """Yield renames in an order in which each slug is free when it is taken."""
    waiting = [row for row in rows if _was_made(*row[1:])]
    taken = set(model._default_manager.values_list("slug", flat=True))
    for _turn in range(2):  # the first frees what the second takes
        left = []
        for pk, word, before in waiting:
            wanted = slug(word)[:_LONGEST]
            if wanted in taken:
                left.append((pk, word, before))
                continue
            yield Rename(pk, before, wanted)
            taken.discard(before)
            taken.add(wanted)
        waiting = left
    for pk, word, before in waiting:
        if slug(word) != slugify(normal_form(word), allow_unicode=True):
            yield Rename(pk, before, f"{slug(word)[:_LONGEST]}-{random_name()[:6]}")


def _was_made(word: str, stored: str) -> bool:
    """Return whether the former rule made the stored slug, and today's makes another."""
    made = slugify(normal_form(word), allow_unicode=True)[:_LONGEST]
    return (
        stored != slug(word)[:_LONGEST] and re.fullmatch(re.escape(made) + "(-[^-]{6})?", stored) is not None
    )


def _rename(some: Sequence[Rename], model: Any, former: Any, kind: str) -> None:
    """Rename rows; a row that takes a slug freed by another comes after it."""
    became = {each.before: each.now for each in some}
    at_once = [each for each in some if each.now not in became]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(
            f"UPDATE {table} AS named SET slug = now"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::varchar[]) AS renamed (pk, now) WHERE named.id = pk",
            [[each.pk for each in at_once], [each.now for each in at_once]],
        )
    for each in some:
        if each.now in became:
            model._default_manager.filter(pk=each.pk).update(slug=each.now)
    led = list(former.objects.filter(kind=kind, became__in=became))
    for row in led:
        row.became = became[row.became]
    former.objects.bulk_update(led, ["became"])
    former.objects.bulk_create(
        [former(kind=kind, slug=each.before, became=each.now) for each in some],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["became"],
    )
