"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from procrastinate.contrib.django import app

from notes.tasks import HOUSE_QUEUE, PHOTO_QUEUE


@app.task(queue=PHOTO_QUEUE, name="process_avatar")
def process_avatar(person_id: int, folder: str) -> None:
    from profiles.actions.avatars import process_avatar

    process_avatar(person_id, folder)


@app.task(queue=HOUSE_QUEUE, name="delete_avatar_files")
def delete_avatar_files(folder: str) -> None:
    from profiles.actions.avatars import delete_avatar_files

    delete_avatar_files(folder)


def defer_avatar(person_id: int, folder: str) -> None:
    process_avatar.defer(person_id=person_id, folder=folder)


def defer_avatar_files(folder: str) -> None:
    delete_avatar_files.defer(folder=folder)
