"""What the Mirror's pages say about reports made by hand, and who may see them."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from insights import queries, tables
from insights.reports import Mirror, Period, Table
from profiles.models import User
from tests.builders import signed_in
from tests.insights import mirrors
from tests.markup import main_html, words

pytestmark = pytest.mark.django_db

PATHS = [
    "/insights/",
    "/insights/topics.csv",
    "/insights/notes/",
    "/insights/notes/notes.csv",
    "/insights/notes/1/",
    "/insights/notes/1/sources.csv",
    "/insights/label/",
    "/insights/label/chapters.csv",
]
Reports = Callable[..., None]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Reports:
    """Give the pages these reports instead of the database's: reports(mirror=…)."""

    def give(
        mirror: Mirror | None = None, note_list: Any = None, note_page: Any = None, label_page: Any = None
    ) -> None:
        asked = {
            "mirror": mirror or mirrors.mirror(),
            "note_list": note_list or mirrors.note_list(),
            "note_page": note_page or mirrors.note_page(),
            "label_page": label_page or mirrors.label_page(),
        }
        for name, report in asked.items():
            monkeypatch.setattr(queries, name, lambda *_args, report=report, **_named: report)

    give()
    table = Table(("A", "B"), [("=x", 1)])
    for name, key in (("of_mirror", "topics"), ("of_note", "sources"), ("of_labels", "chapters")):
        monkeypatch.setattr(tables, name, lambda _report, key=key: {key: lambda: table})
    monkeypatch.setattr(tables, "of_notes", lambda _person, _period: table)
    return give


def read(person: User, path: str = "/insights/", language: str = "en") -> str:
    answer = signed_in(person, headers={"Accept-Language": language}).get(path)
    assert answer.status_code == 200
    return words(answer)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_its_persons_alone(alice: User, client: Client, reports: Reports, path: str) -> None:
    signed_out = client.get(path)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/accounts/login/?next=/insights/")
    own = signed_in(alice).get(path)
    assert own.status_code == 200
    assert {"private", "no-store"} <= set(own["Cache-Control"].split(", "))
    assert signed_in(alice).post(path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/insights/nothing.csv", "/insights/notes/1/nothing.csv", "/insights/label/nothing.csv"]
)
def test_a_table_that_is_not_there(alice: User, reports: Reports, path: str) -> None:
    assert signed_in(alice).get(path).status_code == 404


def test_anothers_note_is_not_there(alice: User, reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any) -> None:
        raise Http404

    monkeypatch.setattr(queries, "note_page", refuse)
    assert signed_in(alice).get("/insights/notes/7/").status_code == 404
    assert signed_in(alice).get("/insights/notes/7/days.csv").status_code == 404


def test_the_period_is_asked_for(alice: User, reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(queries, "mirror", lambda _person, period: asked.append(period) or mirrors.mirror())
    for query in ("", "?period=16w", "?period=all", "?period=bad"):
        signed_in(alice).get(f"/insights/{query}")
    assert asked == [Period.DAYS, Period.WEEKS, Period.ALL, Period.DAYS]


def test_the_sentence(alice: User, reports: Reports) -> None:
    said = read(alice)
    assert "You say Campus plog master . Your readers come for Study spots ." in said
    assert (
        f"Your label since 20 Nov {mirrors.YEAR - 1}, your third. No note in this period is about Exams."
        in said
    )
    assert "7 in 10 of your recent notes are about what your label says." in said
    assert "1.8× your average, from 7% of your notes." in said
    assert "From 3,906 readers of 22 notes, 29 Oct to 25 Nov." in said
    chinese = read(alice, language="zh-hans")
    assert "你说自己是 Campus plog master ， 读者冲着 Study spots 来。" in chinese
    assert "十篇里有七篇在说定位里的事" in chinese


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({"come_for": None}, "Your readers answer all of it alike.", "come for"),
        ({"come_for": None, "overall": None}, "Nobody has answered yet.", "alike"),
        ({"come_for": None, "overall": mirrors.rate(0, 90)}, "Nobody has answered yet.", "alike"),
        ({"wording": "", "declared": None}, "You have no label yet.", "You say ."),
        ({"focus": None, "without_note": (), "topics": ()}, "Your label names no topics", "7 in 10"),
        ({"topics": ()}, "None of these notes has a tag", "dotted line"),
        ({"weeks": mirrors.weeks(4, (0, 1, 2, 3))}, "They respond", "under each label"),
        ({"best": (), "underrated": (), "questions": (), "comparisons": ()}, "They respond", "travelled"),
    ],
)
def test_what_is_missing_is_said(
    alice: User, reports: Reports, changes: dict[str, Any], said: str, unsaid: str
) -> None:
    reports(mirrors.mirror(**changes))
    page = read(alice)
    assert said in page
    assert unsaid not in page.replace("You say They respond", "")


