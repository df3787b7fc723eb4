"""Rolling releases: missing migrations, lock timeouts, names that are kept."""

import threading
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, load_backend
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from core import sessions
from core.db import releases
from core.db.migration_risks import risks
from core.sessions import SessionStore
from notes.models import Note
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.servers import database_url

# What was applied before there were rules for it.
BEFORE = {"leaving": 1, "moderation": 1, "notes": 16, "profiles": 15}


@pytest.mark.django_db
def test_readyz_tells_a_database_behind_the_code_from_one_ahead(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("notes", "9999_of_the_next_version")
    assert client.get("/readyz").status_code == 200
    name = max(name for label, name in releases.migrations() if label == "notes")
    recorder.record_unapplied("notes", name)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (
        503,
        f"The database lacks notes.{name}: run manage.py prepare\n",
    )
    recorder.record_applied("notes", name)
    assert client.get("/readyz").status_code == 200


@pytest.fixture
def lock_notes(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A migration that locks the notes."""

    def lock(*args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                cursor.execute("LOCK TABLE notes_note IN ACCESS EXCLUSIVE MODE")
            finally:
                cursor.execute("ROLLBACK")

    monkeypatch.setattr(releases, "PAUSE_SECONDS", 0.05)
    return Mock(side_effect=lock)


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_a_table_up_that_is_in_use_and_comes_again(lock_notes: Mock) -> None:
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT FROM notes_note")
        ended = threading.Timer(0.6, other.rollback)
        ended.start()
        releases.patiently(lock_notes, seconds=0.1)
        ended.join()
    assert lock_notes.call_count > 2


@pytest.mark.django_db(transaction=True)
def test_nobody_queues_for_long_behind_a_migration_that_waits(lock_notes: Mock) -> None:
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT FROM notes_note")
        with pytest.raises(releases.Busy):
            releases.patiently(lock_notes, seconds=0.05, tries=3)
        assert lock_notes.call_count == 3
        assert Note.objects.count() == 0, "and nothing is held"
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] != "50ms", "of the migration alone"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["migrate", "prepare"])
def test_both_commands_that_migrate_come_again(
    lock_notes: Mock, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", lock_notes)
    monkeypatch.setattr(releases.patiently, "__defaults__", (0.05, 2))
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT FROM notes_note")
        with pytest.raises(CommandError, match="run this again"):
            call_command(command)
    assert lock_notes.call_count == 2


def told(*operations: Any, atomic: bool = True) -> list[str]:
    migration = migrations.Migration("9999_made_up", "notes")
    migration.operations, migration.atomic = list(operations), atomic
    return risks(migration, MigrationLoader(None).project_state())


def nothing(*args: Any) -> None: ...


INDEX = models.Index(fields=["title"], name="made_up")
CHECK = models.CheckConstraint(condition=models.Q(like_count__gte=0), name="made_up_check")
MADE = migrations.CreateModel(
    "MadeUp", [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField())]
)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex("note", INDEX),
        migrations.AddConstraint("note", CHECK),
        migrations.AddConstraint("note", models.UniqueConstraint(fields=["title"], name="made_up_unique")),
        migrations.AddField("note", "made", models.IntegerField()),
        migrations.AddField("note", "made", models.IntegerField(default=0)),
        migrations.AddField("note", "made", models.IntegerField(null=True, db_index=True)),
        migrations.AddField("note", "made", models.ForeignKey("profiles.User", models.CASCADE, null=True)),
        migrations.AlterField("note", "like_count", models.BigIntegerField(default=0)),
        migrations.AlterField("note", "published_at", models.DateTimeField()),
        migrations.AlterField("note", "title", models.CharField(max_length=5)),
        migrations.AlterField("note", "place", models.CharField(max_length=5000, db_index=True)),
        migrations.AlterField("like", "note", models.ForeignKey("notes.Note", models.SET_NULL, null=True)),
        migrations.RemoveField("note", "title"),
        migrations.RenameField("note", "title", "heading"),
        migrations.DeleteModel("Like"),
        migrations.RenameModel("Like", "Heart"),
        migrations.AlterModelTable("Like", "hearts"),
        migrations.RunPython(nothing),
        migrations.RunSQL("CREATE INDEX made_up ON notes_note (title)"),
        migrations.RunSQL(["SELECT 1", ("UPDATE notes_note SET title = %s", ["a"])]),
        migrations.RunSQL("DELETE FROM notes_note"),
        migrations.RunSQL("ALTER TABLE notes_note ALTER COLUMN like_count TYPE bigint"),
        migrations.SeparateDatabaseAndState([migrations.AddIndex("note", INDEX)], []),
    ],
    ids=lambda operation: operation.describe()[:60],
)
def test_what_is_risky_is_named(operation: Any) -> None:
    assert told(operation)


@pytest.mark.parametrize(
    "operations",
    [
        [AddIndexConcurrently("note", INDEX)],
        [AddConstraintNotValid("note", CHECK)],
        [migrations.AddField("note", "made", models.IntegerField(db_default=0))],
        [migrations.AddField("note", "made", models.IntegerField(null=True))],
        [migrations.AlterField("note", "title", models.CharField(max_length=9000))],
        [migrations.AlterField("note", "title", models.TextField())],
        [
            MADE,
            migrations.AddIndex("madeup", INDEX),
            migrations.AddField("madeup", "more", models.IntegerField()),
        ],
        [migrations.RunSQL("CREATE FUNCTION made_up() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql")],
        [
            migrations.RunSQL(
                "CREATE FUNCTION made_up() RETURNS trigger AS $x$ UPDATE a SET b = 1 $x$ LANGUAGE sql"
            )
        ],
        [migrations.RunSQL("ALTER TABLE notes_like ALTER COLUMN note_id DROP NOT NULL")],
        [migrations.RunSQL("ALTER TABLE notes_like ALTER COLUMN note_id SET DEFAULT 1")],
        [migrations.RunSQL("CREATE INDEX CONCURRENTLY made_up ON notes_note (title)")],
    ],
)
def test_what_is_not_risky_is_not(operations: list[Any]) -> None:
    assert told(*operations) == []
    assert told(migrations.RunPython(nothing), atomic=False) == []


def test_no_new_migration_is_risky() -> None:
    """Each that is named here is changed as the line says, or says in `safe_because` why it is fine."""
    loader, ours = MigrationLoader(None), releases.own_apps()
    new = [
        key for key in loader.disk_migrations if key[0] in ours and int(key[1][:4]) > BEFORE.get(key[0], 0)
    ]
    found = [risks(loader.get_migration(*key), loader.project_state([key], at_end=False)) for key in new]
    assert [line for lines in found for line in lines] == []


@pytest.mark.django_db
def test_the_command_names_what_is_risky_about_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("risks")
    assert capsys.readouterr().out == "\nRisky operations: 0\n".lstrip()
    with pytest.raises(SystemExit):
        call_command("risks", "--all")
    assert "notes.0015_feeds_by_index" in capsys.readouterr().out


# Names that a database holds: jobs that wait, sessions, permissions. One that is renamed keeps the old one beside it
# (a task by `aliases`, a class in core.sessions.RENAMED), until nothing holds that any more.
JOBS = {
    "process_photo": {"photo_id"},
    "frame_photo": {"framing_id"},
    "delete_files": {"folders"},
    "write_epoch": {"timestamp"},
    "sweep_loose_photos": {"timestamp"},
    "sweep_files": {"timestamp"},
    "give_up_photos": {"timestamp"},
    "forget_limits": {"timestamp"},
    "forget_marks": {"timestamp"},
    "begin_sums": {"timestamp"},
    "sum_people": {"last", "after"},
    "rescue_stalled_jobs": {"timestamp"},
    "process_avatar": {"person_id", "folder"},
    "delete_avatar_files": {"folder"},
    "sweep_avatars": {"timestamp"},
    "make_archive": {"archive_id", "site", "language"},
    "send_letter": {"letter", "person_id", "site", "language"},
    "sweep_archives": {"timestamp"},
    "remove_leavers": {"timestamp"},
    "forget_notifications": {"timestamp"},
    "remove_person": {"person_id"},
    "copy_evidence": {"evidence_id"},
    "delete_evidence_files": {"folders"},
}
BACKENDS = [
    "notifications.backends.Backend",
    "profiles.accounts.Backend",
    "allauth.account.auth_backends.AuthenticationBackend",
]


def test_jobs_that_wait_are_still_known_with_their_arguments() -> None:
    from inspect import signature

    app.perform_import_paths()
    for name, arguments in JOBS.items():
        assert name in app.tasks, f"jobs of {name} would fail: give the renamed task aliases=[{name!r}]"
        signature(app.tasks[name].func).bind(**dict.fromkeys(arguments))


@pytest.mark.django_db
@pytest.mark.parametrize("backend", BACKENDS)
def test_nobody_is_signed_out_by_a_class_that_moved(alice: User, backend: str) -> None:
    make_note(alice)
    client = signed_in(alice)
    session = client.session
    session[BACKEND_SESSION_KEY] = backend
    session.save()
    assert client.get("/settings/profile/").status_code == 200
    assert load_backend(sessions.RENAMED.get(backend, backend)).get_user(alice.pk) == alice


def test_sessions_that_were_written_can_be_read() -> None:
    """By the name of the class, which is in their signature, and by the names of the cookies."""
    assert SessionStore.key_salt.fget(SessionStore()) == "django.contrib.sessions.SessionStore"
    assert import_string(settings.SESSION_ENGINE + ".SessionStore") is SessionStore
    assert (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME) == ("sessionid", "csrftoken")
    assert set(sessions.RENAMED.values()) <= set(settings.AUTHENTICATION_BACKENDS)
    for path in (
        *settings.AUTHENTICATION_BACKENDS,
        settings.MESSAGE_STORAGE,
        settings.STORAGES["default"]["BACKEND"],
    ):
        assert import_string(path)
