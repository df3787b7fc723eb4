"""Functions that a child process should not run.

Imports nothing of the project, which each child would import anew.
"""

import ctypes
import os
import resource
import signal
import sys
from typing import IO


def allocate(size: int) -> int:
    return len(bytearray(size))


def crash() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def vanish(file: IO[bytes]) -> None:
    """Kill this process, as the system does when it is out of memory."""
    signal.raise_signal(signal.SIGKILL)


def spin() -> None:
    while True:
        pass


def stumble() -> None:
    raise LookupError("over a stone")


def limits() -> dict[str, tuple[int, int]]:
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE")
    return {name: resource.getrlimit(getattr(resource, name)) for name in names}


def is_loaded(module: str) -> bool:
    return module in sys.modules
