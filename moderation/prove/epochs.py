"""Compute an epoch of Explore from rows, and compare it with what the site computes now and what it stores."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from moderation.prove import inputs, served
from moderation.prove.differences import Difference, Tally
from moderation.prove.formula import (
    ROUNDED,
    Frozen,
    Read,
    Taste,
    freshness,
    lean,
    mean_of,
    qualities,
    score,
)
from moderation.prove.inputs import Considered
from moderation.prove.rows import FROM_NOTES, PUBLIC, column, rows, written_since

CANDIDATES = 500
_NAMES = Frozen._fields


def expected_now(moment: datetime) -> tuple[list[Considered], list[Read], float, dict[str, list[Frozen]]]:
    """Return what an epoch of this moment consists of."""
    notes = inputs.considered(moment)
    crowds = inputs.crowds_of([note.pk for note in notes])
    reads = inputs.reads_of(notes, crowds)
    leans = leans_of(crowds, mean_of(reads))
    frozen, unread = freeze(notes, reads, leans, moment)
    curated = inputs.curated()
    held = {tag for tags in curated.values() for tag in tags}
    since = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=7)
    topics = inputs.busiest(notes, since, held)
    return notes, reads, unread, chosen(frozen, curated, topics)


def leans_of(crowds: Mapping[int, inputs.Crowds], mean: float) -> dict[int, int]:
    return {note: lean(each.crowds, mean) for note, each in crowds.items()}


def freeze(
    notes: Sequence[Considered], reads: Sequence[Read], leans: Mapping[int, int], moment: datetime
) -> tuple[list[Frozen], float]:
    """Return the values that the epoch of a moment freezes of each note, and the quality of one without readers."""
    found, unread = qualities(reads)
    frozen = [
        Frozen(
            note=note.pk,
            author=note.author,
            campus=note.campus,
            topics=note.topics,
            quality=quality,
            among=among,
            freshness=round(freshness((moment - note.published_at).total_seconds() / 3600), ROUNDED),
            readers=read.readers,
            lean=leans.get(note.pk, 0),
        )
        for note, read, (quality, among) in zip(notes, reads, found, strict=True)
    ]
    return frozen, unread


def chosen(
    frozen: Sequence[Frozen], curated: Mapping[int, Sequence[int]], topics: Collection[int]
) -> dict[str, list[Frozen]]:
    """Return the best 500 of each scope, by a visitor's score, newest first among equals."""
    found: dict[str, list[Frozen]] = {"all": []}
    for each in sorted(frozen, key=lambda each: -score(each, Taste())):
        names = ["all"]
        names += [f"channel-{pk}" for pk, tags in curated.items() if set(tags) & set(each.topics)]
        names += [f"campus-{each.campus}"] if each.campus else []
        names += [f"topic-{topic}" for topic in each.topics if topic in topics]
        for name in names:
            if len(found.setdefault(name, [])) < CANDIDATES:
                found[name].append(each)
    return found


def prove_computing(tally: Tally, moment: datetime) -> None:
    """Compare the epoch that the site would write now with the formula: the same rows, the same moment."""
    notes, reads, unread, scopes = expected_now(moment)
    site = served.computed(moment)
    tally.add_list("the notes that Explore considers", [note.pk for note in notes], site.notes)
    if site.notes == [note.pk for note in notes]:
        tally.found += _reads_that_differ("Explore now", site.notes, reads, site.reads, ())
    if unread != site.unread_quality:
        said = f"the quality of notes without readers should be {unread}, is {site.unread_quality}"
        tally.found.append(Difference("Explore now", said))
    for name in sorted({*scopes, *site.scopes}):
        there = [Frozen(*each) for each in site.scopes.get(name, [])]
        compare_scope(tally, f"Explore now ({name})", scopes.get(name, []), there)


def compare_scope(
    tally: Tally,
    name: str,
    expected: Sequence[Frozen],
    stored: Sequence[Frozen],
    explained: Collection[int] = (),
) -> None:
    """Compare the candidates of a scope: which, in which order, with which values."""
    tally.add_list(
        name, [each.note for each in expected], [each.note for each in stored], explained=explained
    )
    due = {each.note: each for each in expected}
    for each in stored:
        if each.note in due and each.note not in explained and each != due[each.note]:
            said = [
                f"{field} should be {right}, is {there}"
                for field, right, there in zip(_NAMES, due[each.note], each, strict=True)
                if right != there
            ]
            tally.found.append(Difference(f"note {each.note}", f"in {name}, {'; '.join(said)}"))


