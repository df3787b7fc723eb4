"""Communities of more and more notes, and the questions that are put to search in them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from dev.bench.search import stories
from dev.synthetic import notes as synthetic_notes
from dev.synthetic import people, world
from notes.models import Note
from profiles.models import Campus, User
from search.asked import Asked
from search.documents.terms import add_terms
from search.documents.words import cuts_of, vectors
from search.models import VERSION, Document, NoteWords
from search.names.writing import write_names
from search.results import notes as found_notes
from search.results import people as found_people
from search.results import tags as found_tags
from search.suggestions.queries import suggestions

PEOPLE, FOLLOWS = 20_000, 100_000
AT_ONCE = 2_000


@dataclass(frozen=True)
class Question:
    """What is typed and what it is put to. `matches` in words."""

    name: str
    matches: str
    ask: Callable[[User], Any]


def fill(notes: int) -> None:
    """Load notes into an empty database. The index is made once they are there, as it is on a restored backup."""
    call_command("prepare")
    if not Note.objects.exists():
        _load(notes)
    _write_words()
    write_names(kind="p", after=0, seconds=3600)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _load(notes: int) -> None:
    index = Document._meta.indexes[0]
    with connection.schema_editor() as editor:
        editor.remove_index(Document, index)
    random, now = Random(1), timezone.now()  # noqa: S311
    crowd = people.load(now, random, PEOPLE, FOLLOWS)
    made = world.World(now, random, crowd, 4, story=stories.Stories(notes, random))
    reactions = {"likes": notes, "collects": notes // 10, "comments": notes // 10, "readers": 0}
    for done in synthetic_notes.load(made, notes, **reactions):
        if done % 100_000 == 0:
            print(f"{done:,} notes", flush=True)
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
    with connection.schema_editor() as editor:
        editor.add_index(Document, index)
    print(f"index made in {time.monotonic() - began:.0f} s", flush=True)


def _write_words() -> None:
    """Write the words that the job would write, more at a time: nobody else is here."""
    while keys := list(NoteWords.objects.filter(version__lt=VERSION).values_list("pk", flat=True)[:AT_ONCE]):
        cuts = cuts_of(keys)
        words = vectors(cuts)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_notewords SET words = now.words::tsvector, version = %s"
                " FROM unnest(%s::bigint[], %s::text[]) AS now (note, words) WHERE note_id = now.note",
                [VERSION, list(words), list(words.values())],
            )
            add_terms(cuts=cuts)


def reader() -> User:
    """Return the person who follows the most people."""
    return User.objects.order_by("-following_count", "pk")[0]


def writer() -> User:
    """Return a person who has written nothing: of others, the triggers of labels read all notes."""
    return User.objects.filter(has_published=False).order_by("pk")[0]


def questions() -> list[Question]:
    author = User.objects.order_by("-follower_count", "pk")[0]
    campus = Campus.objects.annotate(number=Count("notes")).order_by("-number", "pk")[0]
    return [
        _notes("rare word", "10", stories.RARE),
        _notes("rare word in Chinese", "10", stories.RARE_ZH),
        _notes("word", "200", stories.SOME),
        _notes("word in Chinese", "200", stories.SOME_ZH),
        _notes("two Chinese characters", "200", stories.PART_ZH),
        _notes("sentence", "20", stories.SENTENCE),
        _notes("word that is mistyped", "200", stories.SOME_MISTYPED),
        _notes("word of no note", "0", "qqqqzzzz"),
        _notes("common word", "a tenth", stories.COMMON),
        _notes("common word in Chinese", "a tenth", stories.COMMON_ZH),
        _notes("common word, latest", "a tenth", stories.COMMON, sort="latest"),
        _notes("common word, on a campus", "a tenth", stories.COMMON, campus=campus.pk),
        _notes("common word, by people followed", "a tenth", stories.COMMON, followed=True),
        _notes("common word and a mistyped one", "a tenth", f"{stories.COMMON} {stories.SOME_MISTYPED}"),
        _notes("two common words", "a hundredth", f"{stories.COMMON} coffee"),
        _notes(
            "two common words, of different notes", "a tenth each", f"{stories.COMMON} {stories.COMMON_ZH}"
        ),
        _notes("one letter", "a tenth", "c"),
        _notes("one Chinese character", "a tenth", "的"),
        _notes("question", "a tenth", f"where is a quiet {stories.COMMON} in the library"),
        _notes("question in Chinese", "a tenth", f"图书馆哪里有{stories.COMMON_ZH}可以吃"),
        Question("tag", "", lambda viewer: found_tags.found(viewer, "coffee")),
        Question("name of a person", "", lambda viewer: found_people.found(viewer, author.name)),
        Question("suggestions of a letter", "", lambda viewer: suggestions(viewer, "c")),
        Question("suggestions of a name", "", lambda viewer: suggestions(viewer, author.name[:4])),
    ]


def _notes(name: str, matches: str, words: str, **asked: Any) -> Question:
    return Question(name, matches, lambda viewer: found_notes.found(viewer, Asked(words=words, **asked)))
