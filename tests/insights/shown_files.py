"""Compare every row and cell of the Mirror's CSV files with the recomputation."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from django.test import Client

from tests.insights import written
from tests.insights.raw_rows import Note
from tests.insights.recomputed import Recomputed

DIGITS = 9
GROUPS = {
    "cover": ("Photo cover", "Text cover"),
    "length": ("Up to 200 characters", "More than 200 characters"),
    "photos": ("1 to 3 photos", "More than 3 photos"),
}


def csv_rows(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(rows[0])}, path
    return rows[1:]


def check(found: list[list[str]], expected: list[list[Any]], where: str) -> None:
    assert len(found) == len(expected), f"{where}: {len(found)} rows, not {len(expected)}"
    for row, wanted in zip(found, expected, strict=True):
        assert len(row) == len(wanted), where
        for cell, value in zip(row, wanted, strict=True):
            assert is_same(cell, value), f"{where}: {cell!r} in {row}, not {value!r}"


def is_same(cell: str, value: Any) -> bool:
    """Text, days and whole numbers to the letter; shares to the ninth decimal, which is the last that a file has."""
    if value is None:
        return cell == ""
    if not isinstance(value, float):
        return cell == (value.isoformat() if isinstance(value, date) else str(value))
    if "e" not in cell and len(cell.partition(".")[2]) > DIGITS:
        return False
    return abs(float(cell) - value) <= 0.5 * 10**-DIGITS + 1e-12


def rate_cells(rate: dict[str, float] | None) -> list[float | None]:
    return [rate["value"], rate["low"], rate["high"]] if rate else [None] * 3


def check_overview(client: Client, period: str, expected: Recomputed, where: str) -> None:
    def check_table(name: str, rows: list[list[Any]]) -> None:
        check(csv_rows(client, f"/insights/{name}.csv?period={period}"), rows, f"{where} {name}.csv")

    order = sorted(
        expected.topics().values(),
        key=lambda topic: (
            -round(topic.get("posted") or 0, DIGITS),
            -topic["notes"],
            -topic["readers"],
            topic["name"],
        ),
    )
    check_table("topics", [topic_cells(topic) for topic in order])
    check_table("chapters", [chapter_cells(chapter) for chapter in expected.chapters()])
    check_table("weeks", [[*counts, *rate_cells(rate)] for *counts, rate in expected.shown_weeks()])
    for kind, pks in (("best", expected.best()), ("underrated", expected.underrated())):
        check_table(kind, [note_cells(expected.by_pk[pk], expected) for pk in pks])
    check_table("comparisons", list(comparison_cells(expected)))
    check_table("questions", question_cells(expected))


def topic_cells(topic: dict[str, Any]) -> list[Any]:
    rate = topic["rate"] or {}
    return [
        *(topic["name"], topic["is_declared"], topic["notes"], topic.get("posted")),
        *(topic["read_notes"], topic["readers"], topic["lift"]),
        topic["missing"] and written.MISSING[topic["missing"]],
        topic["finding"] and written.FINDINGS[topic["finding"]],
        *(rate.get("part"), rate.get("whole"), *rate_cells(topic["rate"])),
    ]


def chapter_cells(chapter: dict[str, Any]) -> list[Any]:
    return [
        *(chapter["wording"], chapter["declared"], chapter["retired"], ", ".join(chapter["topics"])),
        *(chapter["notes"], chapter["readers"], chapter["won"], chapter["differs"]),
        *rate_cells(chapter["rate"]),
    ]


def note_cells(note: Note, expected: Recomputed) -> list[Any]:
    figures = expected.figures(note)
    is_public = note.visibility == "public" and not note.is_hidden
    counts = ("photos", "shown", "opened", "readers", "visits", "engaged", "saved", "commented", "won")
    return [
        *(note.pk, note.title, note.day, is_public, *(figures[name] for name in counts)),
        *(figures["reached"], *rate_cells(figures["rate"])),
    ]


def comparison_cells(expected: Recomputed) -> Any:
    for kind, pair in expected.comparisons().items():
        for place, side in enumerate(("first", "second")):
            yield [
                *(GROUPS[kind][place], pair["notes"][place], pair["differs"]),
                *rate_cells(pair[side]),
            ]


def question_cells(expected: Recomputed) -> list[list[Any]]:
    asked = sorted(expected.questions().items(), key=lambda each: (-each[1][0], expected.topic_name(each[0])))
    words, of_note = expected.comments(), expected.notes_of_comments()
    return [
        [expected.topic_name(slug), people, pk, of_note[pk], words[pk]]
        for slug, (people, pks) in asked
        for pk in pks
    ]


def check_list(client: Client, period: str, expected: Recomputed, where: str) -> None:
    own = expected.rows.by_author[expected.person]
    newest = sorted(own, key=lambda note: (note.published, note.pk), reverse=True)
    rows = csv_rows(client, f"/insights/notes/notes.csv?period={period}")
    check(rows, [note_cells(note, expected) for note in newest], f"{where} notes.csv")


def check_note(client: Client, note: Note, period: str, expected: Recomputed, where: str) -> None:
    met, first = expected.days_of(note), max(note.day, expected.first)
    days = range(first.toordinal(), expected.last.toordinal() + 1)
    tables: dict[str, list[list[Any]]] = {
        "figures": [note_cells(note, expected)],
        "sources": [list(cell) for cell in written.by_source(expected.sources(note))],
        "hours": [list(cell) for cell in written.by_hour(expected.hours(note))],
        "reached": [list(cell) for cell in written.by_photo(expected.reached(note))],
        "days": [[date.fromordinal(day), *met.get(date.fromordinal(day), (0, 0))] for day in days],
    }
    for name, rows in tables.items():
        found = csv_rows(client, f"/insights/notes/{note.pk}/{name}.csv?period={period}")
        check(found, rows, f"{where} note {note.pk} {name}.csv")


def check_labels(client: Client, expected: Recomputed, where: str) -> None:
    rows = csv_rows(client, "/insights/label/chapters.csv")
    check(rows, [chapter_cells(chapter) for chapter in expected.chapters()], f"{where} label chapters.csv")
