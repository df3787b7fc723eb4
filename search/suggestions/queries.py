"""What to suggest for what is typed so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from taggit.models import Tag

from profiles.models import Campus, Label, User, Viewer
from search.names.typed import Closeness, closeness, read, sign_of
from search.recent.queries import searches
from search.results.all_names import named

EACH = 3  # suggestions of a kind
ALONE = 6  # of people or tags, where the sign says that it is these
TYPED_MAX = 60  # characters; what is longer is no name


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may be meant, of each kind the likeliest first; `recent` are the viewer's own searches."""

    recent: Sequence[str] = ()
    people: Sequence[User] = ()
    tags: Sequence[Tag] = ()
    labels: Sequence[Label] = ()
    campuses: Sequence[Campus] = ()

    def __bool__(self) -> bool:
        return bool(self.recent or self.people or self.tags or self.labels or self.campuses)


def suggestions(viewer: Viewer, typed: str) -> Suggestions:
    """Return suggestions: the viewer's searches that begin so or have it, people, tags, labels and campuses; before
    anything is typed, the latest searches alone.
    """
    if len(typed) > TYPED_MAX:
        return Suggestions()
    sign, said = sign_of(typed)
    if not read(said):
        return Suggestions(recent=[] if sign else searches(viewer)[:ALONE])
    size = ALONE if sign else EACH
    found = named(viewer, typed)
    return Suggestions(
        recent=_recent(viewer, typed),
        people=found.first_people(size),
        tags=found.tags(size).rows,
        labels=found.labels(size).rows,
        campuses=found.campuses(size).rows,
    )


def _recent(viewer: Viewer, typed: str) -> list[str]:
    near = ((closeness(typed, words), words) for words in searches(viewer))
    found = [(close, words) for close, words in near if Closeness.SAME < close <= Closeness.HOLDS]
    return [words for _, words in sorted(found, key=lambda each: each[0])[:EACH]]
