"""`make run`: the database, the web server and the background worker, started and stopped together.

A part that ends by itself is started again. Nothing is written down about running parts: each ends with the
supervisor, however that ends, and a PostgreSQL left over by a kill -9 is taken over by the next run.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from core import env
from core.processes import end_with_parent
from dev import embedded

PROJECT = Path(__file__).resolve().parent.parent
OWN_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask a server that listens everywhere
STOP_SECONDS = 10  # what a running request or job has to finish; a job cut off runs again later

HEADER_SECONDS = 10  # what a client has to send a request's headers; granian has no such limit for bodies
EXPOSED = (
    "It answers every network, with nothing in front of it: sixteen clients that send a form slowly are enough to\n"
    "hold it up. For others than yourself put nginx in front, as docs/deploy.md says."
)


def web_command(host: str, port: int, workers: int = 2) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error"),
        *("--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "8"),
        *("--workers-kill-timeout", str(STOP_SECONDS // 3)),
        *("--http1-header-read-timeout", str(HEADER_SECONDS * 1000), "redbook.wsgi:application"),
    ]


def worker_command() -> list[str]:
    return ["nice", "-n", "10", sys.executable, "manage.py", "worker"]


class Part:
    """A process with children of its own, in a process group, so that Ctrl-C comes to the supervisor alone."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.short_lives = 0

    def start(self) -> subprocess.Popen[bytes]:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=PROJECT, process_group=0, preexec_fn=lambda: end_with_parent(signal.SIGKILL)
        )
        return self.process

    def ended(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self.process.poll() if self.process else None

    def signal(self, number: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self, by: float) -> None:
        """Wait until that moment for a part that was told to end, then kill what is left of it."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0, by - time.monotonic()))
            self.signal(signal.SIGKILL)
            self.process.wait()


def main() -> int:
    host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000)
    if problem := cannot_listen(host, port):
        return say(problem)
    end_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    database = None if env.text("DATABASE_URL") else embedded.server()
    prepare = Part("preparation", [sys.executable, "manage.py", "prepare"])
    web, worker = (Part("web server", web_command(host, port)), Part("worker", worker_command()))
    try:
        if database:
            database.start()
            os.environ["DATABASE_URL"] = database.url
        if code := prepare.start().wait():
            return code
        web.start()
        worker.start()
        while web.ended() is None and not answers(host, port):
            time.sleep(0.1)
        if web.ended() is None:
            say("\n".join(greeting(host, port)))
        return watch([web, worker], database)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for part in (prepare, worker, web):
            part.signal(signal.SIGTERM)
        by = time.monotonic() + STOP_SECONDS
        for part in (prepare, worker, web):
            part.stop(by)
        if database:
            database.stop()


def greeting(host: str, port: int) -> list[str]:
    """Return the lines said once the site answers."""
    lines = [f"Red Book is at http://{for_url(host)}:{port}  (Ctrl-C stops it)"]
    if host in OWN_ADDRESS:
        lines.append(EXPOSED)
    if env.text("MAIL_DIR"):
        lines.append(f"Mails it sends are files in {env.text('MAIL_DIR')}")
    return lines


def watch(parts: list[Part], database: embedded.Server | None) -> int:
    """Restart parts that end; return only when a part cannot stay up."""
    while True:
        time.sleep(0.5)
        if database and not database.is_running():
            say("PostgreSQL ended by itself; starting it again.")
            database.start()
        for part in parts:
            code = part.ended()
            if code is None:
                continue
            part.signal(signal.SIGKILL)  # its children
            part.short_lives = part.short_lives + 1 if time.monotonic() - part.started < 5 else 0
            if part.short_lives == 3:
                return say(f"The {part.name} does not stay up (exit code {code}).")
            say(f"The {part.name} ended by itself (exit code {code}); starting it again.")
            part.start()


def say(text: str) -> int:
    """Print a line. Returns 1, an exit code for those who leave with it."""
    print(text, flush=True)
    return 1


def cannot_listen(host: str, port: int) -> str:
    """Return why the web server could not listen there; "" when it can."""
    if not 0 < port < 65536:
        return f"PORT={port} is no port: choose one from 1 to 65535."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another: make run PORT=8001"
    return ""


def answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(OWN_ADDRESS.get(host, host), port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
    return False


def for_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ImproperlyConfigured, embedded.Refused) as error:
        sys.exit(str(error))
