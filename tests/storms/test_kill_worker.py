"""kill -9 of the worker, or of its child that prepares a photo: the job runs again, and has its effect once."""

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection
from PIL import Image
from procrastinate.exceptions import AlreadyEnqueued

import imaging
from core.jobs import STALLED_AFTER_SECONDS
from core.tasks import rescue_stalled_jobs
from notes.compose.actions import save_note, start_draft
from notes.compose.content import NoteContent
from notes.forms import NoteForm
from notes.models import Note, Photo
from notes.photos.actions import receive_photo
from profiles.models import User
from tests.builders import picture, signed_in, upload
from tests.markup import words
from tests.servers import Process, database_url, wait_until, worker_command
from tests.storms.kills import files, until, waiting_for_locks

pytestmark = pytest.mark.django_db(transaction=True)


def publish(author: User, content: bytes) -> Note:
    """A note that waits for this photo."""
    form = NoteForm({"title": "A walk", "key": ""})
    assert form.is_valid()
    file = upload(content=content)
    photo = receive_photo(owner=author, file=file, facts=imaging.inspect(file))
    note = start_draft(author=author, key=uuid.uuid4())
    content = NoteContent(words=form.cleaned_data, photos=[photo])
    return save_note(note=note, content=content, publish=True)


def child_of(worker: Process) -> psutil.Process | None:
    """The process in which a photo is being prepared."""
    for process in psutil.Process(worker.popen.pid).children():
        try:
            if "forkserver" in " ".join(process.cmdline()):
                return next(iter(process.children()), None)
        except psutil.NoSuchProcess:
            continue
    return None


@pytest.fixture
def second_worker(worker: Process) -> Iterator[Callable[[], Process]]:
    """Starts a worker after the first one's end."""
    started: list[Process] = []

    def start() -> Process:
        started.append(Process("worker", worker_command()))
        let_the_lease_end()
        return started[-1]

    yield start
    for process in started:
        process.stop()


def let_the_lease_end() -> None:
    """The dead worker's heartbeat is as old as it would be a minute later, and the periodic job comes now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - %s * interval '2 seconds'",
            [STALLED_AFTER_SECONDS],
        )
    with contextlib.suppress(AlreadyEnqueued):
        rescue_stalled_jobs.defer(timestamp=0)


def assert_out(note: Note, media: Path) -> None:
    """The note is published, once, with each file there is."""
    photo = note.photos.get()
    renditions = {f"{role}.{kind}" for role in photo.roles for kind in ("avif", "jpg")}
    assert (photo.state, files(media)) == ("ready", renditions | {"master.jpg"})
    for path in media.rglob("*.*"):
        with Image.open(path) as rendition:
            rendition.load()
    assert Note.objects.get().status == "published"


def is_ready(note: Note) -> bool:
    return Photo.objects.filter(note=note, state="ready").exists()


@pytest.mark.long
def test_the_worker_is_killed_while_a_photo_is_prepared(
    alice: User, media: Path, worker: Process, second_worker: Callable[[], Process], large: bytes
) -> None:
    note = publish(alice, large)
    until(lambda: child_of(worker))
    family = psutil.Process(worker.popen.pid).children(recursive=True)
    worker.popen.kill()
    assert not psutil.wait_procs(family, timeout=10)[1], "Its children would go on for nobody."
    photo = note.photos.get()
    assert (photo.state, photo.roles, files(media)) == ("received", [], {"original"})
    assert Note.objects.get().status == "processing"

    wait_until(lambda: is_ready(note), "The photo is not ready", second_worker(), 90)
    until(lambda: "original" not in files(media))
    assert_out(note, media)


@pytest.mark.long
def test_the_worker_is_killed_between_files_and_row(
    alice: User, media: Path, worker: Process, second_worker: Callable[[], Process], large: bytes
) -> None:
    note = publish(alice, large)
    with psycopg.connect(database_url()) as other:
        until(lambda: child_of(worker))
        other.execute("SELECT FROM notes_photo FOR UPDATE")
        until(lambda: "master.jpg" in files(media))
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    assert not is_ready(note), "The files are there, but not their rows."
    assert Note.objects.get().status == "processing"

    wait_until(lambda: is_ready(note), "The photo is not ready", second_worker(), 90)
    until(lambda: "original" not in files(media))
    assert_out(note, media)


@pytest.mark.long
def test_all_that_prepares_a_photo_is_told_to_stop(
    alice: User, worker: Process, second_worker: Callable[[], Process], large: bytes
) -> None:
    """As service managers do, and as Ctrl-C of `make run` does: the photo is not to blame."""
    note = publish(alice, large)
    until(lambda: child_of(worker))
    os.killpg(worker.popen.pid, signal.SIGTERM)
    assert worker.popen.wait(60) == 0
    assert note.photos.get().state == "received"
    wait_until(lambda: is_ready(note), "The photo is not ready", second_worker(), 90)


def test_a_child_that_is_killed_is_tried_again(
    alice: User, media: Path, worker: Process, large: bytes
) -> None:
    note = publish(alice, large)
    until(lambda: child_of(worker)).kill()
    time.sleep(1)
    assert note.photos.get().state == "received"
    wait_until(lambda: is_ready(note), "The photo is not ready", worker, 90)
    until(lambda: "original" not in files(media))
    assert_out(note, media)


def test_a_child_that_crashes_fails_its_photo_and_the_queue_moves_on(
    alice: User, media: Path, worker: Process, large: bytes
) -> None:
    bad = publish(alice, large)
    until(lambda: child_of(worker)).send_signal(signal.SIGSEGV)
    until(lambda: bad.photos.get().state == "failed")
    bad.refresh_from_db()
    assert (bad.status, bad.published_at, bad.photos.get().reason) == ("draft", None, "too_hard")
    until(lambda: files(media) == set())
    page = signed_in(alice).get(bad.get_absolute_url())
    assert "“photo.jpg” is too complex to process." in words(page)
    page = signed_in(alice).get(bad.get_absolute_url(), headers={"Accept-Language": "zh-hans"})
    assert "“photo.jpg”处理起来太费力了" in words(page)

    bad.delete()
    good = publish(alice, picture())
    wait_until(lambda: is_ready(good), "The next photo is not ready", worker, 90)
