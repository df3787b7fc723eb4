"""Background jobs: what declares, defers and finds them. This module and the worker command alone know procrastinate.

Each app declares its jobs in its `tasks.py`, with `app`, a queue and a retry strategy from here. Actions defer a job by
its name and import no `tasks.py`.
"""

from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate import RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from core.storage import BackupRuns

__all__ = [
    "AFTER_MAIL_TROUBLE",
    "AFTER_TROUBLE",
    "DIGEST_PRIORITY",
    "DIGEST_QUEUE",
    "HOUSE_QUEUE",
    "LOOK_PRIORITY",
    "MAIL_PRIORITY",
    "MAIL_QUEUE",
    "PHOTO_QUEUE",
    "SWEEP_SECONDS",
    "app",
    "defer",
    "defer_once",
    "unfinished",
]

PHOTO_QUEUE, HOUSE_QUEUE, MAIL_QUEUE, DIGEST_QUEUE = "photos", "house", "mail", "digests"
MAIL_PRIORITY, DIGEST_PRIORITY = 10, -10  # a person is waiting for a mail, and for no digest
LOOK_PRIORITY = 10  # a note is public until it has been looked over
SWEEP_SECONDS = 600  # between two sweeps of stored files, each of one of 256 parts: all of them take two days
STALLED_AFTER_SECONDS = 30
AFTER_BACKUP_SECONDS = 300


class RetryAfterOutage(RetryStrategy):
    """Retry after a full disk or an unavailable database, and without a limit while a backup runs."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, BackupRuns):
            return RetryDecision(retry_in={"seconds": AFTER_BACKUP_SECONDS})
        return super().get_retry_decision(exception=exception, job=job)


AFTER_TROUBLE = RetryAfterOutage(max_attempts=6, exponential_wait=4)  # 4 s to an hour
# When the mail server fails: retry after 4 s, with growing intervals, for six hours.
AFTER_MAIL_TROUBLE = RetryStrategy(max_attempts=8, exponential_wait=4)


def defer(job: str, /, **arguments: Any) -> None:
    """Queue the job of this name. In a transaction, the job exists if and only if that commits.

    Arguments are values of JSON. Raises TaskNotFound for a name that no tasks.py declares.
    """
    app.configure_task(job, allow_unknown=False).defer(**arguments)


def defer_once(job: str, lock: str, /, **arguments: Any) -> None:
    """Queue the job of this name unless one with this lock is queued already. It waits for one that runs."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(job, allow_unknown=False, lock=lock, queueing_lock=lock).defer(**arguments)


def unfinished(job: str, argument: str) -> set[Any]:
    """Return the values that an argument has in jobs of this name that are queued, wait for a retry, or run."""
    live = ProcrastinateJob.objects.filter(task_name=job, status__in=["todo", "doing"])
    return set(live.values_list(f"args__{argument}", flat=True))


async def retry_stalled_jobs() -> None:
    """Queue the jobs again that a killed worker left unfinished."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)
