"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import (
    AFTER_MAIL_TROUBLE,
    AFTER_TROUBLE,
    HOUSE_QUEUE,
    MAIL_PRIORITY,
    MAIL_QUEUE,
    PHOTO_QUEUE,
    SWEEP_SECONDS,
    app,
)
from imaging import Square
from people import mails
from people.actions import addresses, avatars


@app.task(queue=PHOTO_QUEUE, name="process_avatar", retry=AFTER_TROUBLE)
def process_avatar(person_id: int, folder: str, square: dict[str, int] | None = None) -> None:
    avatars.process_avatar(person_id, folder, Square(**square or {}))


@app.task(queue=HOUSE_QUEUE, name="delete_avatar_files", retry=AFTER_TROUBLE)
def delete_avatar_files(folder: str) -> None:
    avatars.delete_avatar_files(folder)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_avatars", queueing_lock="sweep_avatars")
def sweep_avatars(timestamp: int) -> None:
    avatars.give_up_avatars()
    avatars.sweep_avatars(turn=timestamp // SWEEP_SECONDS)


@app.task(queue=MAIL_QUEUE, name="send_mail", retry=AFTER_MAIL_TROUBLE, priority=MAIL_PRIORITY)
def send_mail(mail: str, person_id: int, site: str, language: str, about: int) -> None:
    mails.send(mail, person_id, site, language, about)


@app.periodic(cron="57 * * * *")
@app.task(queue=HOUSE_QUEUE, name="end_unconfirmed", queueing_lock="end_unconfirmed")
def end_unconfirmed(timestamp: int) -> None:
    addresses.end_unconfirmed()
    addresses.forget_previous_addresses()
