"""Log lines of bounded length, because they may quote requests, such as a path of 60 kB."""

import logging
import re

LINE_MAX, LINES_MAX = 2000, 200
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """Format a message as one line with its traceback below, and bound the length of lines and their number."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        return cut(_CONTROL.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record)))

    def format(self, record: logging.LogRecord) -> str:
        lines = [cut(line) for line in super().format(record).split("\n")]
        if len(lines) > LINES_MAX:
            left_out = len(lines) - LINES_MAX
            lines[LINES_MAX // 2 : -LINES_MAX // 2] = [f"… {left_out} lines left out"]
        return "\n".join(lines)


def cut(line: str) -> str:
    """Return the line, or its beginning with its full length."""
    return line if len(line) <= LINE_MAX else f"{line[:LINE_MAX]}… ({len(line)} characters)"
