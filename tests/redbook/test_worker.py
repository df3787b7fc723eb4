import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from core.jobs import defer
from tests.servers import Process, free_port, manage, run_jobs


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_nice_and_clears_what_it_has_done(worker: Process) -> None:
    defer("delete_files", folders=[])
    deadline = time.monotonic() + 90
    while ProcrastinateJob.objects.filter(task_name="delete_files").exists():
        assert time.monotonic() < deadline, worker.log.read_text()
        time.sleep(0.1)
    assert psutil.Process(worker.popen.pid).nice() == 10
    worker.popen.terminate()
    assert worker.popen.wait(30) == 0
    assert "Traceback" not in worker.log.read_text()


@pytest.mark.django_db
def test_jobs_can_be_run_inside_a_test() -> None:
    defer("delete_files", folders=[])
    defer("delete_files", folders=[])
    assert run_jobs() == 2
    assert run_jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_the_worker_that_loses_the_database_exits_with_an_error(worker: Process) -> None:
    """So that what watches it starts it again."""
    until_listening()
    with no_new_connections(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'worker'"
        )
        assert worker.popen.wait(120) == 1, worker.log.read_text()
    assert "The worker ends" in worker.log.read_text()


@pytest.mark.django_db
def test_the_worker_that_finds_no_database_exits_with_an_error() -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    process = Process("lost-worker", [*manage(), "worker"], DATABASE_URL=away)
    assert process.popen.wait(60) == 1


@contextmanager
def no_new_connections() -> Iterator[None]:
    """The database refuses new connections meanwhile: a worker that lost its connections cannot reconnect."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def until_listening() -> None:
    """The worker has registered, and waits for jobs."""
    deadline = time.monotonic() + 90
    with connection.cursor() as cursor:
        found = 0
        while not found:
            assert time.monotonic() < deadline
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                " AND application_name = 'worker'"
            )
            (found,) = cursor.fetchone()
            time.sleep(0.05)
