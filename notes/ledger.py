"""Openings of notes wait here, in the web process, for a thread that writes them down every two seconds.

A request only leaves a line. What a process has not written when it is killed is lost: two seconds' worth, or what
came while the database was away. The thread writes the rest when the process ends in order.
"""

import logging
from collections import deque
from threading import Lock, Thread, main_thread

from django.db import InterfaceError, OperationalError, connection

from notes.actions.readers import Opening, record_openings
from notes.visitors import forget_yesterday

EVERY_SECONDS = 2
MOST = 20_000  # lines kept while the database is away, about 5 MB; what comes then is not counted
AT_ONCE = 2_000

_lines: deque[Opening] = deque()
_writing = Lock()
_log = logging.getLogger(__name__)
_is_away = False


def put(opening: Opening) -> None:
    """Leaves a line, if there is room. Waits for nothing."""
    if len(_lines) < MOST:
        _lines.append(opening)


def start() -> None:
    """Has a thread of this process write down what is put, until its main thread ends."""
    Thread(target=_keep_writing, name="ledger").start()


def flush() -> None:
    """Writes down what has been put. While the database is away, it stays, and that is logged once."""
    global _is_away
    with _writing:
        while batch := [_lines[place] for place in range(min(len(_lines), AT_ONCE))]:
            try:
                record_openings(openings=batch)
            except (OperationalError, InterfaceError) as error:
                if not _is_away:
                    _log.warning("Openings of notes wait for the database: %s", error)
                _is_away = True
                return
            except Exception:
                _log.exception("%d openings of notes could not be written down.", len(batch))
            _is_away = False
            for _line in batch:
                _lines.popleft()


def _keep_writing() -> None:
    """The interpreter waits for this thread before it ends, whatever started the process and however it was told to."""
    main = main_thread()
    while main.is_alive():
        main.join(EVERY_SECONDS)
        forget_yesterday()
        if _lines:
            flush()
            connection.close()
