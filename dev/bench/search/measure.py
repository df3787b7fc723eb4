"""SQL of a search, size of the index, and what it adds to saving a note."""

import time
import uuid
from typing import NamedTuple

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dev.bench.feeds.measure import explained
from dev.bench.measure import is_read
from dev.bench.search.subjects import Question
from notes.compose.tagging import set_tags, tags_named
from notes.models import Note
from profiles.models import User

SAVED = 200  # notes
ROUNDS = 6  # of all questions: what else the machine does disturbs some of them


class Cost(NamedTuple):
    milliseconds: float
    buffers: int
    queries: int


def costs(questions: list[Question], viewer: User) -> list[Cost]:
    """Measure the questions one after the other, several times. Return the fastest of each."""
    rounds = [[cost(question, viewer) for question in questions] for _ in range(ROUNDS)]
    return [min(each) for each in zip(*rounds, strict=True)]


def cost(question: Question, viewer: User) -> Cost:
    """Measure all queries of a question, warm."""
    question.ask(viewer)
    with CaptureQueriesContext(connection) as captured:
        question.ask(viewer)
    plans = [explained(query["sql"]) for query in captured if is_read(query["sql"])]
    return Cost(sum(time for time, _ in plans), sum(buffers for _, buffers in plans), len(plans))


def sizes() -> dict[str, int]:
    """Return the bytes of the notes with their indexes, of the index of lexemes, documents, words and terms."""
    what = {
        "notes": "pg_total_relation_size('notes_note')",
        "index of lexemes": "pg_relation_size('search_lexemes')",
        "documents": "pg_table_size('search_document')",
        "words": "pg_total_relation_size('search_notewords')",
        "terms": "pg_total_relation_size('search_term')",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(what.values())}")
        return dict(zip(what, cursor.fetchone(), strict=True))


def saving(author: User) -> dict[str, float]:
    """Return the milliseconds of publishing a note with its tags, of editing and of liking it, with search and without.

    Every note is saved by itself and rolled back with the others.
    """
    found: dict[str, float] = {}
    for name, is_on in (("with", True), ("without", False)):
        with transaction.atomic(), connection.cursor() as cursor:
            if not is_on:
                cursor.execute(_OFF)
            found |= {f"{what} {name}": milliseconds for what, milliseconds in _save(author).items()}
            transaction.set_rollback(True)
    return found


def _save(author: User) -> dict[str, float]:
    stories = list(Note.objects.order_by("-pk").values_list("title", "body")[:SAVED])
    tags = tags_named(["coffee", "latte art"])
    notes, began = [], time.perf_counter()
    for title, body in stories:
        note = Note.objects.create(author=author, title=title, body=body, key=uuid.uuid4())
        set_tags(note, tags)
        note.status, note.published_at = Note.Status.PUBLISHED, timezone.now()
        note.save()
        notes.append(note)
    published, began_edits = time.perf_counter() - began, time.perf_counter()
    for note in notes:
        note.body += " Edited."
        note.save()
    edited, began_likes = time.perf_counter() - began_edits, time.perf_counter()
    for note in notes:
        Note.objects.filter(pk=note.pk).update(like_count=1)
    liked = time.perf_counter() - began_likes
    each = {"publishing": published, "editing": edited, "counting a like": liked}
    return {what: 1000 * seconds / SAVED for what, seconds in each.items()}


_OFF = """
ALTER TABLE notes_note DISABLE TRIGGER search_published, DISABLE TRIGGER search_changed,
    DISABLE TRIGGER search_mirrored;
ALTER TABLE notes_taggednote DISABLE TRIGGER search_tagged, DISABLE TRIGGER search_untagged,
    DISABLE TRIGGER search_retagged;
"""
