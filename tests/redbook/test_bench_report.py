"""The page about speed has two authors, who leave each other's part alone."""

from redbook.bench.feeds.report import HEADING, in_place, section_of
from redbook.bench.pages import Subject
from redbook.bench.report import Row, counting

PAGE = "# What a page costs\n\nMuch.\n\n## The baselines\n\nTwo.\n"


def test_the_part_about_feeds_is_put_in_and_replaced() -> None:
    assert section_of(PAGE) == ""
    first = in_place(PAGE, f"{HEADING}\n\nOne.\n")
    assert first == f"{PAGE}\n{HEADING}\n\nOne.\n"
    assert in_place(first, f"{HEADING}\n\nTwo.\n") == f"{PAGE}\n{HEADING}\n\nTwo.\n"
    followed = f"{first}\n## More\n\nText.\n"
    assert section_of(followed) == f"{HEADING}\n\nOne.\n\n"
    assert in_place(PAGE, section_of(first)) == first


def test_what_counting_costs_is_told_of_pages_measured_both_ways() -> None:
    page, other = Subject("a page", "/"), Subject("another", "/other/")
    spent = {page: 4.4, page.uncounted: 4.2, other: 3.0}
    rows = [Row(subject, ms, ms / 2, 50_000, 3, 0.2, 500) for subject, ms in spent.items()]
    assert counting(rows) == ("a page, 4.40 ms with and 4.20 without (2.20 and 2.10 times the bare page)")
