"""The cost of the Mirror with a million readers of one creator, and of the nightly job after a million events."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insights.models import ChapterSum, NoteSum, PersonSum, Summed, TopicSum
from notes.compose.tagging import tags_named
from notes.models import Measured, NoteReader
from profiles.models import User
from tests.builders import make_label, make_person, signed_in
from tests.servers import PROJECT, WebServer, database_url, manage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

QUERIES_AT_MOST, TIMES_AT_MOST = 8, 3
ROUNDS, REQUESTS, WARM_UP = 5, 20, 10
MEGABYTES_AT_MOST, MINUTES_AT_MOST = 300, 5

PEOPLE = """
INSERT INTO profiles_user (
    email, handle, name, password, bio, stage, language, date_joined, is_superuser, is_staff, is_counted,
    avatar_token, avatar_folder, avatar_waiting, avatar_refused, suspended_reason
)
SELECT number || '@scale.test', 'scale_' || number, 'Scale', '!', '', '', '', now() - interval '2 years',
    false, false, true, '', '', '', '', ''
FROM generate_series(1, %s) AS number
"""
# Of authors in turn; published over a year, or over its last days.
NOTES = """
INSERT INTO notes_note (
    author_id, key, title, title_width, body, place, visibility, status, disclosure, partner, text_tone,
    hidden_reason, created_at, published_at, positioning_id
)
SELECT (%(authors)s::bigint[])[1 + number %% cardinality(%(authors)s::bigint[])], gen_random_uuid(), 'One', 6, '', '',
    'public', 'published', 'none', '', 'warm', '', now(), now() - (1 + number * 7919 %% %(days)s) * interval '1 day',
    %(positioning)s
FROM generate_series(1, %(notes)s) AS number;
INSERT INTO notes_taggednote (content_object_id, tag_id)
SELECT id, tag FROM notes_note CROSS JOIN unnest(%(tags)s::integer[]) WITH ORDINALITY AS tags (tag, number)
WHERE id %% 10 IN (number, number * 3 %% 10);
"""
# So many readers of each note, on the days after it was published, or on one day.
READERS = """
INSERT INTO notes_notereader (note_id, person_id, first_seen_day, source, engaged_day, reached)
SELECT note.id, (%(people)s::bigint[])[1 + (note.id * 7 + number) %% cardinality(%(people)s::bigint[])],
    coalesce(%(day)s, least(site_day(published_at) + (number %% 60)::integer, site_day(now()) - 1)),
    (ARRAY['explore', 'tag', 'profile', 'following'])[1 + number %% 4],
    CASE WHEN (number * 31 + note.id) %% 5 = 0 THEN site_day(now()) - 1 END, 1 + number %% 3
