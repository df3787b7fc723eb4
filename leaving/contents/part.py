from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from notes.models import Note
from notes.models.visibility import is_meant_for
from profiles.models import User

BATCH = 500


@dataclass(frozen=True)
class Part:
    """One file of the archive, `data/<name>.json`: an object, or a list of any length, written as it is generated.

    `covers` lists the relations to a person that it includes, as "app.Model.field".
    """

    name: str
    about: Promise
    rows: Callable[[User], dict[str, Any] | Iterable[dict[str, Any]]]
    covers: Sequence[str] = ()


def in_batches[Row: Model](rows: QuerySet[Row]) -> Iterator[tuple[Row, ...]]:
    """Yield all rows in order of id, a batch at a time."""
    yield from batched(rows.order_by("pk").iterator(chunk_size=BATCH), BATCH)


def notes_as_seen(person: User, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return title and author of the notes that the person may open now, and only the number of the others."""
    seen = Note.objects.filter(is_meant_for(person), pk__in=set(ids))
    titles = {pk: (title, handle) for pk, title, handle in seen.values_list("pk", "title", "author__handle")}
    return {
        pk: {"note": pk, "title": titles[pk][0], "author": titles[pk][1]} if pk in titles else {"note": pk}
        for pk in set(ids)
    }


def handles_as_seen(people: QuerySet[User], ids: Iterable[int]) -> dict[int, str]:
    """Return the handles of those of these people that the person may see now."""
    return dict(people.filter(pk__in=set(ids)).values_list("pk", "handle"))
