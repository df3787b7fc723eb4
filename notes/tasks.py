"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from datetime import UTC, datetime

from procrastinate import RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from core.limits import forget_old
from core.models import ParkedForm
from core.storage import BackupRuns

PHOTO_QUEUE, HOUSE_QUEUE = "photos", "house"
STALLED_AFTER_SECONDS = 30
SWEEP_SECONDS = 600  # 256 parts take two days
AFTER_BACKUP_SECONDS = 300


class RetryAfterOutage(RetryStrategy):
    """Retry after a full disk or an unavailable database, and without a limit while a backup runs."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, BackupRuns):
            return RetryDecision(retry_in={"seconds": AFTER_BACKUP_SECONDS})
        return super().get_retry_decision(exception=exception, job=job)


AFTER_TROUBLE = RetryAfterOutage(max_attempts=6, exponential_wait=4)  # 4 s to an hour


@app.task(queue=PHOTO_QUEUE, name="process_photo", retry=AFTER_TROUBLE)
def process_photo(photo_id: int) -> None:
    from notes.photos.actions import process_photo

    process_photo(photo_id)


@app.task(queue=PHOTO_QUEUE, name="frame_photo", retry=AFTER_TROUBLE)
def frame_photo(framing_id: int) -> None:
    from notes.crop.actions import render_crop

    render_crop(framing_id)


@app.task(queue=HOUSE_QUEUE, name="delete_files", retry=AFTER_TROUBLE)
def delete_files(folders: list[str]) -> None:
    from notes.photos.files import delete_files

    delete_files(folders)


@app.task(queue=HOUSE_QUEUE, name="read_stories", retry=AFTER_TROUBLE)
def read_stories(after: int) -> None:
    from notes.compose.reread import read_stories

    read_stories(after=after)


@app.task(queue=HOUSE_QUEUE, name="read_languages", retry=AFTER_TROUBLE)
def read_languages(after: int) -> None:
    from notes.compose.languages import read_languages

    read_languages(after=after)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="write_epoch", queueing_lock="write_epoch")
def write_epoch(timestamp: int) -> None:
    from notes.explore.epochs import write_epoch

    write_epoch(made_at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="17 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_loose_photos", queueing_lock="sweep_loose_photos")
def sweep_loose_photos(timestamp: int) -> None:
    from notes.compose.uploads import sweep_uploads
    from notes.photos.actions import sweep_loose_photos

    sweep_loose_photos()
    sweep_uploads()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_files", queueing_lock="sweep_files")
def sweep_files(timestamp: int) -> None:
    from notes.photos.files import sweep_files

    sweep_files(turn=timestamp // SWEEP_SECONDS)


@app.periodic(cron="37 * * * *")
@app.task(queue=HOUSE_QUEUE, name="give_up_photos", queueing_lock="give_up_photos")
def give_up_photos(timestamp: int) -> None:
    from notes.photos.actions import give_up_photos

    give_up_photos()


@app.periodic(cron="47 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_limits", queueing_lock="forget_limits")
def forget_limits(timestamp: int) -> None:
    from notes.readers.networks import forget_old_keys

    forget_old()
    forget_old_keys()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_parked_forms", queueing_lock="forget_parked_forms")
def forget_parked_forms(timestamp: int) -> None:
    ParkedForm.objects.over().delete()


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs")
async def rescue_stalled_jobs(timestamp: int) -> None:
    """Runs again what a killed worker left unfinished."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)


def defer_photo(photo_id: int) -> None:
    process_photo.defer(photo_id=photo_id)


def photos_being_processed() -> set[int]:
    """Return the photos that will still be decoded: their job is queued, waits for a retry, or runs."""
    live = ProcrastinateJob.objects.filter(task_name="process_photo", status__in=["todo", "doing"])
    return set(live.values_list("args__photo_id", flat=True))


def defer_framing(framing_id: int) -> None:
    frame_photo.defer(framing_id=framing_id)


def defer_files(folders: list[str]) -> None:
    delete_files.defer(folders=folders)
