"""Pytest plugin: the production web server, a real worker, Chromium, real photographs."""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext
from pytest_django import DjangoDbBlocker

from core.checks import CREATE_DATABASE
from core.processes import end_with_parent
from dev.run import web_command, worker_command
from tests import chromium
from tests.environment import OWN_POSTGRES, RUN_DIR, SHARED_DIR

PROJECT = Path(__file__).resolve().parent.parent
PHOTOGRAPHS = PROJECT.parent / "shared" / "photos" / "real"
TEMPLATE = "template_redbook_test"
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    # Chromium heeds the last list alone: these are Playwright's, and what has every window start processes beside the
    # page's own, which took half of its time: for the address bar and for a page that may come next.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCORSURLLoaderRestartOnRedirect,TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch,PreloadTopChromeWebUI,SpareRendererForSitePerProcess,WebUIOmniboxPopup,"
    "WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """Give the run a copy of a migrated database, and drop the databases that killed runs left."""
    from django.db import connection

    prefix = f"test_{connection.settings_dict['NAME']}_"
    with django_db_blocker.unblock(), connection.creation._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(hashtext(%s))", [prefix]
        )  # a parallel run's processes, one by one
        names = _databases(cursor)
        for name in names:
            pid = name.removeprefix(prefix)
            if name.startswith(prefix) and pid.isdigit() and not psutil.pid_exists(int(pid)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = f"{TEMPLATE}_{_migrations_hash()}"
        if template not in names:
            _make_template(cursor, template)
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [prefix])
    connection.close()
    connection.settings_dict["TEST"] |= {"TEMPLATE": template, "NAME": f"{prefix}{os.getpid()}"}
    connection.creation._destroy_test_db = _drop


def _databases(cursor: Any) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database")
    return [name for (name,) in cursor.fetchall()]


def _migrations_hash() -> str:
    """Return what names the schema: the code of all migrations, ours and the packages', and the SQL that ours run."""
    from django.apps import apps

    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted([*Path(app.path).glob("migrations/*.py"), *Path(app.path).glob("**/*_sql.py")]):
            digest.update(f"{app.label}/{file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _make_template(cursor: Any, template: str) -> None:
    """Migrate a new database and keep it for later runs instead of those of other migrations."""
    for name in _databases(cursor):
        if name.startswith(TEMPLATE):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    unfinished = f"{TEMPLATE}_unfinished"
    # Another server's own template may have any locale.
    cursor.execute(
        f"CREATE DATABASE {unfinished}" if OWN_POSTGRES else CREATE_DATABASE.format(name=unfinished)
    )
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}").geturl()
    subprocess.run(
        [*manage(), "migrate", "--verbosity=0"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


def _drop(name: str, verbosity: int) -> None:
    """Drop the run's database, though PostgreSQL may not have noticed yet that the last process is gone."""
    from django.db import connection

    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session", autouse=True)
def plain_static_names(django_test_environment: None) -> None:
    """Pages rendered in this process name static files as they are; only web_server collects and hashes them.

    Each test client reads all of STATIC_ROOT with its first request, so it is an empty folder here.
    """
    from django.conf import settings

    settings.STATIC_ROOT = RUN_DIR / "uncollected"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="module", autouse=True)
def vacuumed(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a module, take out of the tables' files what its tests undid: queries of later ones read it again and
    again, some of them for ten times as long.
    """
    yield
    from django.db import connection

    if connection.connection and not connection.in_atomic_block:
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM (SKIP_LOCKED)")


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that commits, the mailbox is empty."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        for file in (RUN_DIR / "mail").glob("*"):
            file.unlink()


# First the tables that the web server's ledger begins with, in its order: it is done, or waits without holding another;
# then all the others, so that no request is at work any more. Rows go where there are any: TRUNCATE of a hundred empty
# tables takes longer than most tests. They go without triggers, so that no order matters, where the server allows it. A
# table that has grown large is cut down.
EMPTY_TABLES = """
DO $$
DECLARE
    name regclass;
    names regclass[] := ARRAY(
        SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'notes_measured',
                'insights_word')
        ORDER BY relname
    );
    has_rows boolean;
BEGIN
    LOCK TABLE insights_mark, notes_notereader, notes_note, profiles_user;
    EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ');
    IF NOT has_parameter_privilege('session_replication_role', 'SET')
        OR (SELECT max(pg_relation_size(each)) FROM unnest(names) AS each) > 1000000
    THEN
        ALTER TABLE redbook_auditentry DISABLE TRIGGER keep_audit_table;
        EXECUTE 'TRUNCATE ' || array_to_string(names, ', ');
        ALTER TABLE redbook_auditentry ENABLE TRIGGER keep_audit_table;
        RETURN;
    END IF;
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('DELETE FROM %s', name);
        END IF;
    END LOOP;
END
$$
"""


@pytest.fixture(scope="session", autouse=True)
def empty_tables() -> Iterator[None]:
    """After a test that commits, no table has rows, those of jobs and the cache neither; but content types keep their
    numbers, which the web server remembers, so that there is nothing to make again.
    """
    from django.core.management.commands import flush

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", lambda *args, **options: [EMPTY_TABLES])
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
        yield


class Process:
    """A part of the production system, as its own process on the tests' database and media; its code is in `folder`.

    Its connections carry its name in pg_stat_activity.
    """

    def __init__(self, name: str, command: list[str], *, folder: Path = PROJECT, **environment: str) -> None:
        self.log = RUN_DIR / f"{name}.log"
        with self.log.open("a") as log:
            self.popen = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "DATABASE_URL": database_url(), "PGAPPNAME": name, **environment},
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=lambda: end_with_parent(signal.SIGKILL),
            )

    def kill(self) -> None:
        """Ends it and its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        self.popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(10)
        self.kill()


class WebServer(Process):
    """`url` is where it answers, `log` what it printed: a traceback for every 500."""

    def __init__(self, workers: int = 2, *, folder: Path = PROJECT, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = web_command("127.0.0.1", self.port, workers)
        super().__init__("web", command, folder=folder, DATABASE_POOL="8", **environment)
        wait_until(self.answers, "The web server does not answer", self, 90)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
        return False


@pytest.fixture(scope="session")
def collected_files(translations: None) -> None:
    """Translations and static files, as `manage.py prepare` leaves them for a web server to read at its start.

    A parallel run's processes collect the files once, and have links to them.
    """
    names = SHARED_DIR / "staticfiles.json"
    with (SHARED_DIR / "collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not names.exists():
            command = [*manage(), "collectstatic", "--noinput", "--verbosity=0"]
            subprocess.run(command, cwd=PROJECT, env={**os.environ, "DATA_DIR": str(SHARED_DIR)}, check=True)
    if SHARED_DIR != RUN_DIR:
        link = {"copy_function": os.link, "dirs_exist_ok": True}
        shutil.copytree(SHARED_DIR / "static", RUN_DIR / "static", **link)
        os.link(names, RUN_DIR / names.name)


@pytest.fixture(scope="session")
def web_server(django_db_setup: None, collected_files: None) -> Iterator[WebServer]:
    """The production server with two processes, which hashes passwords as quickly as the tests do.

    For tests that commit (django_db(transaction=True)).
    """
    server = WebServer(DJANGO_SETTINGS_MODULE="tests.quick")
    yield server
    server.stop()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Process]:
    """A real background worker, for tests that commit."""
    process = Process("worker", worker_command())
    yield process
    process.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = chromium.path()
    if not executable:
        pytest.fail(chromium.HOW)
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], web_server: WebServer) -> dict[str, Any]:
    """Relative addresses start at the web server."""
    own = {"base_url": web_server.url, "locale": "en-US", "timezone_id": "Asia/Shanghai"}
    return {**browser_context_args, **own}


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of photographs: the project's collection where it is at hand, else pictures as large, drawn here."""
    if PHOTOGRAPHS.is_dir():
        return PHOTOGRAPHS
    folder = tmp_path_factory.mktemp("photographs")
    for number, size in enumerate([(4000, 3000), (3000, 4000), (2400, 2400), (4032, 2268)], start=1):
        ramps = [
            Image.linear_gradient("L").rotate(90 * turn).resize(size) for turn in range(number, number + 3)
        ]
        picture = Image.merge("RGB", ramps)
        exif = Image.Exif()
        exif[0x0112] = number  # orientation
        picture.save(folder / f"drawn_{number}.jpg", exif=exif, quality=90)
    return folder


