"""Work in a child process: its limits, how it ends, and what the worker learns about it."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO

import psutil
import pytest

import imaging
from core import sandbox
from tests.builders import picture
from tests.core.hostile_work import abort, allocate, crash, limits, spin, stumble
from tests.servers import PROJECT

# In a process of its own, whose first work is a photo, as a worker's is.
ASK_WHAT_IS_LOADED = """
from io import BytesIO
import imaging
from core import sandbox
from tests.core.hostile_work import is_loaded
try:
    sandbox.run(imaging.render, BytesIO(b""))
except imaging.Refused:
    print(sandbox.run(is_loaded, "PIL.AvifImagePlugin"))
"""


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_a_result_comes_back() -> None:
    rendered = sandbox.run(imaging.render, BytesIO(picture()))
    assert (rendered.width, rendered.height) == (600, 800)
    assert rendered == imaging.render(BytesIO(picture()))


def test_what_it_raises_is_raised_here_with_the_place() -> None:
    with pytest.raises(imaging.Refused) as refused:
        sandbox.run(imaging.render, BytesIO(picture((2000, 64))))
    assert refused.value.reason is imaging.Refusal.TOO_NARROW
    with pytest.raises(LookupError, match="over a stone") as error:
        sandbox.run(stumble)
    assert any("in stumble" in note for note in error.value.__notes__)


def test_the_limits_are_in_force() -> None:
    assert sandbox.run(limits) == {
        "RLIMIT_AS": (1_500_000_000, 1_500_000_000),
        "RLIMIT_CPU": (20, 25),
        "RLIMIT_CORE": (0, 0),
    }


def test_too_much_memory_kills() -> None:
    assert sandbox.run(allocate, 10**9) == 10**9
    with pytest.raises(sandbox.Killed):
        sandbox.run(allocate, 1_500_000_000)


def test_too_much_cpu_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "CPU_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(sandbox.Killed, match=f"exit code -{signal.SIGXCPU}"):
        sandbox.run(spin)
    assert time.monotonic() - began < 10


def test_too_much_time_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.5)
    with pytest.raises(sandbox.Killed):
        sandbox.run(time.sleep, 60)


@pytest.mark.parametrize("work", [crash, abort])
def test_a_crash_is_the_works_own(work: Callable[[], None]) -> None:
    with pytest.raises(sandbox.Killed):
        sandbox.run(work)


def test_a_child_ended_from_outside_may_be_tried_again() -> None:
    for number in (signal.SIGKILL, signal.SIGTERM):
        with pytest.raises(sandbox.Interrupted):
            sandbox.run(signal.raise_signal, number)
    assert sandbox.run(allocate, 1) == 1


def test_the_server_of_children_may_die_too() -> None:
    sandbox.run(allocate, 1)
    servers = [child for child in psutil.Process().children() if "forkserver" in " ".join(child.cmdline())]
    assert servers
    for server in servers:
        server.kill()
        while server.status() != psutil.STATUS_ZOMBIE:  # not waited for: that is for multiprocessing to do
            pass
    assert sandbox.run(allocate, 1) == 1


def test_nothing_is_left_running() -> None:
    sandbox.run(allocate, 1)
    before = children()
    for work, death in ((crash, sandbox.Killed), (stumble, LookupError)):
        with pytest.raises(death):
            sandbox.run(work)
    assert children() == before


def test_several_at_once_from_threads() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda size=size: results.append(sandbox.run(allocate, size)))
        for size in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == list(range(8))


def test_a_child_finds_the_decoders_loaded() -> None:
    """What it would load itself costs each photo 100 ms."""
    command = [sys.executable, "-c", ASK_WHAT_IS_LOADED]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "True\n", done.stderr
