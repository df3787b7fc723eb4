"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from datetime import UTC, datetime

from core.jobs import AFTER_TROUBLE, HOUSE_QUEUE, PHOTO_QUEUE, SWEEP_SECONDS, app
from core.limits import forget_old
from notes.compose import languages, pending_edits, reread, uploads
from notes.crop import actions as crops
from notes.explore import epochs
from notes.photos import actions as photos
from notes.photos import files, fingerprints
from notes.readers import arrivals, networks
from notes.reading_history import actions as reading_history
from notes.schedule import actions as schedule


@app.task(queue=PHOTO_QUEUE, name="process_photo", retry=AFTER_TROUBLE)
def process_photo(photo_id: int) -> None:
    photos.process_photo(photo_id)


@app.task(queue=PHOTO_QUEUE, name="frame_photo", retry=AFTER_TROUBLE)  # the name that queued jobs have
def frame_photo(framing_id: int) -> None:
    crops.render_crop(framing_id)


@app.task(queue=HOUSE_QUEUE, name="delete_files", retry=AFTER_TROUBLE)
def delete_files(folders: list[str]) -> None:
    files.delete_files(folders)


@app.task(queue=HOUSE_QUEUE, name="read_stories", retry=AFTER_TROUBLE)
def read_stories(after: int) -> None:
    reread.read_stories(after=after)


@app.task(queue=HOUSE_QUEUE, name="read_languages", retry=AFTER_TROUBLE)
def read_languages(after: int) -> None:
    languages.read_languages(after=after)


@app.task(queue=HOUSE_QUEUE, name="renew_fingerprints", retry=AFTER_TROUBLE)
def renew_fingerprints(after: int) -> None:
    fingerprints.renew_fingerprints(after=after)


@app.task(queue=HOUSE_QUEUE, name="apply_edit", retry=AFTER_TROUBLE)
def apply_edit(note_id: int) -> None:
    pending_edits.apply_edit(note_id=note_id)


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="publish_due", queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    schedule.publish_due()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="apply_ready_edits", queueing_lock="apply_ready_edits")
def apply_ready_edits(timestamp: int) -> None:
    pending_edits.apply_ready_edits()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="write_epoch", queueing_lock="write_epoch")
def write_epoch(timestamp: int) -> None:
    epochs.write_epoch(made_at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="17 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_loose_photos", queueing_lock="sweep_loose_photos")
def sweep_loose_photos(timestamp: int) -> None:
    photos.sweep_loose_photos()
    uploads.sweep_uploads()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_files", queueing_lock="sweep_files")
def sweep_files(timestamp: int) -> None:
    files.sweep_files(turn=timestamp // SWEEP_SECONDS)


@app.periodic(cron="37 * * * *")
@app.task(queue=HOUSE_QUEUE, name="give_up_photos", queueing_lock="give_up_photos")
def give_up_photos(timestamp: int) -> None:
    photos.give_up_photos()


@app.periodic(cron="47 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_limits", queueing_lock="forget_limits")
def forget_limits(timestamp: int) -> None:
    forget_old()
    networks.forget_old_keys()
    arrivals.forget_old_arrivals()


@app.periodic(cron="23 3 * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_old_entries", queueing_lock="forget_old_entries")
def forget_old_entries(timestamp: int) -> None:
    reading_history.forget_old_entries()
