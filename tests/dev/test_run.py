"""The supervisor behind `make run`, with a database, web server and worker of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from dev.run import greeting, web_command
from tests.servers import PROJECT, free_port


class Run:
    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MAIL_DIR"}
        }
        self.log = data.with_name(f"run-{time.monotonic_ns()}.log")
        with self.log.open("w") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "dev.run"],
                cwd=PROJECT,
                env=environment | {"DATA_DIR": str(data), "PORT": str(port), "MAIL_DIR": "mails"},
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in a terminal
            )

    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 120  # the first start migrates an empty database
        while text not in self.output():
            assert self.popen.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as response:
                return response.status == 200
        except OSError:
            return False

    def children(self) -> dict[str, psutil.Process]:
        """The web server and the worker."""
        found = psutil.Process(self.popen.pid).children()
        return {"web" if "granian" in child.cmdline() else "worker": child for child in found}

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.data / "postgres" / "postmaster.pid").read_text().split()[0]))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], Run]]:
    runs = []

    def start(port: int) -> Run:
        runs.append(Run(tmp_path / "data", port))
        return runs[-1]

    yield start
    for run in runs:
        run.popen.terminate()
        run.popen.wait(30)


def gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def test_run_starts_restarts_a_part_and_stops(start: Callable[[int], Run]) -> None:
    port = free_port()
    run = start(port)
    run.wait_for(f"Red Book is at http://127.0.0.1:{port}")
    run.wait_for("Mails it sends are files in mails")
    assert run.answers()
    assert run.children()["worker"].nice() == 10
    run.children()["worker"].kill()
    run.wait_for("The worker ended by itself")
    stops_with_all(run)


@pytest.mark.long
def test_each_part_is_restarted_and_the_next_run_takes_over(start: Callable[[int], Run]) -> None:
    """Two starts, and each of three parts killed: half a minute and more."""
    port = free_port()
    run = start(port)
    run.wait_for(f"Red Book is at http://127.0.0.1:{port}")
    assert run.answers()

    # A part that is killed is started again, and said to be.
    run.children()["worker"].kill()
    run.wait_for("The worker ended by itself")
    run.postmaster().kill()
    run.wait_for("PostgreSQL ended by itself")
    web = run.children()["web"]
    workers = web.children()
    web.kill()
    run.wait_for("The web server ended by itself")
    assert gone(workers), "its processes would keep the port"
    deadline = time.monotonic() + 30
    while not run.answers():
        assert time.monotonic() < deadline, run.output()

    # A supervisor that is killed takes the rest along, but for the database, which the next one takes over.
    parts = list(run.children().values())
    parts += [child for part in parts for child in part.children(recursive=True)]
    run.popen.kill()
    run.popen.wait()
    assert gone(parts)
    again = start(port)
    again.wait_for("Red Book is at")
    assert again.answers()

    stops_with_all(again)


def stops_with_all(run: Run) -> None:
    """Stop it as Ctrl-C in a terminal does, which goes to the whole group."""
    parts = [*psutil.Process(run.popen.pid).children(recursive=True), run.postmaster()]
    os.killpg(run.popen.pid, signal.SIGINT)
    assert run.popen.wait(20) == 0
    assert gone(parts)
    assert "Traceback" not in run.output()


def test_a_taken_port_is_one_line_and_nothing_is_started(start: Callable[[int], Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = start(port)
        assert run.popen.wait(30) == 1
    assert run.output().splitlines() == [
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another: make run PORT=8001"
    ]
    assert not run.data.exists()


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_is_none_is_one_line(port: str) -> None:
    command = [sys.executable, "-m", "dev.run"]
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {"PORT": port}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert (done.stdout + done.stderr).startswith("PORT=")
    assert len((done.stdout + done.stderr).splitlines()) == 1


@pytest.mark.parametrize(
    ("host", "is_exposed"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True), ("::", True)]
)
def test_one_that_answers_every_network_says_what_slow_clients_can_do(host: str, is_exposed: bool) -> None:
    assert ("put nginx in front" in "\n".join(greeting(host, 8000))) is is_exposed


def test_headers_have_a_time_limit() -> None:
    command = web_command("127.0.0.1", 8000)
    assert command[command.index("--http1-header-read-timeout") + 1] == "10000"
