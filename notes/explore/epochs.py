"""Write the epochs that order Explore (docs/explore.md)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Sum

from notes.explore import channels, ranking
from notes.explore.scope import EVERYTHING, Scope
from notes.models import Channel, Epoch, EpochInput, EpochScope, Note, NoteDay, TaggedNote
from notes.models.epoch import KEPT
from notes.models.note import NoteQuerySet
from notes.readers.actions import count_due
from notes.readers.networks import Crowd, crowds_of

CONSIDERED = 10_000
CANDIDATES = 500
CAMPUSES = 50
_WRITTEN = ranking.Candidate._fields.index("lean")


class Computed(NamedTuple):
    """What an epoch freezes: the considered notes with their reads, newest first, the quality of a note without
    readers, the curated channels with their tags, and the candidates of each scope.
    """

    notes: list[int]
    reads: list[ranking.Read]
    unread_quality: float
    channels: list[tuple[int, list[int]]]
    scopes: dict[str, list[ranking.Candidate]]


def write_epoch(*, made_at: datetime) -> None:
    """Start to count the readers who are due, then write an epoch for this moment."""
    count_due()
    _write(made_at)


@transaction.atomic
def _write(made_at: datetime) -> None:
    """Freeze what orders Explore at this moment, and delete all but the newest two epochs. Idempotent per moment.

    The newest 10,000 public notes are considered. The best 500 for everyone become the candidates of the full list, of
    each campus and of each channel, so that the cost does not grow with the number of notes.
    """
    horizon = _horizon()
    computed = compute(made_at)
    fresh = Epoch(made_at=made_at, unread_quality=computed.unread_quality)
    Epoch.objects.bulk_create([fresh], ignore_conflicts=True)
    epoch = Epoch.objects.get(made_at=made_at)
    reads = [(note, *read) for note, read in zip(computed.notes, computed.reads, strict=True)]
    EpochInput.objects.bulk_create(
        [EpochInput(epoch=epoch, reads=reads, channels=computed.channels, horizon=horizon)],
        ignore_conflicts=True,
    )
    EpochScope.objects.bulk_create(
        [
            EpochScope(
                epoch=epoch,
                name=name,
                candidates=[each[:_WRITTEN] for each in candidates],
                leans={each.note: each.lean for each in candidates if each.lean},
            )
            for name, candidates in computed.scopes.items()
        ],
        ignore_conflicts=True,
    )
    newest = list(Epoch.objects.order_by("-made_at").values_list("pk", flat=True)[:KEPT])
    Epoch.objects.exclude(pk__in=newest).delete()


def _horizon() -> int:
    """Return the oldest transaction that is not finished: rows of it and of later ones may not be seen yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def compute(made_at: datetime) -> Computed:
    """Return what an epoch of this moment freezes. Writes nothing."""
    notes = Note.objects.public().filter(published_at__lte=made_at).order_by("-published_at", "-pk")
    notes = notes[:CONSIDERED]
    rows: list[Any] = list(
        notes.values_list("pk", "author_id", "campus_id", "published_at", "author__is_counted")
    )
    topics = _topics(notes)
    crowds = crowds_of([pk for pk, *_ in rows])
    reads = _reads(notes, [(pk, topics.get(pk, (0,))[0]) for pk, *_ in rows], crowds)
    mean = ranking.mean_rate(reads)
    qualities, unread_quality = ranking.qualities(reads)
    candidates = [
        ranking.Candidate(
            note=pk,
            author=author,
            campus=campus,
            topics=topics.get(pk, ()),
            quality=quality,
            among=among,
            freshness=round(ranking.freshness((made_at - published_at).total_seconds() / 3600), 6),
            readers=read.readers,
            lean=ranking.lean(crowds.get(pk, ()), mean),
        )
        for (pk, author, campus, published_at, _), read, (quality, among) in zip(
            rows, reads, qualities, strict=True
        )
    ]
    campuses = Counter(campus for _, _, campus, _, is_counted in rows if campus and is_counted)
    curated = list(Channel.objects.offered())
    chosen = _chosen(candidates, campuses, curated)
    tags = [(each.pk, list(each.tag_ids)) for each in curated]
    return Computed([pk for pk, *_ in rows], reads, unread_quality, tags, chosen)


def _topics(notes: NoteQuerySet) -> dict[int, tuple[int, ...]]:
    """Return the tags of each note, in the order in which they were added."""
    found: dict[int, tuple[int, ...]] = {}
    tagged = TaggedNote.objects.filter(content_object__in=notes.values("pk")).order_by("pk")
    for note, tag in tagged.values_list("content_object_id", "tag_id"):
        found[note] = (*found.get(note, ()), tag)
    return found


def _reads(
    notes: NoteQuerySet, first_topics: list[tuple[int, int]], crowds: dict[int, list[Crowd]]
) -> list[ranking.Read]:
    """Return the reads of each note with its first topic, less those of crowds. Never negative: days and crowds are
    read one after the other, and a reaction may be taken back in between.
    """
    days = NoteDay.objects.filter(note__in=notes.values("pk")).values_list("note_id")
    summed = days.annotate(readers=Sum("new_readers"), engaged=Sum("new_engaged"))
    found = {note: (readers, engaged) for note, readers, engaged in summed}
    reads = []
    for note, topic in first_topics:
        readers, engaged = found.get(note, (0, 0))
        readers = max(0, readers - sum(crowd.readers for crowd in crowds.get(note, ())))
        engaged = max(0, engaged - sum(crowd.engaged for crowd in crowds.get(note, ())))
        reads.append(ranking.Read(readers, min(readers, engaged), topic))
    return reads


def _chosen(
    considered: list[ranking.Candidate], campuses: Counter[int], curated: Sequence[Channel]
) -> dict[str, list[ranking.Candidate]]:
    """Return the best candidates by scope name, ranked for a viewer without a taste."""
    topics = _channels(campuses, channels.tags_of(curated))
    chosen: dict[str, list[ranking.Candidate]] = {EVERYTHING.name: []}
    for candidate in sorted(considered, key=lambda each: -ranking.score(each, ranking.NO_TASTE)):
        for scope in _scopes_of(candidate, topics, curated):
            found = chosen.setdefault(scope.name, [])
            if len(found) < CANDIDATES:
                found.append(candidate)
    return chosen


def _channels(campuses: Counter[int], held: set[int]) -> set[int]:
    """Return the topics that are channels of their own: of all notes, and of the campuses with the most notes. `held`
    are the tags of curated channels, which are left out.
    """
    most = [campus for campus, _ in campuses.most_common(CAMPUSES)]
    of_all = {topic.pk for topic in channels.busiest(without=held)}
    return of_all | channels.busiest_on(most, without=held)


def _scopes_of(candidate: ranking.Candidate, topics: set[int], curated: Sequence[Channel]) -> Iterator[Scope]:
    yield EVERYTHING
    for channel in curated:
        if not set(channel.tag_ids).isdisjoint(candidate.topics):
            yield Scope.of(channel)
    if candidate.campus:
        yield Scope(campus=candidate.campus)
    for topic in candidate.topics:
        if topic in topics:
            yield Scope(topic=topic)
