import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.logs import LINE_MAX, LINES_MAX, LineFormatter

LINE = settings.LOGGING["formatters"]["line"]


def formatted(message: str, *arguments: Any, exc_info: Any = None) -> list[str]:
    record = logging.LogRecord("name", logging.ERROR, "", 1, message, arguments, exc_info)
    return LineFormatter(LINE["format"], style=LINE["style"]).format(record).split("\n")


def test_a_long_message_is_cut_and_says_how_long_it_was() -> None:
    (line,) = formatted("Not Found: %s", "/" + "a" * 60_000)
    assert len(line) < LINE_MAX + 50
    assert line.endswith("characters)")
    assert formatted("Short")[0].endswith("ERROR name Short")


def test_a_message_is_one_line() -> None:
    (line,) = formatted("Refused %s", "a\nb\r\x1b[2Jc\u2028d")
    assert line.endswith(r"Refused a\nb\r\x1b[2Jc\u2028d")


def test_a_traceback_is_bounded_too() -> None:
    try:
        raise ValueError("x" * 60_000 + "\n" + "y\n" * 5_000)
    except ValueError:
        lines = formatted("Failed", exc_info=sys.exc_info())
    assert len(lines) == LINES_MAX + 1
    assert max(map(len, lines)) < LINE_MAX + 50
    assert lines[1] == "Traceback (most recent call last):"


@pytest.mark.django_db
def test_a_path_of_60_kb_is_a_short_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    handler = caplog.handler
    handler.setFormatter(LineFormatter(LINE["format"], style=LINE["style"]))
    with caplog.at_level("WARNING"):
        assert client.get("/" + "a" * 60_000).status_code == 414
    assert "URI Too Long" in caplog.text
    assert max(map(len, caplog.text.splitlines())) < LINE_MAX + 50


def test_every_handler_writes_so() -> None:
    assert LINE["()"] == "core.logs.LineFormatter"
    written = [each for each in settings.LOGGING["handlers"].values() if "Null" not in each["class"]]
    assert all(each["formatter"] == "line" for each in written)
