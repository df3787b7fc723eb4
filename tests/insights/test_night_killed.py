"""The nightly job, killed in the middle of a batch, continues there and ends with the right sums."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from insights.actions import summing
from insights.actions.summing import sum_all, sum_due, yesterday
from insights.models import Summed
from notes.models import Note
from notes.reactions.actions import like
from profiles.models import User
from tests.builders import make_note, make_person
from tests.insights.test_sums import TABLES, ago, read, sums, weightless
from tests.servers import PROJECT, database_url

pytestmark = pytest.mark.django_db(transaction=True)

# The job with one person at a time. In the third batch it has written everything when it says so, and waits.
NIGHT = """
import time
import django
django.setup()
from insights.actions import summing
summing.PEOPLE_AT_ONCE, replace, done = 1, summing._replace, []
def replace_and_wait(*args):
    replace(*args)
    done.append(args)
    if len(done) == 3:
        print("in the third", flush=True)
        time.sleep(60)
summing._replace = replace_and_wait
summing.sum_due(last=summing.yesterday(), after=0, seconds=3600)
"""


@pytest.fixture
def creators() -> list[User]:
    """Five, each with two notes that three people have read."""
    people, made = [make_person() for _ in range(3)], [make_person(has_published=True) for _ in range(5)]
    for creator in made:
        for days in (2, 40):
            note = make_note(creator, tags=["tea"], published_at=ago(days))
            read(note, people)
            like(person=people[0], note=note)
    return made


def kill_a_night() -> None:
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "redbook.settings")
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": settings}
    with subprocess.Popen(
        [sys.executable, "-c", NIGHT], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "in the third\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def people_of(monkeypatch: Any, **given: Any) -> list[int]:
    """Run the job; return whose rows it read."""
    seen: list[int] = []
    original = summing.sum_people

    def noted(*, people: list[int], last: Any) -> int:
        seen.extend(people)
        return original(people=people, last=last)

    with monkeypatch.context() as patched:
        patched.setattr(summing, "sum_people", noted)
        sum_due(after=0, seconds=3600, **given)
    return seen


def test_it_goes_on_after_a_kill(creators: list[User], monkeypatch: Any) -> None:
    kill_a_night()
    finished = set(Summed.objects.values_list("person", flat=True))
    assert finished == {creator.pk for creator in creators[:2]}, "of the third nothing is kept"
    rest = people_of(monkeypatch, last=yesterday())
    assert rest == [creator.pk for creator in creators[2:]], "who is finished is not summed again"
    assert people_of(monkeypatch, last=yesterday()) == [], "run twice"
    assert_true()


def test_a_week_late_after_a_kill(creators: list[User], monkeypatch: Any) -> None:
    """Meanwhile a person read, a note became private, and rows left the last 28 days."""
    kill_a_night()
    read(creators[0].notes.order_by("pk")[0], [make_person()])
    Note.objects.filter(author=creators[4]).update(visibility="private")
    later = yesterday() + timedelta(days=7)
    assert people_of(monkeypatch, last=later) == [creator.pk for creator in creators]
    assert_true(later)


def assert_true(last: Any = None) -> None:
    """The sums are those that are made of nothing."""
    found = weightless(sums())
    for model in TABLES:
        model._default_manager.all().delete()
    sum_all(last=last)
    assert found == weightless(sums())
