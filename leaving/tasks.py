"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from notes.tasks import AFTER_TROUBLE, HOUSE_QUEUE
from people.tasks import MAIL_AGAIN, MAIL_PRIORITY, MAIL_QUEUE


@app.task(queue=HOUSE_QUEUE, name="make_archive", retry=AFTER_TROUBLE)
def make_archive(archive_id: int, site: str, language: str) -> None:
    from leaving.actions.archives import make_archive

    make_archive(archive_id, site, language)


@app.task(queue=MAIL_QUEUE, name="send_letter", retry=MAIL_AGAIN, priority=MAIL_PRIORITY)
def send_letter(letter: str, person_id: int, site: str, language: str) -> None:
    from leaving.letters import send_letter

    send_letter(letter, person_id, site, language)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_archives", queueing_lock="sweep_archives")
def sweep_archives(timestamp: int) -> None:
    from leaving.actions.archives import sweep_archives

    sweep_archives()


@app.periodic(cron="7 * * * *")
@app.task(queue=HOUSE_QUEUE, name="remove_leavers", queueing_lock="remove_leavers")
def remove_leavers(timestamp: int) -> None:
    from leaving.actions.removal import remove_leavers

    remove_leavers()


@app.task(queue=HOUSE_QUEUE, name="remove_person", retry=AFTER_TROUBLE)
def remove_person(person_id: int) -> None:
    from leaving.actions.removal import remove_person

    remove_person(person_id)


def defer_archive(archive_id: int, site: str, language: str) -> None:
    make_archive.defer(archive_id=archive_id, site=site, language=language)


def archives_in_hand() -> set[int]:
    """Return the archives that are going to be made: a job of theirs waits, for another try perhaps, or runs."""
    live = ProcrastinateJob.objects.filter(task_name="make_archive", status__in=["todo", "doing"])
    return set(live.values_list("args__archive_id", flat=True))


def defer_letter(letter: str, person_id: int, site: str, language: str) -> None:
    send_letter.defer(letter=letter, person_id=person_id, site=site, language=language)


def defer_removal(person_id: int) -> None:
    """Defer the removal job unless one is queued; it waits for one that runs."""
    of_person = f"remove_person:{person_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        remove_person.configure(lock=of_person, queueing_lock=of_person).defer(person_id=person_id)
