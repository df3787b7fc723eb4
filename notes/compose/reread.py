"""Re-parse the tags of note bodies that were saved under an older tag grammar."""

import regex
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from core.jobs import defer
from core.text import TAG_MAX, normal_form, tags_in
from notes.compose.tagging import tags_named
from notes.models import Note
from notes.models.note import TAGS_MAX
from notes.models.tags import TaggedNote
from profiles.models import User

STEP = 200
_FORMER = regex.compile(
    r"(?<![A-Za-z0-9_.@])@[A-Za-z0-9_]{3,30}(?![A-Za-z0-9_])|(?<![\w&/#＃])[#＃](?P<tag>[\p{L}\p{N}\p{M}_·-]{1,50})"
)
_MARK_FIRST = regex.compile(r"\p{M}")


@transaction.atomic
def read_stories(*, after: int) -> None:
    """Add the tags that only the current grammar finds to the next batch of notes; defer the rest. Idempotent.

    Tags found by the older grammar stay, because the author may have added them by hand. Only tags that begin with a
    combining mark are removed: those are leftovers of a keycap emoji.
    """
    signs = Q(body__contains="#") | Q(body__contains="＃")
    rows = Note.objects.filter(signs, pk__gt=after).order_by("pk")[:STEP]
    notes = list(rows.select_for_update())
    User.objects.filter(pk__in={note.author_id for note in notes}).lock()
    for note in notes:
        _mend(note)
    if len(notes) == STEP:
        defer("read_stories", after=notes[-1].pk)


def _mend(note: Note) -> None:
    former, today = _former_tags(note.body), dict.fromkeys(map(normal_form, tags_in(note.body)))
    has = set(note.taggings.values_list("tag__name", flat=True))
    debris = {name for name in former - today.keys() if _MARK_FIRST.match(name)} & has
    if debris:
        note.taggings.filter(tag__name__in=debris).delete()
    missing = [name for name in today if name not in former | has]
    room = max(TAGS_MAX - len(has - debris), 0)
    tags = tags_named(missing[:room])
    TaggedNote.objects.bulk_create(
        [TaggedNote(content_object=note, tag=tag) for tag in tags], ignore_conflicts=True
    )


def _former_tags(body: str) -> set[str]:
    names = {normal_form(found["tag"]) for found in _FORMER.finditer(body) if found["tag"]}
    return {name for name in names if slugify(name, allow_unicode=True) and len(name) <= TAG_MAX}
