"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from dataclasses import asdict

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from imaging import Square
from notes.tasks import AFTER_TROUBLE, HOUSE_QUEUE, PHOTO_QUEUE, SWEEP_SECONDS
from profiles.models import User

MAIL_QUEUE = "mail"
MAIL_PRIORITY = 10  # a person is waiting for it
# When the mail server fails: retry after 4 s, with growing intervals, for six hours.
MAIL_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(queue=PHOTO_QUEUE, name="process_avatar", retry=AFTER_TROUBLE)
def process_avatar(person_id: int, folder: str, square: dict[str, int] | None = None) -> None:
    from people.actions.avatars import process_avatar

    process_avatar(person_id, folder, Square(**square or {}))


@app.task(queue=HOUSE_QUEUE, name="delete_avatar_files", retry=AFTER_TROUBLE)
def delete_avatar_files(folder: str) -> None:
    from people.actions.avatars import delete_avatar_files

    delete_avatar_files(folder)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_avatars", queueing_lock="sweep_avatars")
def sweep_avatars(timestamp: int) -> None:
    from people.actions.avatars import give_up_avatars, sweep_avatars

    give_up_avatars()
    sweep_avatars(turn=timestamp // SWEEP_SECONDS)


@app.task(queue=MAIL_QUEUE, name="send_mail", retry=MAIL_AGAIN, priority=MAIL_PRIORITY)
def send_mail(mail: str, person_id: int, site: str, language: str, about: int) -> None:
    from people.mails import send

    send(mail, person_id, site, language, about)


@app.periodic(cron="57 * * * *")
@app.task(queue=HOUSE_QUEUE, name="end_unconfirmed", queueing_lock="end_unconfirmed")
def end_unconfirmed(timestamp: int) -> None:
    from people.actions.addresses import end_unconfirmed, forget_previous_addresses

    end_unconfirmed()
    forget_previous_addresses()


def avatars_being_processed() -> set[str]:
    """Return the folders whose upload will still be decoded: the job is queued, waits for a retry, or runs."""
    live = ProcrastinateJob.objects.filter(task_name="process_avatar", status__in=["todo", "doing"])
    return set(live.values_list("args__folder", flat=True))


def defer_avatar(person_id: int, folder: str, square: Square) -> None:
    process_avatar.defer(person_id=person_id, folder=folder, square=asdict(square))


def defer_avatar_files(folder: str) -> None:
    delete_avatar_files.defer(folder=folder)


def defer_mail(mail: str, person: User | None, site: str, language: str, *, about: int = 0) -> None:
    """Queue a mail of people/mails.py. The job holds ids only, no address and no link. Without a person it queues a
    no-op, so that the response takes the same time.
    """
    person_id = person.pk if person else 0
    send_mail.defer(mail=mail, person_id=person_id, site=site, language=language, about=about)
