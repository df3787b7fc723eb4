"""Compare the pages of notes and labels in English, digit by digit, with the recomputation."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from tests.insights import written
from tests.insights.elements import Element, page
from tests.insights.raw_rows import Note
from tests.insights.recomputed import Recomputed
from tests.insights.shown_overview import seen_by, since
from tests.insights.written import FEW, between, exact, of, on, percent

COLUMNS = ["Shown", "Opened", "Readers", "Answered", "Saved", "Commented", "Followers won"]
NOTHING = {
    "sources": "No visits yet.",
    "hours": "Not opened yet.",
    "reached": "Not measured yet.",
}
WEEKS_FROM = 121  # days


def check_first_days(shown: Element, notes: int, readers: int, where: str) -> None:
    steps = shown.one("dl.steps").all("div")[1:]
    assert [step.texts("dd")[0] for step in steps] == [f"{notes} of 5", f"{readers} of 50"], where


def check_list(client: Client, period: str, expected: Recomputed, where: str) -> None:
    """All of its pages."""
    found, path, shown = [], f"/insights/notes/?period={period}", None
    while path:
        shown = page(client, path)
        if not shown.all("table.notes-table"):
            break
        found += [_list_row(cells) for cells in shown.one("table.notes-table").one("tbody").all("tr")]
        further = [link.attributes["href"] for link in shown.all("a") if link.attributes.get("rel")]
        path = f"/insights/notes/{further[0]}" if further else ""
        check_footer(shown, expected, where)
    own = expected.rows.by_author[expected.person]
    newest = sorted(own, key=lambda note: (note.published, note.pk), reverse=True)
    assert found == [list_row(note, expected) for note in newest], f"{where} list"


def _list_row(row: Element) -> tuple[str, dict[str, str]]:
    cells = {cell.one("span.cell-name").text: cell.one("span.num").text for cell in row.all("td")}
    return row.one("div.note-cell").all("span")[-2].text, cells


def list_row(note: Note, expected: Recomputed) -> tuple[str, dict[str, str]]:
    figures = expected.figures(note)
    counts = [
        figures[name] for name in ("shown", "opened", "readers", "engaged", "saved", "commented", "won")
    ]
    cells = dict(zip(COLUMNS, map(exact, counts), strict=True))
    if figures["rate"]:
        cells["Answered"] = of(figures["rate"])
    return f"{note.title} {on_page(note)}", cells


def on_page(note: Note) -> str:
    is_public = note.visibility == "public" and not note.is_hidden
    return on(note.day) + ("" if is_public else " · not public")


def check_note(client: Client, note: Note, period: str, expected: Recomputed, where: str) -> None:
    shown, where = page(client, f"/insights/notes/{note.pk}/?period={period}"), f"{where} note {note.pk}"
    assert shown.one("h1").text == note.title
    assert shown.one("div.note-head").one("p").text == f"{on_page(note)} · Open the note", where
    found = [[each.one("dt").text, *each.texts("dd")] for each in shown.one("dl.numbers").all("div")]
    assert found == numbers(expected.figures(note)), where
    lists = {
        "sources": written.by_source(expected.sources(note)),
        "hours": written.by_hour(expected.hours(note)),
        "reached": written.by_photo(expected.reached(note)),
    }
    for key, cells in lists.items():
        section = shown.section(key)
        assert (section is None) == (key == "reached" and note.photos < 2), f"{where} {key}"
        if section and cells:
            rows = [[name, FEW if number is None else exact(number)] for name, number in cells]
            assert section.one("table.bar-list").rows() == rows, f"{where} {key}"
        elif section:
            assert section.one("p").text == NOTHING[key], f"{where} {key}"
    check_days(shown, note, expected, where)
    check_footer(shown, expected, where)


def numbers(figures: dict[str, Any]) -> list[list[str]]:
    def share(name: str) -> list[str]:
        return [f"{percent(figures[name] / readers)} of readers"] if readers >= 20 else []

    readers, reached = figures["readers"], figures["reached"]
    found = [
        ["Shown", exact(figures["shown"])],
        ["Opened", exact(figures["opened"])],
        ["Visits", exact(figures["visits"])],
        ["Readers", exact(readers)],
        ["Answered", exact(figures["engaged"]), *share("engaged")],
        ["Saved", exact(figures["saved"]), *share("saved")],
        ["Commented", exact(figures["commented"]), *share("commented")],
        ["Followers won", exact(figures["won"])],
    ]
    if reached is None:
        return found
    mean = str(written.rounded(written.decimal(reached), 1))
    return [*found, ["Photos reached", mean, f"of {figures['photos']} photos, on average"]]


def columns(note: Note, expected: Recomputed) -> list[tuple[date, int, int]]:
    """Each day from the first that can have readers; of more than 120 days, seven together."""
    met, first = expected.days_of(note), max(note.day, expected.first)
    days = [first + timedelta(days=number) for number in range((expected.last - first).days + 1)]
    each = [(day, *met.get(day, (0, 0))) for day in days]
    if len(each) < WEEKS_FROM:
        return each
    weeks = [each[start : start + 7] for start in range(0, len(each), 7)]
    return [(week[0][0], sum(day[1] for day in week), sum(day[2] for day in week)) for week in weeks]


def check_days(shown: Element, note: Note, expected: Recomputed, where: str) -> None:
    section, days = shown.section("days"), columns(note, expected)
    assert (section is not None) == any(readers for _day, readers, _engaged in days), where
    if section:
        rows = [[on(day), exact(readers), exact(engaged)] for day, readers, engaged in days]
        assert section.one("table").rows() == rows, f"{where} days"
        assert section.one("p.ends").texts("span") == [rows[0][0], on(expected.last)], where


def check_labels(client: Client, expected: Recomputed, where: str) -> None:
    shown, chapters = page(client, "/insights/label/"), expected.chapters()
    tables = shown.all("table.chapters")
    assert bool(tables) == bool(chapters), where
    if not tables:
        return
    found = [
        [row.one("th").text, *(cell.one("span.num").text for cell in row.all("td"))]
        for row in tables[0].one("tbody").all("tr")
    ]
    assert found == [chapter_row(chapter) for chapter in chapters], f"{where} labels"
    said = {True: "Differs from the label before", False: "No difference to see from the label before"}
    verdicts = [cell.texts("span.fine")[-1:] for cell in tables[0].all("td.chapters__rate")]
    for verdict, chapter in zip(verdicts, chapters, strict=True):
        assert (verdict[0] if verdict and verdict[0] in said.values() else None) == said.get(
            chapter["differs"]
        ), where
    check_footer(shown, expected, where)


def chapter_row(chapter: dict[str, Any]) -> list[str]:
    rate, declared, retired = chapter["rate"], on(chapter["declared"]), chapter["retired"]
    days = f"{declared} to {on(retired)}" if retired else f"since {declared}"
    head = " ".join(filter(None, (chapter["wording"], days, ", ".join(chapter["topics"]))))
    answered = f"{of(rate)} {between(rate)}" if rate else FEW
    return [head, exact(chapter["notes"]), exact(chapter["readers"]), answered, exact(chapter["won"])]


def check_footer(shown: Element, expected: Recomputed, where: str) -> None:
    footer = shown.one("footer")
    assert footer.texts("p.fine") == [seen_by(expected)], where
    assert footer.one("details").all("p")[-1].text == since(expected), where
