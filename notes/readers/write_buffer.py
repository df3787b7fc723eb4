"""Buffer events in the web process, and write them to the database in batches from a thread.

A request only appends an event; each kind is written at its own interval (`keep`). Events not yet written when a
process is killed are lost: some seconds' worth, or all since the database became unavailable. On a normal exit the
thread writes the rest.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock, Thread, main_thread
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from notes.readers.visitors import forget_yesterday

EVERY_SECONDS = 2
MOST = 20_000  # events of a kind kept while the database is unavailable, about 5 MB; later ones are dropped
AT_ONCE = 2_000

_log = logging.getLogger(__name__)


class Queue:
    """Events of one kind that wait for `write`, which takes a list of them and may get the same list again after a
    database failure. `name` appears in logs.
    """

    def __init__(self, name: str, write: Callable[[Sequence[Any]], None], every: float, at_once: int) -> None:
        self.name, self.write, self.every, self.at_once = name, write, every, at_once
        self.lines: deque[Any] = deque()
        self._writing = Lock()
        self._is_away = False
        self._next = 0.0

    def put(self, line: Any) -> None:
        """Append an event if there is room. Never blocks."""
        if len(self.lines) < MOST:
            self.lines.append(line)

    def is_due(self) -> bool:
        """Return whether there are events to write and their interval has passed."""
        return bool(self.lines) and monotonic() >= self._next

    def flush(self) -> None:
        """Write the events added so far. While the database is unavailable they stay, and that is logged once."""
        with self._writing:
            self._next = monotonic() + self.every
            number = len(self.lines)
            while batch := [self.lines[place] for place in range(min(number, self.at_once))]:
                try:
                    self.write(batch)
                except (OperationalError, InterfaceError) as error:
                    if not self._is_away:
                        _log.warning(
                            "%s are not written, the database is unavailable. They are kept and retried: %s",
                            self.name,
                            error,
                        )
                    self._is_away = True
                    return
                except Exception:
                    _log.exception(
                        "%d %s could not be written and were dropped.", len(batch), self.name.lower()
                    )
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
    """Register a kind of event: `write` gets up to `at_once` of them every `every` seconds."""
    _queues[kind] = Queue(name, write, every, at_once)


def put(line: Any) -> None:
    """Append an event of a registered kind."""
    _queues[type(line)].put(line)


def waiting(kind: type) -> list[Any]:
    """Return the events of this kind that are not written yet."""
    return list(_queues[kind].lines)


def clear() -> None:
    """Discard unwritten events, for tests."""
    for queue in _queues.values():
        queue.lines.clear()


def flush() -> None:
    """Write all events added so far, regardless of interval."""
    for queue in _queues.values():
        queue.flush()


def flush_kind(kind: type) -> None:
    """Write the events of this kind that this process has, for an action that would otherwise run ahead of them."""
    _queues[kind].flush()


def start() -> None:
    """Start the thread that writes events until the main thread ends."""
    Thread(target=_keep_writing, name="ledger").start()


def _keep_writing() -> None:
    """Write due events until the main thread ends, then the rest. The interpreter waits for this thread before it
    exits.
    """
    main = main_thread()
    while main.is_alive():
        main.join(EVERY_SECONDS)
        forget_yesterday()
        due = [queue for queue in _queues.values() if queue.is_due() or (queue.lines and not main.is_alive())]
        for queue in due:
            queue.flush()
        if due:
            connection.close()
