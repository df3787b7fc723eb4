"""Find traces of a deleted person: rows that refer to them, their address and handle in any column, unowned files."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from core.models import HeldFolder
from leaving.actions.archives import FOLDER as ARCHIVES
from leaving.models import Archive
from moderation.evidence.queries import with_words
from moderation.models import Evidence
from notes.models import Photo
from profiles.models import User

# Text that people and moderators write: it may mention a person who is gone.
FREE_WORDS = {
    *(
        "notes_note.title",
        "notes_note.body",
        "notes_note.typed",
        "notes_pendingedit.words",
        "notes_pendingedit.alts",
        "notes_note.place",
        "notes_note.partner",
        "notes_note.hidden_reason",
    ),
    *("notes_comment.body", "notes_comment.hidden_reason", "notes_photo.alt", "notes_collection.name"),
    *("notes_collection.description", "notes_collection.hidden_reason", "notes_collect.remark"),
    *(
        "profiles_user.name",
        "profiles_user.bio",
        "profiles_user.suspended_reason",
        "profiles_user.muted_words",
    ),
    *(
        "notes_noteversion.title",
        "notes_noteversion.body",
        "notes_noteversion.tags",
        "notes_noteversion.campus",
    ),
    *("notes_noteversion.place", "notes_noteversion.partner", "notes_noteversion.alts"),
    *("profiles_positioning.wording", "profiles_positioning.statement", "profiles_label.hidden_reason"),
    *("profiles_label.wording", "profiles_label.normal", "profiles_label.slug"),
    *("profiles_campus.name", "profiles_campus.city", "profiles_campus.normal", "profiles_campus.slug"),
    *("taggit_tag.name", "taggit_tag.slug", "moderation_report.details", "moderation_report.closed_reason"),
    *(
        "moderation_report.reported_text",
        "moderation_decision.facts",
        "moderation_decision.undone_reason",
        "moderation_appeal.text",
        "moderation_appeal.answer",
        "notes_arrival.words",
        "insights_foundby.words",
        "search_recentsearch.words",
    ),
    *("search_term.word", "search_term.trigrams"),
    *("notes_series.name", "notes_series.hidden_reason"),
}
# Kept copies of what was reported: told apart, each with its end (`kept_copies`).
KEPT_WORDS = {"moderation_evidence.words", "moderation_evidence.pictures"}
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
    AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'inet') OR udt_name = 'citext')
ORDER BY table_name, column_name
"""
_COUNT = SQL("SELECT count(*) FROM {table} WHERE {column}::text ~* %s")


def relations() -> Iterator[tuple[str, type[Model], Field]]:
    """Yield every column that points to a person, as "app.Model.field"."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.concrete and field.related_model is get_user_model():
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}", model, field


def rows_of(person_id: int) -> Iterator[str]:
    for name, model, field in relations():
        if found := model._base_manager.filter(**{field.attname: person_id}).count():
            yield f"{name}: {found}"


def words_in_tables(words: Iterable[str], apart: Iterable[str] = ()) -> Iterator[str]:
    """Yield columns of any table, including those of packages, that contain one of these words, except those in
    `apart`.
    """
    pattern = _pattern(words)
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = [
            (table, column)
            for table, column in cursor.fetchall()
            if f"{table}.{column}" not in {*apart, *KEPT_WORDS}
        ]
        for table, column in columns:
            cursor.execute(_COUNT.format(table=Identifier(table), column=Identifier(column)), [pattern])
            if found := cursor.fetchone()[0]:
                yield f"{table}.{column}: {found}"


def kept_copies(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the copies of reported words that contain one of these words: those that are kept for their time, and
    those whose time is over by a day, which should be gone.
    """
    kept: list[str] = []
    overdue: list[str] = []
    for evidence, until in with_words(_pattern(words)):
        end = f"until {until:%Y-%m-%d}" if until else "while the case or an appeal is open, and 30 days after"
        is_overdue = until is not None and until < timezone.now() - timedelta(days=1)
        line = f"moderation_evidence {evidence.pk}, of case {evidence.case_id}: kept {end}"
        (overdue if is_overdue else kept).append(line)
    return kept, overdue


def _pattern(words: Iterable[str]) -> str:
    return "|".join(rf"(?:^|\W){re.escape(word)}(?:\W|$)" for word in words)


def unowned_files() -> Iterator[str]:
    """Yield folders and files in storage that no row refers to."""
    pictures = User.objects.values_list("avatar_folder", "avatar_waiting")
    owned = {f"photos/{folder}" for folder in Photo.objects.values_list("folder", flat=True).iterator()}
    owned |= {f"avatars/{folder}" for folders in pictures.iterator() for folder in folders if folder}
    owned |= {f"evidence/{folder}" for folder in Evidence.objects.values_list("folder", flat=True).iterator()}
    owned |= set(HeldFolder.objects.values_list("path", flat=True))
    for root in ("photos", "avatars", "evidence"):
        for shard in _listed(root)[0]:
            yield from sorted({f"{root}/{shard}/{name}" for name in _listed(f"{root}/{shard}")[0]} - owned)
    named = {f"{name}.zip" for name in Archive.objects.values_list("name", flat=True)}
    yield from sorted(f"{ARCHIVES}/{file}" for file in set(_listed(ARCHIVES)[1]) - named)


def _listed(path: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []
