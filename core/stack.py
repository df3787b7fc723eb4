"""Keep the Python frames of a request in one piece of memory."""

from collections.abc import Callable, Iterable
from typing import Any

SLOTS = 1 << 15  # of 8 bytes: the chunk becomes 512 kB, half of it room for the frames of a request

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def in_one_chunk(application: Application) -> Application:
    """Wrap a WSGI application so that no call within a request maps or unmaps memory for its frame.

    CPython lays frames into chunks of 16 kB. A call that finds the chunk full maps another, and its return unmaps it
    (`_PyThreadState_PushFrame`, Python/pystate.c). Rendering calls thousands of functions from one depth; where a
    border lies at that depth, each call pays for a map, page faults and an unmap, and a page takes up to twice its CPU.
    A frame that asks for more than a chunk gets a chunk of twice that size, and the frames above it lie there too. Only
    memory that is touched is ever real.
    """

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application(environ, start_response)

    wrapped.__code__ = wrapped.__code__.replace(co_stacksize=SLOTS)
    return wrapped
