import time

import psutil
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from notes.tasks import defer_files
from tests.servers import Process, run_jobs


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_nice_and_clears_what_it_has_done(worker: Process) -> None:
    defer_files([])
    deadline = time.monotonic() + 30
    while ProcrastinateJob.objects.filter(task_name="delete_files").exists():
        assert time.monotonic() < deadline, worker.log.read_text()
        time.sleep(0.1)
    assert psutil.Process(worker.popen.pid).nice() == 10
    worker.popen.terminate()
    assert worker.popen.wait(15) == 0
    assert "Traceback" not in worker.log.read_text()


@pytest.mark.django_db
def test_jobs_can_be_run_inside_a_test() -> None:
    defer_files([])
    defer_files([])
    assert run_jobs() == 2
    assert run_jobs() == 0
