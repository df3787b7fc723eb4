"""Whether a note is reported: `Note.open_report_count`, kept by triggers."""

import threading
from importlib import import_module
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from moderation.actions import close_report, reopen_report, report
from moderation.models import Report
from notes.compose.actions import delete_note
from notes.models import Note
from profiles.models import User
from tests.builders import make_comment, make_note


def number(note: Note) -> int:
    """The count, once `recount` finds nothing wrong with it."""
    call_command("recount", stdout=StringIO())
    note.refresh_from_db()
    return note.open_report_count


def say(reporter: User, details: str = "", **target: object) -> Report:
    report(reporter=reporter, target=target, reason="other", details=details, key=uuid4())
    return Report.objects.latest("pk")


@pytest.mark.django_db
def test_reports_count_while_they_are_open(alice: User, bob: User, charlie: User, mona: User) -> None:
    note, other = make_note(alice, visibility="private"), make_note(alice)
    comment = make_comment(bob, note)
    first = say(bob, note=note)
    say(bob, note=note)  # the same again
    second = say(charlie, note=note, comment=comment)
    say(charlie, person=alice)
    assert (number(note), number(other)) == (2, 0)
    assert Note.objects.visible_to(mona).filter(pk=note.pk).exists()
    for _twice in range(2):
        close_report(report=first, by=mona, reason="No.")
        assert number(note) == 1
    for _twice in range(2):
        reopen_report(report=first)
        assert number(note) == 2
    close_report(report=first, by=mona, reason="No.")
    close_report(report=second, by=mona, reason="No.")
    assert number(note) == 0
    assert not Note.objects.visible_to(mona).filter(pk=note.pk).exists()


@pytest.mark.django_db
def test_rows_in_bulk_count_for_each_of_their_notes(alice: User, bob: User, charlie: User) -> None:
    notes = [make_note(alice) for _ in range(3)]
    Report.objects.bulk_create(
        Report(reporter=person, note=note, reason="other") for person in (bob, charlie) for note in notes[:2]
    )
    assert [number(note) for note in notes] == [2, 2, 0]
    Report.objects.filter(note=notes[0]).update(note=notes[2])
    Report.objects.update(details="")
    assert [number(note) for note in notes] == [0, 2, 2]
    Report.objects.filter(reporter=bob).delete()
    assert [number(note) for note in notes] == [0, 1, 1]


@pytest.mark.django_db
def test_a_report_of_a_comment_that_is_deleted_no_longer_counts(alice: User, bob: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note)
    say(alice, note=note, comment=comment)
    comment.delete()
    assert number(note) == 0


@pytest.mark.django_db
def test_those_that_were_there_before_are_counted(alice: User, bob: User, mona: User) -> None:
    reported, closed = make_note(alice), make_note(alice)
    say(bob, note=reported)
    close_report(report=say(bob, note=closed), by=mona, reason="No.")
    Note.objects.update(open_report_count=0)
    migration = import_module("moderation.migrations.0005_count_reports_that_are_there")
    for _twice in range(2):
        with connection.schema_editor() as editor:
            migration.count_reports(apps, editor)
        assert (number(reported), number(closed)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_note_may_be_deleted_while_its_report_is_closed(alice: User, bob: User, mona: User) -> None:
    """Both lock the note first."""
    note = make_note(alice)
    found = say(bob, note=note)
    ended = threading.Event()

    def delete() -> None:
        try:
            delete_note(note=note)
        finally:
            connection.close()
            ended.set()

    with transaction.atomic():
        assert close_report(report=found, by=mona, reason="No.")
        threading.Thread(target=delete).start()
        assert not ended.wait(0.3)
    assert ended.wait(20)
    assert Report.objects.get().target is None
