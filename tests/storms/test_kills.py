"""A kill -9 of real processes at the worst moments: no half-made note, no orphan row, and no orphan file once swept."""

import contextlib
import http.client
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from PIL import Image
from procrastinate.exceptions import AlreadyEnqueued

from notes import photos
from notes.actions.files import sweep_files
from notes.actions.photos import receive_photo
from notes.actions.publishing import save_note, start_draft
from notes.forms import NoteForm
from notes.models import Note, Photo
from notes.tasks import STALLED_AFTER_SECONDS, rescue_stalled_jobs
from profiles.models import User
from redbook.storage import SHARDS
from tests.builders import picture, signed_in, upload
from tests.notes.markup import words
from tests.servers import Process, WebServer, database_url, wait_until, worker_command
from tests.storms.client import CSRF
from tests.storms.test_storms import session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media() -> Iterator[Path]:
    """The storage that all processes share, empty before and after."""
    root = Path(settings.MEDIA_ROOT)
    clear(root)
    yield root
    clear(root)


def clear(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def large(tmp_path: Path) -> bytes:
    """A photo that takes a second or two to prepare."""
    path = tmp_path / "large.jpg"
    ramp = Image.linear_gradient("L").resize((6000, 4500))
    Image.merge("RGB", (ramp, ramp.rotate(90, expand=False), ramp.rotate(180))).save(path, quality=95)
    return path.read_bytes()


def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """What the condition gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return found


def publish(author: User, *contents: bytes) -> Note:
    """A note that waits for these photos."""
    form = NoteForm({"title": "A walk", "key": ""})
    assert form.is_valid()
    received = [
        receive_photo(owner=author, file=file, facts=photos.inspect(file))
        for file in (upload(content=content) for content in contents)
    ]
    note = start_draft(author=author, key=uuid.uuid4())
    words = form.cleaned_data
    return save_note(note=note, words=words, photos=received, alts={}, cover=None, publish=True)


# The web process


def posting(person: User, content: bytes) -> tuple[bytes, bytes]:
    """Head and body of a compose form with this photo."""
    mark = "storm" * 8
    fields = {"title": "A walk", "key": "", "action": "publish", "csrfmiddlewaretoken": CSRF}
    body = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ).encode()
    body += f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'.encode()
    body += content + f"\r\n--{mark}--\r\n".encode()
    head = (
        "POST /notes/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={session(person)}; csrftoken={CSRF}\r\n"
        f"Content-Type: multipart/form-data; boundary={mark}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def answer(server: WebServer, head: bytes, body: bytes) -> int:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(head + body)
        response = http.client.HTTPResponse(line)
        response.begin()
        return response.status


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a web server started now keeps what arrives."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def arriving(server: WebServer, spool: Path) -> int:
    """How many bytes of uploads its processes hold in files without a name."""
    total = 0
    for process in psutil.Process(server.popen.pid).children(recursive=True):
        for link in Path(f"/proc/{process.pid}/fd").iterdir():
            if str(spool) in os.readlink(link):
                total += os.stat(link).st_size
    return total


@pytest.mark.usefixtures("web_server")
def test_the_web_server_is_killed_while_a_photo_arrives(
    alice: User, media: Path, spool: Path, tmp_path: Path
) -> None:
    head, body = posting(alice, large(tmp_path))
    server = WebServer()
    line = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    line.sendall(head + body[: len(body) // 2])
    until(lambda: arriving(server, spool) > len(body) // 4)
    server.kill()
    line.close()
    assert files(spool) == set(), "Its place and time would lie there."
    assert files(media) == set()
    assert not Photo.objects.exists()
    assert not Note.objects.exists()

    server = WebServer()
    assert answer(server, head, body) == 303
    server.stop()
    note = Note.objects.get()
    assert (note.status, note.photos.get().state, files(media)) == ("processing", "received", {"original"})


@pytest.mark.usefixtures("web_server")
def test_the_web_server_is_killed_between_file_and_row(alice: User, media: Path, spool: Path) -> None:
    server = WebServer()
    head, body = posting(alice, picture())
    with (
        psycopg.connect(database_url()) as other,
        socket.create_connection(("127.0.0.1", server.port)) as line,
    ):
        other.execute("LOCK TABLE notes_photo IN EXCLUSIVE MODE")
        line.sendall(head + body)
        until(lambda: files(media))
        until(waiting_for_locks)
        server.kill()
    until(lambda: not waiting_for_locks())
    assert not Photo.objects.exists()
    assert not Note.objects.exists()
    assert files(media) == {"original"}
    sweep_all()
    assert files(media) == {"original"}, "It could be an upload that is just coming in."
    make_old(media)
    sweep_all()
    assert files(media) == set()


def waiting_for_locks() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def make_old(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        os.utime(path, (0, 0))


def sweep_all() -> None:
    for turn in range(SHARDS):
        sweep_files(turn=turn)


# The worker


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


def test_the_worker_is_killed_while_a_photo_is_prepared(
    alice: User, media: Path, worker: Process, second_worker: Callable[[], Process], tmp_path: Path
) -> None:
    note = publish(alice, large(tmp_path))
    until(lambda: child_of(worker))
    family = psutil.Process(worker.popen.pid).children(recursive=True)
    worker.popen.kill()
    assert not psutil.wait_procs(family, timeout=10)[1], "Its children would go on for nobody."
    photo = note.photos.get()
    assert (photo.state, photo.roles, files(media)) == ("received", [], {"original"})
    assert Note.objects.get().status == "processing"

    wait_until(lambda: is_ready(note), "The photo is not ready", second_worker())
    until(lambda: "original" not in files(media))
    assert_out(note, media)


def test_the_worker_is_killed_between_files_and_row(
    alice: User, media: Path, worker: Process, second_worker: Callable[[], Process], tmp_path: Path
) -> None:
    note = publish(alice, large(tmp_path))
    with psycopg.connect(database_url()) as other:
        until(lambda: child_of(worker))
        other.execute("SELECT FROM notes_photo FOR UPDATE")
        until(lambda: "master.jpg" in files(media))
        until(waiting_for_locks)
        worker.kill()
    until(lambda: not waiting_for_locks())
    assert not is_ready(note), "The files are there, and nobody is told."
    assert Note.objects.get().status == "processing"

    wait_until(lambda: is_ready(note), "The photo is not ready", second_worker())
    until(lambda: "original" not in files(media))
    assert_out(note, media)


# The child


def test_a_child_that_is_killed_is_tried_again(
    alice: User, media: Path, worker: Process, tmp_path: Path
) -> None:
    note = publish(alice, large(tmp_path))
    until(lambda: child_of(worker)).kill()
    time.sleep(1)
    assert note.photos.get().state == "received"
    wait_until(lambda: is_ready(note), "The photo is not ready", worker)
    until(lambda: "original" not in files(media))
    assert_out(note, media)


def test_a_child_that_crashes_fails_its_photo_and_the_queue_moves_on(
    alice: User, media: Path, worker: Process, tmp_path: Path
) -> None:
    bad = publish(alice, large(tmp_path))
    until(lambda: child_of(worker)).send_signal(signal.SIGSEGV)
    until(lambda: bad.photos.get().state == "failed")
    bad.refresh_from_db()
    assert (bad.status, bad.published_at, bad.photos.get().reason) == ("draft", None, "too_hard")
    until(lambda: files(media) == set())
    page = signed_in(alice).get(bad.get_absolute_url())
    assert "“Photo 1” takes more work than we can give it." in words(page)
    page = signed_in(alice).get(bad.get_absolute_url(), headers={"Accept-Language": "zh-hans"})
    assert "“第 1 张照片”处理起来太费力了" in words(page)

    bad.delete()
    good = publish(alice, picture())
    wait_until(lambda: is_ready(good), "The next photo is not ready", worker)
