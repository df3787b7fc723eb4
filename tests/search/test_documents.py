"""What is saved is found in the same transaction: triggers write the document of a note, whoever writes the note."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from notes.compose.tagging import set_tags, tags_named
from notes.models import Note
from notes.reactions import actions as reactions
from notes.tags import merge_tag
from people.actions.campuses import merge_campus
from profiles.models import User
from search.models import Document, NoteWords
from search.models.document import WINDOWS
from tests.builders import make_campus, make_draft, make_note

AT_ONCE = import_module("search.migrations.0003_triggers").AT_ONCE
pytestmark = pytest.mark.django_db


def lexemes(text: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_lexemes(%s)", [text])
        return set(cursor.fetchone()[0])


def found(*lexemes: str) -> list[str]:
    """Return the titles of the notes whose documents have all of these lexemes, in order of publication."""
    query = " & ".join("'{}'".format(lexeme.replace("'", "''")) for lexeme in lexemes)
    matching = RawSQL("SELECT number FROM search_document WHERE lexemes @@ %s::tsquery", [query])
    documents = Document.objects.filter(pk__in=matching).order_by("number")
    return list(documents.values_list("note__title", flat=True))


def of(note: Note) -> set[str]:
    """Return the lexemes of a note's document."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(tsvector_to_array(lexemes)) FROM search_document WHERE note_id = %s", [note.pk]
        )
        return {lexeme for (lexeme,) in cursor}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清华大学", {*"清华大学", "清华", "华大", "大学"}),
        ("图，书馆", {*"图书馆", "书馆"}),
        ("ＢＣ coffee, Cafés", {"bc", "coffee", "=coffe", "cafes", "=cafe"}),
        ("去gym吧", {"去", "gym", "吧"}),
        ("won’t", {"wont"}),
        ("wi-fi", {"wi", "fi", "wifi"}),
        ("7.5 8:00", {"7", "5", "7.5", "8", "00", "8:00"}),
        ("1,200元", {"1", "200", "1,200", "元"}),
        ("c++ C# a+", {"c", "c++", "c#", "a", "a+"}),
        ("☕️👍🏽 €", {"☕", "👍", "€"}),
        ("コーヒー", {*"コーヒ", "コー", "ーヒ", "ヒー"}),
        ("ｶﾞ が か", {"ガ", "が", "か"}),
        ("ΑΣ ς", {"ασ", "σ"}),
        ("the", {"the"}),
        ("한국 ไทย", {*"한국", "한국", *"ไทย", "ไท", "ทย"}),
        ("' & | ! :* % _ \\", set()),
        ("/p =run runs", {"p", "run", "runs", "=run"}),
        ("a" * 100, {"a" * 60}),
    ],
)
def test_a_text_is_split_into_lexemes(text: str, expected: set[str]) -> None:
    assert lexemes(text) == expected


def test_a_published_note_is_found_by_all_its_words(alice: User) -> None:
    campus = make_campus("Linhai University", "Ningbo")
    note = make_note(alice, "Quiet tables", body="图书馆", place="East gate", campus=campus, tags=["study"])
    for word in ("quiet", "=tabl", "图书", "馆", "east", "ningbo", "linhai", "study"):
        assert found(word) == [note.title], word
    assert {f"/a:{alice.pk}", f"/c:{campus.pk}"} <= of(note)
    assert "/f" not in of(note)
    number = Document.objects.get(note=note).number
    assert {f"/{step}:{number >> bits}" for step, bits in enumerate(WINDOWS)} <= of(note)


def test_a_draft_has_no_document_until_it_is_published(alice: User) -> None:
    draft = make_draft(alice, "Later")
    draft.tags.set(tags_named(["tea"]))
    assert not Document.objects.exists()
    draft.status, draft.published_at = Note.Status.PUBLISHED, timezone.now()
    draft.save()
    assert found("tea", "later") == ["Later"]
    Note.objects.filter(pk=draft.pk).update(status=Note.Status.PROCESSING)
    assert not Document.objects.exists()
    assert not NoteWords.objects.exists()


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        ({"title": "Salt"}, "sugar", "salt"),
        ({"body": "盐"}, "糖", "盐"),
        ({"place": "North"}, "south", "north"),
        ({"language": "fr"}, "/l:", "/l:fr"),
    ],
    ids=str,
)
def test_what_changes_is_found_at_once(alice: User, change: dict[str, Any], gone: str, come: str) -> None:
    note = make_note(alice, "Sugar", body="糖", place="South")
    before = Document.objects.get(note=note)
    Note.objects.filter(pk=note.pk).update(**change)
    assert not found(gone)
    assert len(found(come)) == 1
    assert Document.objects.get(note=note).number == before.number


def test_a_note_with_photos_says_so(alice: User) -> None:
    note = make_note(alice, "Sky", photos=1)
    assert "/f" in of(note)
    Note.objects.filter(pk=note.pk).update(cover=None)
    assert "/f" not in of(note)


def test_a_note_that_changes_its_campus_is_found_by_it(alice: User) -> None:
    here, there = make_campus("Linhai University"), make_campus("Nanshan College", "Nanshan")
    note = make_note(alice, "Map", campus=here)
    note.campus = there
    note.save()
    assert (found("linhai"), found("nanshan"), found(f"/c:{there.pk}")) == ([], ["Map"], ["Map"])
    merge_campus(campus=there, into=here)
    assert (found("linhai"), found("nanshan")) == (["Map"], [])