def test_a_withheld_number_is_never_zero(alice: User, reports: Reports) -> None:
    html = main_html(signed_in(alice).get("/insights/"))
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    clubs = next(row for row in rows if "Clubs" in row)
    assert "too few to show" in clubs
    assert "c-none" in clubs
    assert "0.0×" not in clubs
    note = main_html(signed_in(alice).get("/insights/notes/1/"))
    other = next(row for row in re.findall(r"<tr.*?</tr>", note, re.DOTALL) if "Other" in row)
    assert "too few to show" in other
    assert "c-none" in other


def test_of_few_notes_nothing_is_said_of_what_is_posted(alice: User, reports: Reports) -> None:
    some = tuple(replace(topic, posted=None) for topic in mirrors.TOPICS)
    reports(mirrors.mirror(topics=some, come_for=some[4], focus=None, cover=None, notes=2))
    html = re.sub("<svg.*?</svg>", "", main_html(signed_in(alice).get("/insights/")), flags=re.DOTALL)
    assert "0%<" not in html.replace("10%<", "")
    assert "Too few notes to say" in html
    assert "1.8× your average" in html
    assert "of your notes</span>" not in html


def test_findings_lead_on(alice: User, reports: Reports) -> None:
    html = main_html(signed_in(alice).get("/insights/")).replace("&amp;", "&")
    for address in (
        "/insights/notes/?period=28d&topic=study-spots",
        "/settings/label/?topic=study-spots",
        "/notes/new/?tags=study-spots",
        "/settings/label/?topic=canteen",
    ):
        assert f'"{address}"' in html
    assert "Your readers answer this more than you post it" in html
    assert html.count('class="btn btn--line"') == 2, "two equal answers"


@pytest.mark.parametrize("path", [path for path in PATHS if not path.endswith(".csv")])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nobody_is_judged(alice: User, reports: Reports, path: str, language: str) -> None:
    said = read(alice, path, language).lower()
    for word in ("should", "underperform", "grow", "score", "应该", "应当", "成长", "提升", "得分"):
        assert word not in said


@pytest.mark.parametrize(
    ("changes", "said", "address"),
    [
        ({"has_label": False}, "Choose your label", "/settings/label/"),
        ({}, "The mirror needs more light", "/notes/new/"),
        ({"notes": 9}, "Nothing is missing from you.", "/"),
        ({"notes": 9, "readers": 70}, "Ready by tomorrow", "?period=all"),
    ],
)
def test_first_days(alice: User, reports: Reports, changes: dict[str, Any], said: str, address: str) -> None:
    reports(mirrors.first_days(**changes))
    answer = signed_in(alice).get("/insights/")
    assert said in words(answer)
    assert f'href="{address}"' in main_html(answer)


def test_what_people_wrote_is_escaped_and_set_apart(alice: User, reports: Reports) -> None:
    worst = '<b>&\u202e"مكتبة'
    evil = mirrors.topic(worst, 0.4, 1.4, finding=mirrors.FindingKind.NOT_SAID, slug="a/?#&b")
    reports(mirrors.mirror(wording=worst, topics=(evil,), come_for=evil, without_note=((worst, worst),)))
    html = main_html(signed_in(alice).get("/insights/"))
    assert "<b>&" not in html
    assert "topic=a%2F%3F%23%26b" in html
    assert len(re.findall(r"<bdi>&lt;b&gt;", html)) >= 6


def test_the_notes(alice: User, reports: Reports) -> None:
    html = main_html(signed_in(alice).get("/insights/notes/?period=16w&topic=tea"))
    assert html.count('scope="row"') == 24
    assert 'href="?period=16w&amp;topic=tea&amp;after=2026_1"' in html
    assert 'href="/insights/notes/3/?period=16w"' in html
    reports(note_list=mirrors.note_list(notes=(), after=""))
    assert "No notes here yet" in read(alice, "/insights/notes/")


def test_a_note(alice: User, reports: Reports) -> None:
    said = read(alice, "/insights/notes/1/")
    assert "Answered 41 12% of readers" in said
    assert "Photos reached 4.2 of 9 photos, on average" in said
    assert "Explore 210" in said
    reports(
        note_page=mirrors.note_page(
            figures=mirrors.figures(photos=1, reached=None, readers=0, engaged=0, rate=None),
            sources=(),
            hours=(),
            reached=(),
            days=(),
        )
    )
    said = read(alice, "/insights/notes/1/")
    assert "No visits yet." in said
    assert "How far they looked" not in said


def test_the_labels(alice: User, reports: Reports) -> None:
    said = read(alice, "/insights/label/")
    assert "Campus plog master since 20 Sep" in said
    assert "Differs from the label before" in said
    assert "12% of 3,906" in said
    reports(label_page=mirrors.label_page(chapters=()))
    assert "No label yet" in read(alice, "/insights/label/")
