"""Documentation is up to date: links lead somewhere, paths and functions exist."""

import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

from tests.servers import PROJECT

PAPERS = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
NAMING = [
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "docs" / "architecture.md",
    *(PROJECT / "docs" / "adr").iterdir(),
]
PACKAGES = {file.parent.name for file in PROJECT.glob("*/__init__.py")}
# Made by following CONTRIBUTING's examples.
EXAMPLES = {
    "templates/people/campuses.html",
    "tests/people/test_campuses.py",
    "tests/notes/compose/test_old_drafts.py",
}


def quoted(paper: Path) -> set[str]:
    return set(
        re.findall(
            r"`([^`\s]+)`", re.sub(r"^```.*?^```", "", paper.read_text(), flags=re.DOTALL | re.MULTILINE)
        )
    )


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_to_files(paper: Path) -> None:
    links = set(re.findall(r"\]\(([^)#\s]+)", paper.read_text()))
    gone = {link for link in links if ":" not in link and not (paper.parent / link).exists()}
    assert gone == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_paths_exist(paper: Path) -> None:
    paths = {name for name in quoted(paper) if re.fullmatch(r"[\w-]+(/[\w.-]+)+/?", name)}
    folders = {*PACKAGES, "templates", "static", "tests", "docs", "locale"}
    ours = {name for name in paths if name.split("/")[0] in folders}
    assert {name for name in ours - EXAMPLES if not (PROJECT / name).exists()} == set()


@pytest.mark.parametrize("paper", NAMING, ids=lambda paper: paper.name)
def test_functions_exist(paper: Path) -> None:
    for name in quoted(paper):
        if re.fullmatch(r"[a-z_]+(\.\w+)+", name) and name.split(".")[0] in PACKAGES:
            assert found(name), name


def found(name: str) -> object:
    """Return the module, or what a module holds, by its dotted name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    return None
