"""The cost of the weekly job for a creator with a million readers, all of whom consent to being counted."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.db import transaction
from django.utils import timezone

from insights.models import Batch, Entered, SeenWord, Table, WeekDone, Word
from profiles.models import User
from tests.builders import make_campus, make_note, make_person
from tests.insights.test_mirror_at_scale import execute
from tests.servers import PROJECT, database_url, manage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

MILLION = 1_000_000
FOLLOWERS = 100_000  # who have read three notes
# Workers have none. Counting reads all readers in one statement, some seconds on cores of its own.
TIMEOUTS = {"STATEMENT_TIMEOUT": "60", "LOCK_TIMEOUT": "5"}
MEGABYTES_AT_MOST, MINUTES_AT_MOST = 150, 5

PEOPLE = """
INSERT INTO profiles_user (
    email, handle, name, password, bio, stage, language, date_joined, is_superuser, is_staff, is_counted,
    avatar_token, avatar_folder, avatar_waiting, avatar_refused, suspended_reason, campus_id, shares_stage,
    shares_campus
)
SELECT number || '@scale.test', 'scale_' || number, 'Scale', '!', '',
    CASE WHEN number %% 3 = 0 THEN 'high_school' ELSE 'college' END, '', now() - interval '2 years', false, false,
    true, '', '', '', '', '', CASE WHEN number %% 2 = 0 THEN %(own)s ELSE %(other)s END,
    number %% 4 < 3, number %% 4 < 3
FROM generate_series(1, %(people)s) AS number
"""
READ = """
INSERT INTO notes_notereader (note_id, person_id, first_seen_day, source, is_counted)
SELECT %s, id, site_day(now()), 'explore', true FROM profiles_user WHERE handle LIKE 'scale%%' ORDER BY id LIMIT %s
"""
FOLLOW = """
INSERT INTO profiles_follow (follower_id, followed_id, created_at)
SELECT id, %s, now() FROM profiles_user WHERE handle LIKE 'scale%%' ORDER BY id LIMIT %s
"""
PICK = """
INSERT INTO insights_pick (picker_id, creator_id, place, word_id, since)
SELECT follower_id, followed_id, 0, %s + follower_id %% 7, now() FROM profiles_follow WHERE followed_id = %s
"""


def closing(meanwhile: Callable[[], None] | None = None) -> tuple[float, int]:
    """Run the weekly job in a process of its own; return its seconds and the most memory it held, in MB."""
    environment = {**os.environ, **TIMEOUTS, "DATABASE_URL": database_url()}
    began, held = time.monotonic(), 0
    process = psutil.Popen(
        [*manage(), "close_weeks"], cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text() if process.is_running() else ""
        peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        held = max(held, *(int(peak) // 1000 for peak in peaks), 0)
        if meanwhile:
            meanwhile()
        time.sleep(0.05)
    assert process.wait() == 0, process.stderr.read()
    return time.monotonic() - began, held


def test_a_million_readers_are_counted_in_bounded_steps() -> None:
    creator = make_person("creator", campus=make_campus(), stage="college", takes_words=True)
    notes = [make_note(creator) for _ in range(3)]
    other = make_campus("Hill College", "Hill")
    execute(PEOPLE, {"people": MILLION, "own": creator.campus_id, "other": other.pk})
    for note, readers in zip(notes, (MILLION, FOLLOWERS, FOLLOWERS), strict=True):
        execute(READ, [note.pk, readers])
    execute(FOLLOW, [creator.pk, FOLLOWERS])
    execute(PICK, [Word.objects.earliest("pk").pk, creator.pk])
    execute("VACUUM ANALYZE")
    waits: list[float] = []

    def follower_comes() -> None:
        """What counts on the creator's own row, as following does."""
        began = time.monotonic()
        with transaction.atomic():
            execute("SET LOCAL lock_timeout = '5s'")
            User.objects.filter(pk=creator.pk).update(bio=str(timezone.now()))
        waits.append(time.monotonic() - began)

    seconds, megabytes = closing(follower_comes)
    print(f"{seconds:.0f} s, {megabytes} MB, {len(waits)} writes, the longest {max(waits):.2f} s")
    again, _megabytes = closing()
    print(f"again: {again:.0f} s")
    WeekDone.objects.all().delete()
    idle, _megabytes = closing()
    print(f"without a new reader: {idle:.0f} s")
    # Stage: three of four. Campus: those of them who are not in high school, all but 249,999.
    assert Entered.objects.filter(creator=creator).count() == 750_000 + 500_001
    closed = Batch.objects.filter(first__isnull=False)
    assert set(closed.values_list("table", "tenths")) == {(Table.STAGE, 3), (Table.CAMPUS, 7)}
    assert SeenWord.objects.filter(creator=creator).count() == 7
    assert seconds < 60 * MINUTES_AT_MOST
    assert megabytes < MEGABYTES_AT_MOST
    assert max(waits) < 1
