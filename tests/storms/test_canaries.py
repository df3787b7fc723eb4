"""Metadata of photos appears nowhere: not in storage, responses, logs, the database or its dump."""

import contextlib
import http.client
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from dev import embedded
from notes.models import Note, Photo
from profiles.models import User
from tests.environment import OWN_POSTGRES
from tests.servers import Process, WebServer, database_url, wait_until, worker_command
from tests.storms import canaries
from tests.storms.kills import until
from tests.storms.test_storms import session
from tests.storms.uploads import answer, posting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("web_server")]


@pytest.fixture
def talkative_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """One that logs all it can, and keeps what arrives in tmp_path."""
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = WebServer()
    yield server
    server.stop()


@contextlib.contextmanager
def talkative_worker() -> Iterator[Process]:
    worker = Process("talkative-worker", worker_command(), LOG_LEVEL="DEBUG")
    yield worker
    worker.stop()


def get(server: WebServer, person: User, path: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(line):
        line.request("GET", path, headers={"Cookie": f"sessionid={session(person)}"})
        response = line.getresponse()
        assert response.status == 200, path
        return str(response.getheaders()).encode() + response.read()


def stored(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def rows() -> dict[str, bytes]:
    """Every table's rows as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        texts = {}
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            texts[table] = (cursor.fetchone()[0] or "").encode()
    return texts


def dump() -> bytes:
    """A backup, where the server is the tests' own and its pg_dump at hand."""
    if not OWN_POSTGRES:
        return b""
    program = embedded.programs() / "pg_dump"
    return subprocess.run([program, database_url()], capture_output=True, check=True).stdout


@pytest.mark.long
def test_nothing_but_the_picture_survives(
    alice: User, media: Path, talkative_server: WebServer, tmp_path: Path
) -> None:
    server = talkative_server
    photos = {
        f"{canaries.NAME}.jpg": canaries.jpeg(),
        f"{canaries.NAME}.png": canaries.png(),
        f"{canaries.NAME}.webp": canaries.webp(),
    }
    assert answer(server.port, *posting(alice, photos)) == 303
    assert answer(server.port, *posting(alice, {"broken.png": canaries.broken()}, "Broken")) == 303
    waiting = set().union(*map(canaries.found_in, stored(media).values()))
    assert waiting == set(canaries.ALL) - {canaries.NAME}, "The search finds each where it is."
    texts = rows()
    assert Photo.objects.count() == 4
    assert "process_photo" in texts["procrastinate_jobs"].decode()
    # The name of a file is kept until its photo is ready, to be told where it cannot be.
    assert canaries.found_in(texts.pop("notes_photo")) == {canaries.NAME}
    places = {f"table {table}, waiting": text for table, text in texts.items()}

    with talkative_worker() as worker:
        wait_until(
            lambda: not Photo.objects.filter(state="received").exists(), "Photos are not ready", worker, 90
        )
        until(lambda: not any(path.endswith("original") for path in stored(media)))
        until(lambda: "process_photo" not in rows()["procrastinate_jobs"].decode())
    note, broken = Note.objects.get(title="A walk"), Note.objects.get(title="Broken")
    assert [photo.state for photo in note.photos.all()] == ["ready"] * 3
    assert broken.photos.get().reason == "damaged"

    served = [
        f"{photo.base}{role}.{kind}"
        for photo in note.photos.all()
        for role in photo.roles
        for kind in ("avif", "jpg")
    ]
    pages = [
        "/",
        note.get_absolute_url(),
        broken.get_absolute_url(),
        f"{note.get_absolute_url()}edit/",
        "/@alice/",
    ]
    places |= {path: get(server, alice, path) for path in [*served, *pages]}
    kept = stored(media)
    places |= kept | {f"table {table}": text for table, text in rows().items()}
    places |= {"web log": server.log.read_bytes(), "worker log": worker.log.read_bytes(), "dump": dump()}
    places |= stored(tmp_path)
    assert re.search(rb"DEBUG.*process_photo", places["worker log"])
    assert len(served) > 20
    assert len(kept) == len(served) + 3, "The renditions and a master each."
    assert {place: found for place, data in places.items() if (found := canaries.found_in(data))} == {}
    assert {path: facts for path, data in kept.items() if (facts := canaries.facts_of(data))} == {}