def _reads_that_differ(
    name: str,
    notes: Sequence[int],
    expected: Sequence[Sequence[int]],
    stored: Sequence[Sequence[int]],
    explained: Collection[int],
) -> Iterator[Difference]:
    for note, right, there in zip(notes, expected, stored, strict=True):
        if tuple(right) != tuple(there) and note not in explained:
            said = "readers, engaged readers and first topic should be {}, {} and {}, are {}, {} and {}"
            yield Difference(f"note {note}", f"in {name}, {said.format(*right, *there)}")


def prove_stored(tally: Tally, epoch: int, made_at: datetime) -> None:
    """Compare a stored epoch with the formula, from the input that it was computed from; and this input with the rows,
    but for those that were written since.
    """
    name = f"the epoch of {made_at:%Y-%m-%d %H:%M}"
    found = served.input_of(epoch)
    if found is None:
        return  # written by the version before
    stored, channels, horizon = found
    notes = inputs.considered(made_at)
    crowds = inputs.crowds_of([note.pk for note in notes])
    young = _written_since(horizon, {note.pk for note in notes} | {row[0] for row in stored})
    tally.add_list(
        f"the notes that {name} considers",
        [note.pk for note in notes],
        [row[0] for row in stored],
        explained=young,
    )
    there = {row[0]: Read(*row[1:]) for row in stored}
    both = [note for note in notes if note.pk in there]
    tally.found += _reads_that_differ(
        name,
        [note.pk for note in both],
        inputs.reads_of(both, crowds),
        [there[note.pk] for note in both],
        young,
    )
    frozen, unread, gone = _frozen(both, there, crowds, made_at)
    if unread != served.unread_quality_of(epoch):
        tally.found.append(Difference(name, f"the quality of notes without readers should be {unread}"))
    _prove_scopes(tally, epoch, name, frozen, dict(channels), {*young, *gone})


def _frozen(
    notes: Sequence[Considered],
    reads: Mapping[int, Read],
    crowds: Mapping[int, inputs.Crowds],
    made_at: datetime,
) -> tuple[list[Frozen], float, set[int]]:
    """Return what an epoch froze, from its input, the quality of a note without readers, and the notes that are no
    longer public: they were considered too and count for the percentiles, but cannot be computed again.
    """
    gone = reads.keys() - {note.pk for note in notes}
    supposed = [*notes, *(Considered(pk, 0, None, made_at, False, ()) for pk in gone)]
    known = [reads[note.pk] for note in supposed]
    frozen, unread = freeze(supposed, known, leans_of(crowds, mean_of(known)), made_at)
    return frozen[: len(notes)], unread, gone


def _prove_scopes(
    tally: Tally,
    epoch: int,
    name: str,
    frozen: Sequence[Frozen],
    channels: Mapping[int, Sequence[int]],
    changed: Collection[int],
) -> None:
    """Compare each scope of a stored epoch."""
    stored = served.scopes_of(epoch)
    topics = {int(key.removeprefix("topic-")) for key in stored if key.startswith("topic-")}
    expected = chosen(frozen, channels, topics)
    for key in sorted({*expected, *stored}):
        due, there = expected.get(key, []), stored.get(key, [])
        last = len(changed) if len(due) == CANDIDATES else 0  # who moved up or made room where others changed
        edge = {each.note for each in [*due[-last:], *there[-last:]]} if last else set()
        compare_scope(tally, f"{name} ({key})", due, there, {*changed, *edge})


# Public notes that were not written since, nor their authors, readers, days and tags.
_SETTLED = f"""
SELECT note.id FROM {FROM_NOTES} WHERE note.id = ANY (%(notes)s) AND {PUBLIC}
    AND NOT {written_since("note")} AND NOT {written_since("author")}
    AND NOT EXISTS (SELECT FROM notes_notereader AS reader
        WHERE reader.note_id = note.id AND {written_since("reader")})
    AND NOT EXISTS (SELECT FROM notes_noteday AS day WHERE day.note_id = note.id AND {written_since("day")})
    AND NOT EXISTS (SELECT FROM notes_taggednote AS tagging
        WHERE tagging.content_object_id = note.id AND {written_since("tagging")})
"""


def _written_since(horizon: int, notes: Collection[int]) -> set[int]:
    return set(notes) - set(column(_SETTLED, horizon=horizon, notes=list(notes)))


def newest(now: datetime) -> list[tuple[int, datetime]]:
    """Return the stored epochs that pages are made of, newest first: none that is older than an hour."""
    sql = "SELECT id, made_at FROM notes_epoch WHERE made_at > %(since)s ORDER BY made_at DESC LIMIT 2"
    found: list[Any] = rows(sql, since=now - timedelta(hours=1))
    return found
