"""What happens on pages waits here, in the web process, for a thread that writes it down in bulk.

A request only leaves a line; each kind of line is written in its own rhythm by whoever keeps it (`keep`). What a
process has not written when it is killed is lost: some seconds' worth, or what came while the database was away. The
thread writes the rest when the process ends in order.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock, Thread, main_thread
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from notes.visitors import forget_yesterday

EVERY_SECONDS = 2
MOST = 20_000  # lines of a kind kept while the database is away, about 5 MB; what comes then is not counted
AT_ONCE = 2_000

_log = logging.getLogger(__name__)


class Queue:
    """Lines of one kind that wait for `write`, which takes a list of them and may be given the same list again where
    the database was away. `name` is how logs call them.
    """

    def __init__(self, name: str, write: Callable[[Sequence[Any]], None], every: float, at_once: int) -> None:
        self.name, self.write, self.every, self.at_once = name, write, every, at_once
        self.lines: deque[Any] = deque()
        self._writing = Lock()
        self._is_away = False
        self._next = 0.0

    def put(self, line: Any) -> None:
        """Leave a line, if there is room. Waits for nothing."""
        if len(self.lines) < MOST:
            self.lines.append(line)

    def is_due(self) -> bool:
        """Whether there is something to write, and its time has come."""
        return bool(self.lines) and monotonic() >= self._next

    def flush(self) -> None:
        """Write down what has been put so far. While the database is away, it stays, and that is logged once."""
        with self._writing:
            self._next = monotonic() + self.every
            number = len(self.lines)
            while batch := [self.lines[place] for place in range(min(number, self.at_once))]:
                try:
                    self.write(batch)
                except (OperationalError, InterfaceError) as error:
                    if not self._is_away:
                        _log.warning("%s wait for the database: %s", self.name, error)
                    self._is_away = True
                    return
                except Exception:
                    _log.exception("%d %s could not be written down.", len(batch), self.name.lower())
                self._is_away = False
                for _line in batch:
                    self.lines.popleft()
                number -= len(batch)


_queues: dict[type, Queue] = {}


def keep(
    kind: type,
    name: str,
    write: Callable[[Sequence[Any]], None],
    *,
    every: float = EVERY_SECONDS,
    at_once: int = AT_ONCE,
) -> None:
    """Have lines of this kind written by `write`, every so many seconds, so many at once at most."""
    _queues[kind] = Queue(name, write, every, at_once)


def put(line: Any) -> None:
    """Leave a line of a kind that is kept."""
    _queues[type(line)].put(line)


def waiting(kind: type) -> list[Any]:
    """The lines of this kind that are not written yet."""
    return list(_queues[kind].lines)


def clear() -> None:
    """Forget what is not written, for tests."""
    for queue in _queues.values():
        queue.lines.clear()


def flush() -> None:
    """Write down all that has been put so far, whatever its rhythm."""
    for queue in _queues.values():
        queue.flush()


def start() -> None:
    """Has a thread of this process write down what is put, until its main thread ends."""
    Thread(target=_keep_writing, name="ledger").start()


def _keep_writing() -> None:
    """The interpreter waits for this thread before it ends, whatever started the process and however it was told to."""
    main = main_thread()
    while main.is_alive():
        main.join(EVERY_SECONDS)
        forget_yesterday()
        due = [queue for queue in _queues.values() if queue.is_due() or (queue.lines and not main.is_alive())]
        for queue in due:
            queue.flush()
        if due:
            connection.close()
