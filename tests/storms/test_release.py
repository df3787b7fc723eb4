"""A schema change while people use the site: no 503, from this version or the one before."""

import http.client
import io
import itertools
import subprocess
import tarfile
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from core.db import releases
from notes.models import Note
from profiles.models import User
from tests.builders import make_note, picture
from tests.servers import PROJECT, Process, WebServer, manage
from tests.storms.client import CSRF
from tests.storms.kills import until
from tests.storms.test_kill_worker import publish
from tests.storms.test_storms import crowd, session, wrong

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

THREADS = 8


@contextmanager
def people_at_work(port: int, author: User) -> Iterator[Counter[str]]:
    """Readers and writers at what touches the tables that migrations lock; yields how often what was answered."""
    notes = [make_note(author, f"Note {number}") for number in range(4)]
    sessions = [session(person) for person in crowd(THREADS)]
    answers: Counter[str] = Counter()
    over = threading.Event()

    def work(number: int) -> None:
        for turn in itertools.count():
            if over.is_set():
                return
            note = notes[(number + turn) % len(notes)].pk
            undo = "" if turn // len(notes) % 2 == 0 else "delete/"
            for path, form in (
                ("/", None),
                (f"/notes/{note}/", None),
                (f"/@{author.handle}/", None),
                (f"/notes/{note}/like/{undo}", {}),
                (f"/notes/{note}/collect/{undo}", {}),
                (f"/@{author.handle}/follow/{undo}", {}),
                (f"/notes/{note}/comments/", {"body": "Well put.", "key": str(uuid.uuid4())}),
                ("/notes/new/", {"title": "A draft", "key": str(uuid.uuid4()), "action": "draft"}),
            ):
                status = ask(port, sessions[number], path, form)
                answers[f"{status // 100}xx" if status < 500 else f"{status} {path}"] += 1

    threads = [threading.Thread(target=work, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def ask(port: int, cookie: str, path: str, form: dict[str, str] | None) -> int:
    connected = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"sessionid={cookie}; csrftoken={CSRF}"}
    if form is None:
        connected.request("GET", path, headers=headers)
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connected.request("POST", path, urlencode({**form, "csrfmiddlewaretoken": CSRF}), headers)
    try:
        return connected.getresponse().status
    finally:
        connected.close()


def failures(answers: Counter[str]) -> dict[str, int]:
    return {answer: number for answer, number in answers.items() if answer[0] not in "234"}


def goes_on(answers: Counter[str], by: int = 3 * THREADS) -> None:
    """People are answered again and again."""
    before = answers.total()
    until(lambda: answers.total() > before + by, 120)


def migration(*operations: Any, atomic: bool = True) -> migrations.Migration:
    made = migrations.Migration("9999_made_up", "notes")
    made.operations, made.atomic = list(operations), atomic
    return made


MADE = models.Index(fields=["made"], name="made_up")
CHECK = models.CheckConstraint(condition=models.Q(made__gte=0), name="made_up_check")
TRIGGER = """
CREATE FUNCTION made_up() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql;
CREATE TRIGGER made_up AFTER INSERT ON notes_like FOR EACH STATEMENT EXECUTE FUNCTION made_up();
CREATE TRIGGER made_up AFTER INSERT ON notes_comment FOR EACH STATEMENT EXECUTE FUNCTION made_up();
"""
# One of each kind, the tables of each in the order in which requests lock them or in another.
NEXT = [
    migration(migrations.AddField("note", "made", models.IntegerField(db_default=0))),
    migration(
        migrations.AddField("user", "made", models.IntegerField(null=True)),
    ),
    migration(AddIndexConcurrently("note", MADE), atomic=False),
    migration(AddConstraintNotValid("note", CHECK)),
    migration(ValidateConstraint("note", "made_up_check")),
    migration(
        migrations.CreateModel(
            "MadeUp",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("note", models.ForeignKey("notes.Note", models.CASCADE, related_name="+")),
                ("person", models.ForeignKey("profiles.User", models.CASCADE, related_name="+")),
            ],
        )
    ),
    migration(migrations.RunSQL(TRIGGER)),
    migration(
        migrations.RunSQL("ALTER TABLE profiles_follow ADD made int; ALTER TABLE notes_like ADD made int;"),
        migrations.RunSQL("ALTER TABLE notes_note ADD more int; ALTER TABLE profiles_user ADD more int;"),
    ),
]
NEXT[1].app_label = "profiles"
TAKEN_BACK = """
DROP TABLE IF EXISTS notes_madeup;
DROP FUNCTION IF EXISTS made_up CASCADE;
ALTER TABLE notes_note DROP IF EXISTS made CASCADE, DROP IF EXISTS more;
ALTER TABLE profiles_user DROP IF EXISTS made, DROP IF EXISTS more;
ALTER TABLE profiles_follow DROP IF EXISTS made; ALTER TABLE notes_like DROP IF EXISTS made;
"""


def test_this_code_goes_on_while_the_schema_changes_to_the_next(alice: User, web_server: WebServer) -> None:
    state = MigrationLoader(None).project_state()
    tries = Counter[int]()

    def apply(number: int) -> Callable[..., None]:
        def command() -> None:
            tries[number] += 1
            step = NEXT[number]
            with connection.schema_editor(atomic=step.atomic) as editor:
                step.apply(state.clone(), editor)

        return command

    try:
        with people_at_work(web_server.port, alice) as answers:
            goes_on(answers)
            for number, step in enumerate(NEXT):
                releases.patiently(apply(number))
                step.mutate_state(state, preserve=False)
                goes_on(answers)
                assert failures(answers) == {}, step.operations
    finally:
        with connection.cursor() as cursor:
            cursor.execute(TAKEN_BACK)
    assert failures(answers) == {}
    assert set(tries) == set(range(len(NEXT)))
    assert wrong() == []


def test_the_code_before_goes_on_with_the_schema_of_today(
    alice: User, collected_files: None, tmp_path: Path
) -> None:
    """The commit before the one that brought the newest migration, where the history is at hand."""
    folder = code_before(tmp_path / "before")
    if folder is None:
        pytest.skip("there is no history to take the code before from")
    environment = {"DATA_DIR": str(tmp_path / "data"), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    for command in (["compilemessages"], ["collectstatic", "--noinput", "--verbosity=0"]):
        Process("before", [*manage(), *command], folder=folder, **environment).popen.wait(120)
    server = WebServer(2, folder=folder, **environment)
    worker = Process("before", [*manage(), "procrastinate", "worker"], folder=folder, **environment)
    try:
        assert ask(server.port, "", "/readyz", None) == 200
        with people_at_work(server.port, alice) as answers:
            goes_on(answers, 20 * THREADS)
        assert failures(answers) == {}, server.log.read_text()[-5000:]
        note = publish(alice, picture())
        until(lambda: Note.objects.get(pk=note.pk).status == "published")
        assert wrong() == []
    finally:
        worker.stop()
        server.stop()


def code_before(folder: Path) -> Path | None:
    """The files of that commit, in a folder; None without git or history."""

    def git(*words: str) -> bytes:
        done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    newest = (
        git("log", "-1", "--format=%H", "--diff-filter=A", "--", "*/migrations/[0-9]*.py").decode().strip()
    )
    packed = git("archive", f"{newest}^") if newest else b""
    if not packed:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder
