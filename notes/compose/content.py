"""What a compose form says of its note, as a value to save or compare."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from notes.compose.photo_list import PhotoList, sound_alt
from notes.compose.revisions import (
    WORDS,
    as_typed,
    own_revision,
    revision,
    revision_of,
    scheduled_revision,
    typed_revision,
)
from notes.compose.submission import NewPhoto, Submission
from notes.forms import NoteForm
from notes.models import Note, Photo
from profiles.models import Campus


@dataclass(frozen=True, kw_only=True)
class NoteContent:
    """The content of a note to save.

    `words` is NoteForm's cleaned data; `photos`, in order, are the note's own or unattached photos of its author, with
    descriptions in `alts` by id. The note's photos in `removed` are deleted; with None, all that are not in `photos`.
    `typed` is a draft's text exactly as typed (`as_typed`), `words` its valid part. `seen` is the revision that the
    form began with; None to save over any. `scheduled_for` is when the note is to be published by itself.
    """

    words: dict[str, Any]
    photos: Sequence[Photo] = ()
    alts: Mapping[int, str] = field(default_factory=dict)
    cover: Photo | None = None
    removed: Collection[int] | None = None
    typed: str = ""
    seen: str | None = None
    scheduled_for: datetime | None = None

    def over(self, draft: Note) -> Self:
        """Return this content with the draft's own words in place of those that are not valid."""
        stored = {name: getattr(draft, name) for name in WORDS} | {"tags": [], "campus": ""}
        return replace(self, words=stored | self.words)

    def revision(self, campus: Campus | None) -> str:
        alts = [self.alts.get(photo.pk, photo.alt) for photo in self.photos]
        return scheduled_revision(
            revision(self.words, campus.pk if campus else None, alts), self.scheduled_for
        )

    def revisions(self, campus: Campus | None) -> set[str]:
        """Return the revisions of a note that this content may replace: what it began with, and this content itself."""
        typed = {typed_revision(self.typed)} if self.typed else set()
        return {self.revision(campus), self.seen or "", *typed}


def content_of(submission: Submission, form: NoteForm, photo_list: PhotoList) -> NoteContent:
    """Return the valid content of a validated form. A form for a new note that says no revision began with none."""
    is_unnamed = submission.note_id is None and submission.seen is None
    return NoteContent(
        words=with_origin(form.cleaned_data, photo_list.photos),
        photos=photo_list.photos,
        alts=photo_list.sound_alts,
        cover=photo_list.cover,
        removed=photo_list.removed,
        typed=as_typed(submission.data, photo_list.alts),
        seen=revision_of(None) if is_unnamed else submission.seen,
    )


def with_origin(words: dict[str, Any], photos: Iterable[Photo]) -> dict[str, Any]:
    """Return the words with "Made with AI" where their author said nothing and the file of a photo says it."""
    says_ai = not words.get("origin") and any(photo.origin for photo in photos)
    return words | {"origin": Note.Origin.AI.value} if says_ai else words


def has_content(note: Note, content: NoteContent, new_photos: Sequence[NewPhoto]) -> bool:
    """Return whether the note has exactly this content with these new photos, compared by file."""
    own = list(note.photos.all())
    alts = {photo.digest: content.alts.get(photo.pk, photo.alt) for photo in content.photos}
    alts |= {new.digest: sound_alt(new.alt) for new in new_photos}
    if not alts.keys() <= {photo.digest for photo in own}:
        return False
    words = with_origin(content.words, own)
    said = [alts.get(photo.digest, photo.alt) for photo in own]
    campus = Campus.objects.named(words["campus"]) if words["campus"] else None
    is_same = revision(words, campus.pk if campus else None, said) == own_revision(note)
    return is_same and words.get("commenters") in {None, "", note.commenters}
