"""Explain why a viewer is shown a note: the terms of its score in Explore, in the newest epoch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from taggit.models import Tag

from notes.explore import ranking
from notes.explore.affinities import taste_of
from notes.explore.order import arrival, person_and_campus
from notes.explore.scope import EVERYTHING, Scope
from notes.models import Channel, Epoch, EpochScope, Note
from profiles.models import Viewer

_WEIGHTS = ranking.Parts(
    ranking.AFFINITY, ranking.QUALITY, ranking.FRESHNESS, ranking.FIRST_LOOK, ranking.RELATION
)
_OF_A_PERSON = {"affinity", "relation"}


@dataclass(frozen=True)
class Term:
    """One term of a score and its maximum, in hundredths that add up."""

    name: str
    value: int
    most: int

    @property
    def written(self) -> str:
        return format_decimal(self.value)


@dataclass(frozen=True)
class Explanation:
    """`place` is where Explore has the note: "ranked" by score, "arrived" since the epoch, "beyond" the candidates, or
    "outside" because it is not public. `parts` belong to the first two. `epoch` is None where notes are unranked.
    """

    place: str
    epoch: Epoch | None = None
    candidate: ranking.Candidate | None = None
    parts: tuple[Term, ...] = ()
    shared: tuple[Tag, ...] = ()  # topics of the note that matter to the viewer
    among: Tag | None = None  # the topic whose notes its quality is compared with
    follows: bool = False
    from_campus: bool = False
    less_topics: tuple[Tag, ...] = ()  # topics of the note that the viewer asked for less of
    less_author: bool = False
    less: str = ""  # what that takes from the sum; "" if nothing

    @property
    def total(self) -> str:
        return format_decimal(sum(part.value for part in self.parts))

    @property
    def percent(self) -> int:
        """Percentage of the compared notes that are answered less."""
        return round(self.candidate.quality * 100) if self.candidate else 0


def explain(viewer: Viewer, note: Note) -> Explanation:
    """Explain a live note that the viewer may see."""
    if not Note.objects.public().filter(pk=note.pk).exists():
        return Explanation("outside")
    epoch = Epoch.objects.kept().first()
    if epoch is None:
        return Explanation("beyond")
    topics = [each.tag for each in note.taggings.select_related("tag").order_by("pk")]
    place, candidate = "ranked", _candidate(epoch, note, topics)
    if candidate is None and note.published_at and note.published_at > epoch.made_at:
        keys = [topic.pk for topic in topics]
        place = "arrived"
        candidate = arrival(epoch, note.pk, note.author_id, note.campus_id, note.published_at, keys)
    taste = taste_of(*person_and_campus(viewer), epoch.made_at)
    asked = _asked_less(topics, note.author_id, taste)
    if candidate is None:
        return Explanation("beyond", epoch, **asked)
    return Explanation(
        place,
        epoch,
        candidate,
        _parts(ranking.parts(candidate, taste), viewer),
        tuple(topic for topic in topics if topic.pk in candidate.topics and topic.pk in taste.topics),
        next((topic for topic in topics if topic.pk == candidate.among), None),
        candidate.author in taste.follows,
        candidate.campus is not None and candidate.campus == taste.campus,
        **asked,
    )


def _asked_less(topics: Sequence[Tag], author: int, taste: ranking.Taste) -> dict[str, Any]:
    """Return what the viewer asked for less of, of a note with these topics, and the step that this takes."""
    step = ranking.less([topic.pk for topic in topics], author, taste)
    return {
        "less_topics": tuple(topic for topic in topics if topic.pk in taste.less_topics),
        "less_author": author in taste.less_authors,
        "less": format_decimal(round(step * 100)) if step else "",
    }


def _candidate(epoch: Epoch, note: Note, topics: Iterable[Tag]) -> ranking.Candidate | None:
    """Return the note's candidate from any list that contains it: all have the same values."""
    keys = [topic.pk for topic in topics]
    curated = Channel.objects.filter(tags__in=keys).values_list("pk", flat=True)
    scopes = [EVERYTHING, Scope(campus=note.campus_id), *(Scope(topic=key) for key in keys)]
    scopes += [Scope(channel=pk) for pk in curated]
    found = EpochScope.objects.filter(epoch=epoch, name__in={scope.name for scope in scopes})
    for rows, leans in found.values_list("candidates", "leans"):
        if row := next((row for row in rows if row[0] == note.pk), None):
            return ranking.Candidate.of(row, leans)
    return None


def _parts(parts: ranking.Parts, viewer: Viewer) -> tuple[Term, ...]:
    """Return the terms of the score. A visitor has no taste, so the terms that depend on it are left out; so is "less"
    where it takes nothing.
    """
    found = zip(parts._fields, ranking.hundredths(parts), ranking.hundredths(_WEIGHTS), strict=True)
    return tuple(
        Term(name, value, most)
        for name, value, most in found
        if (viewer.is_authenticated or name not in _OF_A_PERSON) and (name != "less" or value)
    )


def format_decimal(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".replace("-", "−")
