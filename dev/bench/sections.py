"""docs/performance.md has several authors: each replaces the sections that it writes, and leaves the others alone."""

import re


def in_place(page: str, heading: str, section: str) -> str:
    """Return the page with this section, which begins with the heading, instead of the one it has, or at its end."""
    there = section_of(page, heading)
    return page.replace(there, section) if there else f"{page.rstrip()}\n\n{section}"


def section_of(page: str, heading: str) -> str:
    """Return what the page says under this heading, with it; "" where it says nothing yet."""
    found = re.search(rf"^{re.escape(heading)}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    return found[0] if found else ""


def keep(page: str, before: str, headings: list[str]) -> str:
    """Return the page, newly written, with the sections under these headings as they were before."""
    for heading in headings:
        if section := section_of(before, heading):
            page = in_place(page, heading, section)
    return page