FROM notes_note AS note CROSS JOIN generate_series(1, %(each)s) AS number
"""


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, *values)


def fill(*, authors: list[User], people: int, notes: int, each: int, day: date | None, **of: Any) -> None:
    """The notes and their readers, with triggers on; and what PostgreSQL knows of them, as of a site in use."""
    execute(PEOPLE, [people])
    crowd = list(User.objects.filter(handle__startswith="scale_").values_list("pk", flat=True))
    tags = [tag.pk for tag in tags_named(["tea", "library", "canteen", "dorm", "exam"])]
    facts = {"authors": [author.pk for author in authors], "notes": notes, "tags": tags}
    execute(NOTES, {"days": 360, "positioning": None} | facts | of)
    execute(READERS, {"people": crowd, "each": each, "day": day})
    Measured.objects.update(since=timezone.localdate() - timedelta(days=400))
    execute("VACUUM ANALYZE")


def night(kill_after: float | None = None) -> tuple[float, int]:
    """Run the nightly job in a process of its own; return its seconds and the most memory it held, in MB."""
    environment = {**os.environ, "DATABASE_URL": database_url()}
    began = time.monotonic()
    process = psutil.Popen([*manage(), "sum_rows"], cwd=PROJECT, env=environment)
    held = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text() if process.is_running() else ""
        peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        held = max(held, *(int(peak) // 1000 for peak in peaks), 0)
        if kill_after is not None and time.monotonic() - began > kill_after:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
    assert process.wait() == (0 if kill_after is None else -signal.SIGKILL)
    return time.monotonic() - began, held


SUMS = [PersonSum, TopicSum, ChapterSum, NoteSum]


def sums() -> dict[str, str]:
    """A digest of every row that the job makes, but for keys that are given out anew. Sums of fractions depend in their
    last digits on the order in which PostgreSQL adds them.
    """
    found = {}
    for model in (Summed, *SUMS):
        fields = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
        digest = sha256()
        for row in model._default_manager.order_by(*fields).values_list(*fields).iterator():
            digest.update(
                repr([f"{each:.10g}" if isinstance(each, float) else each for each in row]).encode()
            )
        found[model.__name__] = digest.hexdigest()
    return found


def forget_sums() -> None:
    for model in (*SUMS, Summed):
        model._default_manager.all().delete()


@pytest.fixture
def measured_server(transactional_db: None, collected_files: None) -> Iterator[WebServer]:
    """The production server, with the bare page that `make bench` measures by."""
    server = WebServer(DJANGO_SETTINGS_MODULE="dev.bench.settings")
    yield server
    server.stop()


def cpu(server: WebServer, person: User, paths: list[str]) -> dict[str, float]:
    """Milliseconds of CPU a request: the median of rounds, each of which asks for every page."""
    session = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(path: str, times: int) -> None:
        for _ in range(times):
            line.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200

    def spent() -> float:
        times = (child.cpu_times() for child in psutil.Process(server.popen.pid).children(recursive=True))
        return sum(one.user + one.system for one in times)

    rounds: dict[str, list[float]] = {path: [] for path in paths}
    for path in paths:
        ask(path, WARM_UP)
    for _ in range(ROUNDS):
        for path in paths:
            before = spent()
            ask(path, REQUESTS)
            rounds[path].append((spent() - before) * 1000 / REQUESTS)
    line.close()
    return {path: median(times) for path, times in rounds.items()}


def test_an_overview_of_a_million_readers(measured_server: WebServer) -> None:
    """1,000 notes of one creator with 1,000 readers each."""
    creator = make_person("creator")
    label = make_label(
        creator, "Night owl", topics=["tea", "exam"], declared_at=timezone.now() - timedelta(days=300)
    )
    fill(authors=[creator], people=5_000, notes=1_000, each=1_000, day=None, positioning=label.pk)
    assert NoteReader.objects.count() == 1_000_000
    seconds, megabytes = night()
    print(f"summed in {seconds:.0f} s, {megabytes} MB")
    client = signed_in(creator)
    paths = [f"/insights/?period={period}" for period in ("28d", "16w", "all")]
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code == 200
        assert len(queries) <= QUERIES_AT_MOST, [query["sql"][:150] for query in queries]
    spent = cpu(measured_server, creator, ["/bench/bare/", *paths])
    print({path: f"{milliseconds:.1f} ms" for path, milliseconds in spent.items()})
    bare = spent.pop("/bench/bare/")
    assert max(spent.values()) <= TIMES_AT_MOST * bare


def test_a_day_of_a_million_events_is_summed_in_minutes_and_after_a_kill() -> None:
    """20,000 notes of 200 creators with 50 readers each, all of yesterday."""
    authors = [make_person() for _ in range(200)]
    yesterday = timezone.localdate() - timedelta(days=1)
    fill(authors=authors, people=2_000, notes=20_000, each=50, day=yesterday)
    assert NoteReader.objects.count() == 1_000_000
    seconds, megabytes = night()
    print(f"{seconds:.0f} s, {megabytes} MB")
    assert seconds < 60 * MINUTES_AT_MOST
    assert megabytes < MEGABYTES_AT_MOST
    assert NoteSum.objects.filter(period="28d").count() == 20_000
    whole = sums()
    forget_sums()
    for part in (0.3, 0.6):
        night(kill_after=part * seconds)
    night()
    assert sums() == whole
    night()
    assert sums() == whole, "run twice"
