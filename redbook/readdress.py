"""For the migrations that gave words their marks back in addresses."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.text import slugify

from redbook.ids import random_name
from redbook.text import normal_form, slug

_LONGEST = 80


def readdress(
    rows: Iterable[tuple[int, str, str]], model: type[models.Model], former: Any, kind: str
) -> None:
    """Give each row, by id, word and slug, the slug of its word today, and keep the one it had in `former`.

    Only a slug that was made from the word, by the former rule, changes. A word whose slug another word had taken gets
    it once that is free.
    """
    waiting = [row for row in rows if _was_made(*row[1:])]
    taken = set(model._default_manager.values_list("slug", flat=True))
    for _turn in range(2):  # the first frees what the second takes
        left = []
        for pk, word, before in waiting:
            wanted = slug(word)[:_LONGEST]
            if wanted in taken:
                left.append((pk, word, before))
                continue
            _rename(model, former, kind, pk, before, wanted)
            taken.discard(before)
            taken.add(wanted)
        waiting = left
    for pk, word, before in waiting:
        if slug(word) != slugify(normal_form(word), allow_unicode=True):
            _rename(model, former, kind, pk, before, f"{slug(word)[:_LONGEST]}-{random_name()[:6]}")


def _was_made(word: str, stored: str) -> bool:
    """Whether the former rule made the stored slug of the word, and today's makes another."""
    made = slugify(normal_form(word), allow_unicode=True)[:_LONGEST]
    return (
        stored != slug(word)[:_LONGEST] and re.fullmatch(re.escape(made) + "(-[^-]{6})?", stored) is not None
    )


def _rename(model: Any, former: Any, kind: str, pk: int, before: str, now: str) -> None:
    model._default_manager.filter(pk=pk).update(slug=now)
    former.objects.filter(kind=kind, became=before).update(became=now)
    former.objects.update_or_create(kind=kind, slug=before, defaults={"became": now})
