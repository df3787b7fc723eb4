"""The weekly job, concurrent with itself and with what people do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from insights.actions import weeks
from insights.models import Batch, Entered, Table, WeekDone
from profiles.models import User
from tests.builders import make_note
from tests.insights.crowd import make_readers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.actions.audience.PEOPLE_AT_ONCE", 7)
    monkeypatch.setattr("insights.actions.audience.randbelow", lambda below: 0)


@pytest.fixture
def read_alice(alice: User) -> User:
    """Enough readers on both sides for a batch, and as many who have nothing counted."""
    note = make_note(alice)
    for stage in ("high_school", "college"):
        make_readers([note], 60, stage=stage)
        make_readers([note], 25, stage=stage, shares_stage=True)
    return alice


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    def on_a_connection_of_its_own(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(on_a_connection_of_its_own, acts))


def test_two_jobs_close_a_week_once(read_alice: User) -> None:
    def close() -> bool:
        return weeks.close_week(creator=read_alice.pk, last=weeks.last_week())

    assert sorted(at_once(close, close, close)) == [False, False, True]
    assert Batch.objects.filter(table=Table.STAGE, first=25, second=25).count() == 1
    assert Batch.objects.filter(first=None).count() == 0
    assert Entered.objects.filter(creator=read_alice).count() == 50
    assert WeekDone.objects.count() == 1


def test_people_go_on_while_a_week_is_closed(read_alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following, blocking and the creator's own changes lock the creator's row, and are not kept waiting; nor is what a
    reader does.
    """
    close, changed = weeks.close_batches, []

    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            User.objects.all().lock()
            changed.append(User.objects.update(follower_count=F("follower_count") + 1))

    def close_and_change(*, creator: User) -> None:
        close(creator=creator)
        at_once(change)

    monkeypatch.setattr(weeks, "close_batches", close_and_change)
    assert weeks.close_week(creator=read_alice.pk, last=weeks.last_week())
    assert changed == [171]
    assert Entered.objects.count() == 50


def test_a_reader_who_is_deleted_meanwhile_is_left_out(
    read_alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insights.actions import audience

    steps = audience._in_steps
    gone = User.objects.filter(shares_stage=True).earliest("pk")

    def delete_and_go_on(*args: Any) -> None:
        if User.objects.filter(pk=gone.pk).exists():
            at_once(lambda: User.objects.filter(pk=gone.pk).delete())
        steps(*args)

    monkeypatch.setattr(audience, "_in_steps", delete_and_go_on)
    assert weeks.close_week(creator=read_alice.pk, last=weeks.last_week())
    assert Batch.objects.get(first__isnull=False).first == 24
    assert Entered.objects.count() == 49
