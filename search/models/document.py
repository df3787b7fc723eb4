"""What search knows of a published note: a document, by which it is found, and its words, by which it is ranked.

Two tables, because the words come later, by a job: an update of a document would enter all its lexemes into the index
once more.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from notes.models import Note

VERSION = 2  # of the words; of a higher one, a job writes all anew
# Each document has the lexemes /0:<number >> 12>, /1:<number >> 14> and so on: windows of so many bits of its number.
WINDOWS = (12, 14, 16, 18, 20)


class Document(models.Model):
    """The lexemes of a published note, and what of it decides who may see it: written by triggers with the note
    (docs/search.md).

    `number` counts up in order of publication, and its windows are among the lexemes.
    """

    number = models.BigAutoField(primary_key=True)
    note = models.OneToOneField(Note, models.CASCADE, related_name="document")
    author_id = models.BigIntegerField()
    published_at = models.DateTimeField()
    lexemes = SearchVectorField()
    visibility = models.CharField(max_length=9, db_default="private")
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        # Without a list of pending entries, which each search would read.
        indexes = [
            GinIndex(fields=["lexemes"], name="search_lexemes", fastupdate=False),
            models.Index(fields=["published_at"], include=["number"], name="search_published"),
            # As searches ask for it, so that no index of numbers alone is chosen.
            models.Index("author_id", models.F("number") + 0, name="search_by_author_number"),
        ]

    def __str__(self) -> str:
        return f"Document {self.number} of note {self.note_id}"


class NoteWords(models.Model):
    """What results are ordered by. The words of a document with weights and positions: written by a job, NULL until
    then. Its title in lower case, and its `level`, how often likes and saves doubled: written by triggers.

    A `version` below VERSION is due; 0 says that the note has changed since.
    """

    note = models.OneToOneField(Note, models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField(null=True)
    version = models.PositiveSmallIntegerField(default=0, db_default=0)
    title = models.TextField(db_default="")
    level = models.SmallIntegerField(db_default=0)

    class Meta:
        indexes = [models.Index(fields=["version", "-note"], name="search_words_due")]

    def __str__(self) -> str:
        return f"Words of note {self.note_id}"