def test_tags_are_found_as_they_are_set_and_merged(alice: User) -> None:
    note = make_note(alice, "Cup", tags=["green tea", "pot"])
    set_tags(note, tags_named(["pot", "咖啡"]))
    assert (found("green"), found("咖啡"), found("pot")) == ([], ["Cup"], ["Cup"])
    merge_tag(tag=Tag.objects.get(name="pot"), into=tags_named(["kettle"])[0])
    assert (found("pot"), found("kettle")) == ([], ["Cup"])


def test_a_deleted_note_is_gone_from_the_index(alice: User) -> None:
    note = make_note(alice, "Ash", tags=["fire"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    note.delete()
    assert not Document.objects.exists()
    assert not NoteWords.objects.exists()


def test_the_release_before_deletes_notes_whose_documents_it_does_not_know(alice: User) -> None:
    note = make_note(alice, "Old")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notes_note WHERE id = %s", [note.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Document.objects.exists()
    assert not NoteWords.objects.exists()


def test_what_is_no_text_does_not_read_the_note_again(alice: User, bob: User) -> None:
    note = make_note(alice, "Calm")
    NoteWords.objects.update(version=1)
    row = "SELECT xmin, ctid FROM search_document"
    with connection.cursor() as cursor:
        cursor.execute(row)
        before = cursor.fetchall()
        reactions.like(person=bob, note=note)
        note.commenters = "nobody"
        note.save()
        cursor.execute(row)
        assert cursor.fetchall() == before
    assert NoteWords.objects.get().version == 1


def test_what_orders_results_is_known_at_once(alice: User) -> None:
    note = make_note(alice, "Ältere TEXTE")
    for likes, collects, level in ((0, 0, 0), (1, 0, 1), (1, 1, 1), (2, 1, 2), (7, 0, 3), (3, 0, 2)):
        Note.objects.filter(pk=note.pk).update(like_count=likes, collect_count=collects)
        words = NoteWords.objects.get()
        assert (words.title, words.level) == ("ältere texte", level)
    Note.objects.filter(pk=note.pk).update(title="ＮＥＷ")
    assert NoteWords.objects.get().title == "ｎｅｗ"


def test_whoever_may_see_a_note_its_lexemes_are_the_same(alice: User) -> None:
    note = make_note(alice, "Sugar")
    NoteWords.objects.update(version=1)
    lexemes, now = of(note), timezone.now()
    for change in (
        {"visibility": "followers"},
        {"hidden_at": now},
        {"visibility": "private"},
        {"hidden_at": None},
    ):
        Note.objects.filter(pk=note.pk).update(**change)
        document = Document.objects.get()
        note.refresh_from_db()
        assert (document.visibility, document.hidden_at) == (note.visibility, note.hidden_at)
        assert of(note) == lexemes
    assert NoteWords.objects.get().version == 1


def test_numbers_are_in_order_of_publication(alice: User) -> None:
    now = timezone.now()
    made = [
        Note(author=alice, title=title, status="published", published_at=now - timedelta(days=days))
        for title, days in [("Second", 2), ("First", 3), ("Third", 1)]
    ]
    Note.objects.bulk_create(made)
    assert found(f"/a:{alice.pk}") == ["First", "Second", "Third"]


def test_a_transaction_that_changes_very_many_notes_leaves_the_rest_to_the_job(
    alice: User,
) -> None:
    notes = [make_note(alice, f"Note {number}") for number in range(3)]
    NoteWords.objects.update(version=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search.read', %s, true)", [str(AT_ONCE - 2)])
    Note.objects.filter(pk__in=[note.pk for note in notes]).update(place="Everywhere")
    assert len(found("everywhere")) == 2
    assert set(NoteWords.objects.values_list("version", flat=True)) == {0}, "all are due"


def test_who_may_see_notes_is_never_left_to_the_job(alice: User) -> None:
    for number in range(3):
        make_note(alice, f"Note {number}", place="Everywhere")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search.read', %s, true)", [str(AT_ONCE)])
    Note.objects.update(visibility="followers", place="Nowhere")
    assert set(Document.objects.values_list("visibility", flat=True)) == {"followers"}
    Note.objects.update(status="processing")
    assert not Document.objects.exists()
    assert not NoteWords.objects.exists()


def test_documents_that_were_there_before_are_filled(alice: User) -> None:
    hidden = make_note(alice, "HIDDEN", visibility="followers", hidden_at=timezone.now(), like_count=3)
    make_note(alice, "Other")
    Document.objects.update(visibility="private", hidden_at=None)
    NoteWords.objects.update(title="", level=0)
    for _ in range(2):
        import_module("search.migrations.0011_existing_facts").fill(None, Mock(connection=connection))
        assert list(Document.objects.order_by("number").values_list("visibility", flat=True)) == [
            "followers",
            "public",
        ]
        assert Document.objects.get(note=hidden).hidden_at == hidden.hidden_at
        words = NoteWords.objects.order_by("note").values_list("title", "level")
        assert list(words) == [("hidden", 2), ("other", 0)]


def test_any_text_can_be_saved(alice: User) -> None:
    note = make_note(
        alice, "".join(map(chr, range(0x4E00, 0x4E00 + 400))), body="\u0301\u200d\ufffd" + "字" * 30_000
    )
    assert found("字字") == [note.title]


def test_saving_asks_no_query_more(alice: User) -> None:
    note = make_note(alice, "Plain")
    note.title = "Plainer"
    with CaptureQueriesContext(connection) as queries:
        note.save()
    assert len(queries) == 1
