"""Pick words for creators, strike them, and decide every week which ones are shown."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.http import Http404

from insights.floors import shown_words
from insights.models import Pick, SeenWord, StruckWord
from insights.standing import MAY_PICK, standing
from insights.word_keys import Key
from profiles.models import Block, User

# What everybody picked who is there; a topic that was merged is the other one.
_COUNT = """
WITH picked AS (
    SELECT pick.picker_id, pick.word_id, coalesce(state.merged_into_id, pick.tag_id) AS tag_id
    FROM insights_pick AS pick JOIN profiles_user AS picker ON picker.id = pick.picker_id
    LEFT JOIN notes_tagstate AS state ON state.tag_id = pick.tag_id
    WHERE pick.creator_id = %(creator)s AND picker.is_active AND NOT picker.is_staff
        AND picker.unconfirmed_until IS NULL AND picker.stage <> 'high_school'
)
SELECT word_id, tag_id, count(DISTINCT picker_id), (SELECT count(DISTINCT picker_id) FROM picked)
FROM picked GROUP BY 1, 2 ORDER BY 1, 2
"""


@transaction.atomic
def pick_words(*, picker: User, creator: User, keys: Collection[Key]) -> None:
    """Replace the picker's words for the creator with these. Idempotent.

    Raises Http404 if the picker may not pick, judged once both are locked; IntegrityError for more than three words.
    """
    User.objects.filter(pk__in=[picker.pk, creator.pk]).lock()
    stands = standing(picker, creator)
    if stands is None or not stands.may_pick:
        raise Http404
    picked = {
        Key(pick.word_id, pick.tag_id): pick for pick in Pick.objects.filter(picker=picker, creator=creator)
    }
    kept = {key: pick for key, pick in picked.items() if key in keys}
    Pick.objects.filter(pk__in=[pick.pk for key, pick in picked.items() if key not in kept]).delete()
    taken = {pick.place for pick in kept.values()}
    places = (place for place in range(len(keys)) if place not in taken)
    new = [key for key in dict.fromkeys(keys) if key not in kept]
    Pick.objects.bulk_create(
        Pick(picker=picker, creator=creator, place=place, **key._asdict())
        for key, place in zip(new, places, strict=False)
    )


def take_back(*, picker: User, creator: int) -> None:
    """Delete the words that a person picked for a creator. Idempotent."""
    Pick.objects.filter(picker=picker, creator=creator).delete()


@transaction.atomic
def open_to_words(*, creator: User, is_open: bool) -> None:
    """Allow or forbid followers to pick words for the creator. Idempotent.

    Forbidding hides the words that were shown; allowing again does not show them at once.
    """
    if User.objects.filter(pk=creator.pk, takes_words=not is_open).update(takes_words=is_open):
        SeenWord.objects.filter(creator=creator).delete()


def strike(*, creator: User, key: Key) -> None:
    """Strike a word: it can no longer be picked for the creator and is not shown to them. Idempotent."""
    StruckWord.objects.get_or_create(creator=creator, **key._asdict())


def unstrike(*, creator: User, key: Key) -> None:
    StruckWord.objects.filter(creator=creator, **key._asdict()).delete()


def freeze_words(*, creator: User) -> None:
    """Decide which words are shown until the end of the next week. No other job may do so at the same time.

    A picker who blocks the creator takes their words back by that; a block by the creator changes nothing.
    """
    if not creator.is_open_to_words:
        SeenWord.objects.filter(creator=creator).delete()
        return
    blockers = Block.objects.filter(blocked=creator).values("blocker")
    Pick.objects.filter(creator=creator, picker__in=blockers).delete()
    rows = _rows(_COUNT, creator)
    ((may_pick,),) = _rows(f"SELECT count(*) FROM ({MAY_PICK}) AS each", creator)  # noqa: S608
    counts = [(Key(word, tag), number) for word, tag, number, _pickers in rows]
    shown = shown_words(counts, pickers=rows[0][3] if rows else 0, may_pick=may_pick)
    if shown is not None:
        SeenWord.objects.filter(creator=creator).delete()
        SeenWord.objects.bulk_create(SeenWord(creator=creator, **key._asdict()) for key in shown)


def _rows(query: str, creator: User) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"creator": creator.pk})
        return cursor.fetchall()
