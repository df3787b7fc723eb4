"""Pytest plugin: what tests run on. A real PostgreSQL, the production web server, a real worker, a real Chromium.

Loaded first (`-p` in pyproject.toml), because it sets the environment that the settings are read from.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

RUN_DIR = Path(tempfile.mkdtemp(prefix="redbook-test-"))
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)

os.environ |= {
    "SECRET_KEY": "for-tests-alone",
    "ALLOWED_HOSTS": "*",
    "HTTPS": "off",
    "STRICT_FETCH": "on",
    "DATABASE_POOL": "0",
    "DATA_DIR": str(RUN_DIR),
    "MAIL_DIR": str(RUN_DIR / "mail"),
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's own event loop runs in the thread of the test
}
if not os.environ.get("DATABASE_URL"):
    from redbook import embedded

    database_server = embedded.test_server()
    database_server.start()
    atexit.register(database_server.stop)
    os.environ["DATABASE_URL"] = database_server.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Every run has a database of its own, so that two may go on at the same time."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{os.getpid()}"


def run_jobs() -> int:
    """Runs every job that is due, in this thread and transaction; an error in a job is the test's. Returns how many."""
    from procrastinate.contrib.django import app
    from procrastinate.jobs import Status

    jobs = app.job_manager
    worker_id = async_to_sync(jobs.register_worker)()
    done = 0
    while job := async_to_sync(jobs.fetch_job)(queues=None, worker_id=worker_id):
        app.tasks[job.task_name](**job.task_kwargs)
        async_to_sync(jobs.finish_job)(job=job, status=Status.SUCCEEDED, delete_job=True)
        done += 1
    async_to_sync(jobs.unregister_worker)(worker_id)
    return done
