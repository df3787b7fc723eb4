"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import AFTER_MAIL_TROUBLE, AFTER_TROUBLE, HOUSE_QUEUE, MAIL_PRIORITY, MAIL_QUEUE, app
from leaving import letters
from leaving.actions import archives, removal


@app.task(queue=HOUSE_QUEUE, name="make_archive", retry=AFTER_TROUBLE)
def make_archive(archive_id: int, site: str, language: str) -> None:
    archives.make_archive(archive_id, site, language)


@app.task(queue=MAIL_QUEUE, name="send_letter", retry=AFTER_MAIL_TROUBLE, priority=MAIL_PRIORITY)
def send_letter(letter: str, person_id: int, site: str, language: str) -> None:
    letters.send_letter(letter, person_id, site, language)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_archives", queueing_lock="sweep_archives")
def sweep_archives(timestamp: int) -> None:
    archives.sweep_archives()


@app.periodic(cron="7 * * * *")
@app.task(queue=HOUSE_QUEUE, name="remove_leavers", queueing_lock="remove_leavers")
def remove_leavers(timestamp: int) -> None:
    removal.remove_leavers()


@app.task(queue=HOUSE_QUEUE, name="remove_person", retry=AFTER_TROUBLE)
def remove_person(person_id: int) -> None:
    removal.remove_person(person_id)
