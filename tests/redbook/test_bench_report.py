"""The page about speed has two authors, who leave each other's part alone."""

from redbook.bench.feeds.report import HEADING, in_place, section_of

PAGE = "# What a page costs\n\nMuch.\n\n## The baselines\n\nTwo.\n"


def test_the_part_about_feeds_is_put_in_and_replaced() -> None:
    assert section_of(PAGE) == ""
    first = in_place(PAGE, f"{HEADING}\n\nOne.\n")
    assert first == f"{PAGE}\n{HEADING}\n\nOne.\n"
    assert in_place(first, f"{HEADING}\n\nTwo.\n") == f"{PAGE}\n{HEADING}\n\nTwo.\n"
    followed = f"{first}\n## More\n\nText.\n"
    assert section_of(followed) == f"{HEADING}\n\nOne.\n\n"
    assert in_place(PAGE, section_of(first)) == first
