"""A list of known pictures: what is wrong is named, what is known stays, and the same list again adds nothing."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from moderation.models import KnownPicture
from moderation.pictures import importing
from moderation.pictures.importing import import_list
from tests.moderation.builders import make_rule
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
LIST = """# from the union of campuses
0123456789abcdef
FEDCBA9876543210  # upper case

0123456789abcdef
0123
0123456789abcdef01
hello
0000000000000000
"""


def imported(file: Path | str, **options: Any) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(
            "known_pictures", str(file), rule="sexual", source="A list", stdout=out, stderr=err, **options
        )
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue().strip(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_rule("sexual")
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    return path


def test_wrong_lines_are_named_and_the_others_added(file: Path) -> None:
    code, said, wrong = imported(file)
    assert (code, said) == (1, "Added: 2, known already: 1, wrong: 4")
    assert wrong.splitlines() == [
        "line 6: 4 digits instead of 16",
        "line 7: 18 digits instead of 16",
        "line 8: not hexadecimal",
        "line 9: the fingerprint of a picture of one tone, which says nothing",
    ]
    rows = KnownPicture.objects.order_by("pk")
    assert [(row.said, row.source, row.rule.slug) for row in rows] == [
        ("0123456789abcdef", "A list", "sexual"),
        ("fedcba9876543210", "A list", "sexual"),
    ]
    run_jobs()


def test_the_same_list_again_adds_nothing(file: Path) -> None:
    imported(file)
    KnownPicture.objects.filter(fingerprint=0x0123456789ABCDEF).update(retired_at="2026-11-01T00:00Z")
    assert imported(file)[1] == "Added: 0, known already: 3, wrong: 4"
    assert KnownPicture.objects.in_force().count() == 1


def test_a_list_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is stored before the next is read; a line without an end costs no memory."""
    monkeypatch.setattr(importing, "BATCH", 100)

    def lines() -> Iterator[str]:
        for number in range(1, 1001):
            assert KnownPicture.objects.count() >= (number - 101) // 100 * 100
            yield f"{number:016x}\n"
        yield "a" * 5_000_000

    done = import_list(lines=lines(), rule=make_rule("sexual"), source="A list")
    assert (done.added, done.known, done.refused) == (1000, 0, ["line 1001: 200 digits instead of 16"])


def test_what_cannot_be_read_is_said(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("known_pictures", str(tmp_path / "none"), rule="sexual", source="A list")
    with pytest.raises(CommandError, match="No rule in force has the slug nonsense"):
        call_command("known_pictures", str(file), rule="nonsense", source="A list")
    with pytest.raises(CommandError, match="120 characters"):
        call_command("known_pictures", str(file), rule="sexual", source="A" * 121)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00" * 50)
    assert imported(tmp_path / "bytes")[:2] == (1, "Added: 0, known already: 0, wrong: 1")
