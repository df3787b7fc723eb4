"""The page of figures: for everybody, in both languages, the same as its file."""

import pytest
from django.test import Client

from moderation.transparency.wording import waiting
from tests.moderation.transparency.months import make_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def months() -> None:
    make_month(2026, 9, reports=77)
    make_month(2026, 10)


@pytest.mark.usefixtures("months")
def test_the_page_shows_the_latest_month(client: Client) -> None:
    page = client.get("/transparency/").content.decode()
    for words in (
        "Oct 2026",
        "Sep 2026",
        "3,456",
        "1,671",
        "1,200",
        "8 hours",
        "4 days",
        "No spam and no scams",
        "not shown",
    ):
        assert words in page
    assert "All other rules" in page
    assert ">11<" in page
    for few in ("Nothing sexual", "No one’s private information", ">6<", ">5<", ">3<"):
        assert few not in page


@pytest.mark.usefixtures("months")
def test_another_month_is_a_link(client: Client) -> None:
    page = client.get("/transparency/", {"month": "2026-09"}).content.decode()
    assert "<h2>Sep 2026</h2>" in page
    assert ">77<" in page


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize("month", ["2026-08", "2026-9", "x", "2026-10-01", "９９"])
def test_no_other_month_is_there(client: Client, month: str) -> None:
    assert client.get("/transparency/", {"month": month}).status_code == 404


@pytest.mark.usefixtures("months")
def test_the_page_speaks_chinese(client: Client) -> None:
    page = client.get("/transparency/", headers={"Accept-Language": "zh-CN"}).content.decode()
    for words in ("2026年10月", "8小时", "其他规则"):
        assert words in page


@pytest.mark.usefixtures("months")
def test_the_file_has_what_the_page_shows(client: Client) -> None:
    answer = client.get("/transparency/figures.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert "2026-10,Decisions,,1671" in lines
    assert "2026-10,Taken back without an appeal,," in lines
    assert "2026-10,Decisions by rule,All other rules,11" in lines
    assert answer["Content-Disposition"] == 'attachment; filename="transparency.csv"'


def test_the_page_says_that_no_month_is_over(client: Client) -> None:
    page = client.get("/transparency/").content.decode()
    assert "The first is not over yet." in page
    assert "figures.csv" not in page
    assert client.get("/transparency/", {"month": "2026-10"}).status_code == 404


@pytest.mark.usefixtures("months")
def test_a_month_with_too_little_shows_nothing_of_it(client: Client) -> None:
    few = make_month(2026, 11, rules={"advertising": 4})
    few.figures |= {name: 4 for name, number in few.figures.items() if isinstance(number, int)}
    few.save()
    page = client.get("/transparency/").content.decode()
    assert "Too few to show." in page
    assert page.count("not shown") >= 8


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "1 hour"), (0.05, "2 hours"), (1.9, "46 hours"), (2, "2 days"), (2.1, "3 days")],
)
def test_times_are_hours_then_days(days: float, words: str) -> None:
    assert waiting(days) == words
