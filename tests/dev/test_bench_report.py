"""docs/performance.md is written by several benches, which keep each other's sections."""

from dev.bench.feeds.report import HEADING
from dev.bench.pages import Subject
from dev.bench.report import TRICKS, WHERE, Row, compressing, counting
from dev.bench.sections import in_place, keep, section_of

PAGE = "# What a page costs\n\nMuch.\n\n## The baselines\n\nTwo.\n"


def test_the_part_about_feeds_is_put_in_and_replaced() -> None:
    assert section_of(PAGE, HEADING) == ""
    first = in_place(PAGE, HEADING, f"{HEADING}\n\nOne.\n")
    assert first == f"{PAGE}\n{HEADING}\n\nOne.\n"
    assert in_place(first, HEADING, f"{HEADING}\n\nTwo.\n") == f"{PAGE}\n{HEADING}\n\nTwo.\n"
    followed = f"{first}\n## More\n\nText.\n"
    assert section_of(followed, HEADING) == f"{HEADING}\n\nOne.\n\n"
    assert keep(PAGE, followed, [HEADING]) == f"{first}\n"
    assert keep(PAGE, followed, ["## More", HEADING]) == f"{PAGE}\n## More\n\nText.\n\n{HEADING}\n\nOne.\n\n"


def test_what_is_written_by_hand_is_on_the_page_and_kept() -> None:
    page = WHERE.read_text()
    assert section_of(page, TRICKS)
    assert section_of(keep(PAGE, page, [TRICKS]), TRICKS).strip() == section_of(page, TRICKS).strip()


def test_what_counting_costs_is_told_of_pages_measured_both_ways() -> None:
    page, other = Subject("a page", "/"), Subject("another", "/other/")
    spent = {page: 4.4, page.uncounted: 4.2, other: 3.0}
    rows = [Row(subject, ms, ms / 2, 9_000, 50_000, 3, 0.2, 500) for subject, ms in spent.items()]
    assert counting(rows) == ("a page, 4.40 ms with and 4.20 without (2.20 and 2.10 times the bare page)")


def test_what_compressing_costs_is_told_of_pages_measured_both_ways() -> None:
    page, other = Subject("a page", "/"), Subject("another", "/other/")
    plain = page.codings[0]
    sent = {page: (4.4, 9_000), plain: (4.2, 50_000), other: (3.0, 8_000)}
    rows = [Row(subject, ms, ms / 2, size, 50_000, 3, 0.2, 500) for subject, (ms, size) in sent.items()]
    assert compressing(rows) == "a page, 4.40 ms and 9.0 kB, else 4.20 ms and 50.0 kB"
