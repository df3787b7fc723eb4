"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from notes.tasks import AFTER_TROUBLE, HOUSE_QUEUE, PHOTO_QUEUE, SWEEP_SECONDS


@app.task(queue=PHOTO_QUEUE, name="process_avatar", retry=AFTER_TROUBLE)
def process_avatar(person_id: int, folder: str) -> None:
    from profiles.actions.avatars import process_avatar

    process_avatar(person_id, folder)


@app.task(queue=HOUSE_QUEUE, name="delete_avatar_files", retry=AFTER_TROUBLE)
def delete_avatar_files(folder: str) -> None:
    from profiles.actions.avatars import delete_avatar_files

    delete_avatar_files(folder)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_avatars", queueing_lock="sweep_avatars")
def sweep_avatars(timestamp: int) -> None:
    from profiles.actions.avatars import give_up_avatars, sweep_avatars

    give_up_avatars()
    sweep_avatars(turn=timestamp // SWEEP_SECONDS)


def avatars_in_hand() -> set[str]:
    """The folders whose upload is going to be decoded: a job waits, for another try perhaps, or runs."""
    live = ProcrastinateJob.objects.filter(task_name="process_avatar", status__in=["todo", "doing"])
    return set(live.values_list("args__folder", flat=True))


def defer_avatar(person_id: int, folder: str) -> None:
    process_avatar.defer(person_id=person_id, folder=folder)


def defer_avatar_files(folder: str) -> None:
    delete_avatar_files.defer(folder=folder)
