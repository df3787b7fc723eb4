"""Detect the language of notes that were saved before detection existed or by older rules."""

from collections import defaultdict

from django.db import transaction

from core.jobs import defer
from core.languages import language_of
from notes.models import Note

STEP = 200


@transaction.atomic
def read_languages(*, after: int) -> None:
    """Detect the language of the next batch of notes; defer the rest. Idempotent."""
    rows = Note.objects.filter(pk__gt=after).order_by("pk").select_for_update(no_key=True)
    notes = list(rows.values_list("pk", "title", "body", "language")[:STEP])
    changed: dict[str, list[int]] = defaultdict(list)
    for pk, title, body, known in notes:
        if (language := language_of(f"{title}\n{body}")) != known:
            changed[language].append(pk)
    for language, keys in changed.items():
        Note.objects.filter(pk__in=keys).update(language=language)
    if len(notes) == STEP:
        defer("read_languages", after=notes[-1][0])
