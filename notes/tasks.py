"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from redbook.limits import forget_old

PHOTO_QUEUE, HOUSE_QUEUE = "photos", "house"
STALLED_AFTER_SECONDS = 30
AFTER_TROUBLE = RetryStrategy(
    max_attempts=6, exponential_wait=4
)  # a full disk, a database away: 4 s to an hour


@app.task(queue=PHOTO_QUEUE, name="process_photo", retry=AFTER_TROUBLE)
def process_photo(photo_id: int) -> None:
    from notes.actions.photos import process_photo

    process_photo(photo_id)


@app.task(queue=HOUSE_QUEUE, name="delete_files")
def delete_files(folders: list[str]) -> None:
    from notes.actions.files import delete_files

    delete_files(folders)


@app.periodic(cron="*/2 * * * *")
@app.task(queue=HOUSE_QUEUE, name="refresh_scores", queueing_lock="refresh_scores")
def refresh_scores(timestamp: int) -> None:
    from notes.actions.scores import refresh_scores

    refresh_scores()


@app.periodic(cron="17 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_loose_photos", queueing_lock="sweep_loose_photos")
def sweep_loose_photos(timestamp: int) -> None:
    from notes.actions.photos import sweep_loose_photos
    from notes.actions.uploads import sweep_uploads

    sweep_loose_photos()
    sweep_uploads()


@app.periodic(cron="47 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_limits", queueing_lock="forget_limits")
def forget_limits(timestamp: int) -> None:
    forget_old()


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs")
async def rescue_stalled_jobs(timestamp: int) -> None:
    """Runs again what a killed worker left unfinished."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)


def defer_photo(photo_id: int) -> None:
    process_photo.defer(photo_id=photo_id)


def defer_files(folders: list[str]) -> None:
    delete_files.defer(folders=folders)
