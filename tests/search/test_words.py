"""A job writes the words that results are ordered by, and the terms that spelling is corrected to."""

import contextlib
import io
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from core.jobs import defer
from notes.compose.tagging import tags_named
from notes.models import Note
from notes.tags import hide_tag
from profiles.models import Campus, User
from search import tasks
from search.documents import writing
from search.documents.terms import forget_terms
from search.documents.writing import write_due
from search.models import VERSION, Document, NoteWords, Rename, Term
from tests.builders import make_campus, make_draft, make_note
from tests.search.test_documents import found
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def words(note: Note) -> dict[str, str]:
    """Return the words of a note, each with its positions and weights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme, array_to_string(ARRAY(SELECT position || weight FROM unnest(positions, weights)"
            " AS at (position, weight)), ',') FROM search_notewords, unnest(words) WHERE note_id = %s",
            [note.pk],
        )
        return dict(cursor.fetchall())


def recount(*arguments: str) -> list[str]:
    output = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("recount", *arguments, stdout=output)
    return output.getvalue().splitlines()[:-1]


def test_words_have_the_weight_of_where_they_stand(alice: User) -> None:
    campus = make_campus("Linhai University", "Ningbo")
    note = make_note(
        alice, "Best coffee", body="图书馆 coffee", place="East gate", campus=campus, tags=["咖啡"]
    )
    assert words(note) == {}
    assert not write_due(seconds=5)
    assert words(note) == {
        "咖啡": "3B",
        "图书": "4C",
        "书馆": "5C",
        "图书馆": "6C",
        **dict.fromkeys(["best", "=best"], "1A"),
        **dict.fromkeys(["coffee", "=coffe"], "2A,7C"),
        **dict.fromkeys(["east", "=east"], "8D"),
        **dict.fromkeys(["gate", "=gate"], "9D"),
        **dict.fromkeys(["linhai", "=linhai"], "10D"),
        **dict.fromkeys(["university", "=univers"], "11D"),
        **dict.fromkeys(["ningbo", "=ningbo"], "12D"),
    }


def test_words_are_folded_and_simplified(alice: User) -> None:
    note = make_note(alice, "圖書館 ＣＡＦÉ wi-fi C++ ☕️ コーヒー")
    write_due(seconds=5)
    assert {"图书馆", "cafe", "wifi", "wi", "fi", "c++", "c", "☕", "コーヒー"} <= words(note).keys()


def test_any_text_is_cut(alice: User) -> None:
    note = make_note(alice, "' \\ : * & | ! 'A'", body="ー" * 5000 + " ー" + "字" * 30_000)
    write_due(seconds=5)
    assert words(note).keys() == {"a", "ー" * 60, "ー", "字字"}


def test_a_note_is_due_once_more_when_it_changes(alice: User) -> None:
    note = make_note(alice, "Cold tea")
    write_due(seconds=5)
    assert not NoteWords.objects.filter(version__lt=VERSION).exists()
    Note.objects.filter(pk=note.pk).update(title="Tea, cold")
    assert "=cold" in words(note), "and has the former ones until then"
    write_due(seconds=5)
    assert words(note)["tea"] == "1A"


def test_a_new_version_writes_all_words_anew(alice: User) -> None:
    notes = [make_note(alice, f"Note {number}") for number in range(3)]
    write_due(seconds=5)
    NoteWords.objects.update(words=None)
    write_due(seconds=5)
    assert not words(notes[0])
    with patch.object(writing, "VERSION", VERSION + 1), patch.object(writing, "AT_ONCE", 2):
        assert write_due(seconds=0), "more are due after one batch"
        assert NoteWords.objects.filter(version=VERSION).count() == 1
        assert not write_due(seconds=5)
    assert all("note" in words(note) for note in notes)


def test_the_job_goes_on_until_nothing_is_due(alice: User) -> None:
    for number in range(3):
        make_note(alice, f"Note {number}")
    defer("write_words", timestamp=0)
    with patch.object(writing, "AT_ONCE", 1), patch.object(tasks, "SECONDS", 0):
        assert run_jobs() == 4
    assert not NoteWords.objects.filter(version__lt=VERSION).exists()


def test_a_draft_that_was_marked_does_not_hold_the_job_up(alice: User) -> None:
    draft = make_draft(alice)
    NoteWords.objects.create(note=draft)
    assert not write_due(seconds=5)
    assert not NoteWords.objects.exists()
    assert not Document.objects.exists()


def test_what_a_transaction_left_is_read_by_the_job(alice: User) -> None:
    make_note(alice, "Early")
    Document.objects.all().delete()
    assert not found("early")
    write_due(seconds=5)
    assert found("early") == ["Early"]


@pytest.mark.parametrize("at_once", [1, 1000])
def test_notes_of_a_renamed_campus_or_tag_are_read_again(alice: User, at_once: int) -> None:
    campus = make_campus("Linhai University", "Ningbo")
    titles = ["First", "Second"]
    for title in titles:
        make_note(alice, title, campus=campus, tags=["tee"])
    write_due(seconds=5)
    Campus.objects.filter(pk=campus.pk).update(name="Nanshan College", is_hidden=False)
    Tag.objects.filter(name="tee").update(name="tea")
    write_due(seconds=5)
    assert found("tee") == titles, "not before those who read the former name have saved"
    Rename.objects.update(renamed_at=timezone.now() - timedelta(minutes=2))
    with patch("search.documents.renames.AT_ONCE", at_once):
        write_due(seconds=5)
    assert (found("linhai"), found("nanshan"), found("tee"), found("tea")) == ([], titles, [], titles)
    assert not Rename.objects.exists()


def test_nobody_finds_notes_by_a_name_that_is_hidden(alice: User) -> None:
    campus = make_campus("Linhai University", "Ningbo")
    note = make_note(alice, "Cup", campus=campus, tags=["tea"])
    write_due(seconds=5)
    for is_hidden in (True, False):
        hide_tag(tag=Tag.objects.get(name="tea"), is_hidden=is_hidden)
        Campus.objects.filter(pk=campus.pk).update(is_hidden=is_hidden)
        Rename.objects.update(renamed_at=timezone.now() - timedelta(minutes=2))
        write_due(seconds=5)
        assert [found(name) for name in ("tea", "linhai", "ningbo")] == [[] if is_hidden else ["Cup"]] * 3
        assert len({"tea", "linhai", "ningbo"} & words(note).keys()) == (0 if is_hidden else 3)
        assert recount() == []
    hide_tag(tag=Tag.objects.get(name="tea"), is_hidden=True)
    make_note(alice, "Pot", tags=["tea"])
    assert found("tea") == ["Cup"], "the job has not yet read that one again"


def test_what_keeps_its_name_is_no_rename(alice: User) -> None:
    campus = make_campus()
    Campus.objects.filter(pk=campus.pk).update(name=campus.name, is_school=True)
    Tag.objects.filter(pk=tags_named(["tea"])[0].pk).update(slug="te")
    assert not Rename.objects.exists()


def test_terms_are_words_of_listed_notes(alice: User) -> None:
    make_note(alice, "Matcha latte", body="a tea, c++, 图书馆, " + "x" * 40)
    make_note(alice, "Secretly", visibility="private")
    make_note(alice, "Followers", visibility="followers")
    write_due(seconds=5)
    assert set(Term.objects.values_list("pk", flat=True)) == {"matcha", "latte", "tea"}
    assert Term.objects.get(pk="latte").trigrams == ["  l", " la", "lat", "att", "tte", "te "]
    make_note(alice, "Latte again")
    write_due(seconds=5)
    assert set(Term.objects.values_list("pk", flat=True)) == {"matcha", "latte", "tea", "again"}


def test_terms_that_no_listed_note_has_are_forgotten(alice: User) -> None:
    note = make_note(alice, "Matcha latte")
    make_note(alice, "Iced latte")
    write_due(seconds=5)
    Note.objects.filter(pk=note.pk).update(visibility="private")
    with patch("search.documents.terms.TESTED_AT_ONCE", 1):
        assert forget_terms(after="", seconds=0) == "iced"
        defer("forget_terms", timestamp=0)
        with patch.object(tasks, "SECONDS", 0):
            assert run_jobs() == 4
    assert set(Term.objects.values_list("pk", flat=True)) == {"iced", "latte"}


def test_recount_finds_each_document_that_is_not_as_it_would_be_written(alice: User) -> None:
    gone, changed, left, lost, right, due = (make_note(alice, f"Note {name}") for name in "abcdef")
    draft = make_draft(alice)
    write_due(seconds=5)
    assert recount() == []
    Document.objects.filter(note=gone).delete()
    Document.objects.filter(note=changed).update(author_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_notewords SET words = '''x'':1' WHERE note_id = %s", [left.pk])
        cursor.execute(
            "INSERT INTO search_document (number, note_id, author_id, published_at, lexemes)"
            " SELECT 999, %s, author_id, published_at, lexemes FROM search_document WHERE note_id = %s",
            [draft.pk, right.pk],
        )
    NoteWords.objects.filter(note=lost).delete()
    Document.objects.filter(note=due).update(author_id=0)
    NoteWords.objects.filter(note=due).update(version=0)
    assert recount() == [
        f"note {gone.pk}: it has no document",
        f"note {changed.pk}: its document differs",
        f"note {draft.pk}: it has a document, but is not published",
        f"note {left.pk}: its words differ",
        f"note {lost.pk}: it has no words",
    ]
    recount("--fix")
    write_due(seconds=5)
    assert recount() == []
    assert len(found(f"/a:{alice.pk}")) == 6
