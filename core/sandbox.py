"""Run a pure function in a child process with limits, so that hostile data costs one child and nothing else."""

import multiprocessing
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from core.processes import end_with_parent

MEMORY_BYTES = (
    1_500_000_000  # of address space; the heaviest photo that passes the limits takes a third of it
)
CPU_SECONDS = 20  # the slowest accepted photo takes a few
WALL_SECONDS = 120  # for a child that waits, or a machine that has other things to do
# Signals by which a process ends itself. Any other signal came from outside.
_OWN_DEATHS = {
    *(signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT),
    *(signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGSYS),
}


class Killed(Exception):
    """The call exceeded the child's memory or time, or crashed it. It would again."""


class Interrupted(Exception):
    """The child was ended from outside, by a shutdown or a machine out of memory. Another attempt may succeed."""


def run[*Arguments, Result](function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """Return the result of `function` with these arguments, or raise its error. All of them have to pickle.

    Raises Killed and Interrupted.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, function.__module__])
    here, there = context.Pipe()
    child = context.Process(target=_serve, args=(there, MEMORY_BYTES, CPU_SECONDS), daemon=True)
    with here, there:
        try:
            child.start()
        except (EOFError, ConnectionError) as error:
            raise Interrupted("the server of children was ended") from error
        there.close()
        began = time.monotonic()
        overtime = threading.Timer(WALL_SECONDS, child.kill)
        overtime.start()
        try:
            here.send((function, arguments))
            succeeded, outcome = here.recv()
        except (EOFError, ConnectionError):
            child.join()
            succeeded, outcome = False, _death(child.exitcode or 0, time.monotonic() - began)
        finally:
            overtime.cancel()
            overtime.join()
            child.kill()
            child.join()
            child.close()
    if not succeeded:
        raise outcome
    return outcome  # type: ignore[no-any-return]


def _death(code: int, seconds: float) -> Exception:
    if seconds >= WALL_SECONDS or -code in _OWN_DEATHS:
        return Killed(f"exit code {code} after {seconds:.1f} s")
    return Interrupted(f"exit code {code} after {seconds:.1f} s")


def _serve(parent: Connection, memory: int, seconds: int) -> None:
    """Answer calls in the child process with (True, the result) or (False, the error)."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to answer, once this photo is done
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the photo
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answer: tuple[bool, Any]
    try:
        function, arguments = parent.recv()
        answer = True, function(*arguments)
    except MemoryError:
        answer = False, Killed("out of memory")
    except Exception as error:
        error.add_note(traceback.format_exc())
        answer = False, error
    with suppress(BrokenPipeError):  # killed meanwhile: the job runs again
        parent.send(answer)