def sign_in(context: BrowserContext, person: Any, server: WebServer) -> None:
    """Signs a person in to a browser context without the form."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])


def run_jobs() -> int:
    """Runs every due job in this thread and transaction. Returns how many; an error in a job is raised."""
    from procrastinate import sql
    from procrastinate.contrib.django import app

    # Not through procrastinate's own methods, which are coroutines: Playwright's loop may be in this thread.
    queries: Any = app.connector
    worker = queries.execute_query_one(query=sql.queries["register_worker"])["worker_id"]
    due = {"query": sql.queries["fetch_job"], "queues": None, "worker_id": worker}
    done = 0
    while (row := queries.execute_query_one(**due))["id"]:
        app.tasks[row["task_name"]](**json.loads(row["args"]))  # Django's connection leaves jsonb as text
        finish = {"job_id": row["id"], "status": "succeeded", "delete_job": True}
        queries.execute_query(query=sql.queries["finish_job"], **finish)
        done += 1
    queries.execute_query(query=sql.queries["unregister_worker"], worker_id=worker)
    return done


def manage() -> list[str]:
    return [web_command("", 0)[0], "manage.py"]


def database_url() -> str:
    """The DATABASE_URL of the run's test database."""
    from django.db import connection

    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Any, problem: str, process: Process, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline or process.popen.poll() is not None:
            process.kill()
            raise RuntimeError(f"{problem}:\n{process.log.read_text()}")
        time.sleep(0.05)
