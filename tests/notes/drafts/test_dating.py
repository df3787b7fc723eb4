"""Drafts that were there before drafts had a time of saving get the day they were begun."""

from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.utils import timezone

from notes.models import Note
from profiles.models import User
from tests.builders import make_draft, make_note


def test_old_drafts_are_dated_and_nothing_else(alice: User) -> None:
    begun = timezone.now() - timedelta(days=40)
    draft = make_draft(alice, created_at=begun)
    note = make_note(alice, created_at=begun)
    saved_at = note.saved_at
    date_drafts = import_module("notes.migrations.0043_draft_indexes").date_drafts
    for _twice in range(2):
        date_drafts(apps, None)
    draft.refresh_from_db()
    assert draft.saved_at == begun
    assert Note.objects.get(pk=note.pk).saved_at == saved_at
