"""Who gets a digest, when, and what is in it."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.models import Collect, Comment, Like, Note
from notifications.actions import mark_read
from notifications.digest import actions
from notifications.digest.models import Digest, Subscription
from notifications.models import Notification
from people.actions.people import save_time_zone, suspend_person
from profiles.models import Block, Mute, User
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.notifications.digest.conftest import EVENING, Clock, sweep, tell, turn_on

pytestmark = pytest.mark.django_db
State = Digest.State


def state() -> list[tuple[str, int]]:
    return list(Digest.objects.order_by("pk").values_list("state", "tries"))


def test_what_is_new_comes_once_at_its_hour(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING - timedelta(minutes=1)
    assert sweep() == []
    clock.tick(minutes=1)
    (sent,) = sweep()
    assert (sent.to, sent.subject) == ([reader.email], "1 new notification on Red Book")
    for _turn in range(3):
        clock.tick(minutes=1)
        assert sweep() == []
    clock.tick(days=1)
    assert sweep() == [], "nothing is new"
    tell(note, bob, clock)
    clock.tick(days=1)
    assert len(sweep()) == 1
    assert state() == [("sent", 1), ("sent", 1)]


def test_both_parts_say_the_same_and_link_to_the_site(
    reader: User, bob: User, note: Note, clock: Clock
) -> None:
    told = tell(note, bob, clock, "Which café is it?\n<b>Bold</b>")
    clock.now = EVENING
    (sent,) = sweep()
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    page = f"http://testserver{told.comment.get_absolute_url()}"  # type: ignore[union-attr]
    assert page in str(sent.body)
    assert f'href="{page}"' in str(html)
    assert "Which café is it? <b>Bold</b>" in str(sent.body)
    assert "Which café is it? &lt;b&gt;Bold&lt;/b&gt;" in str(html)
    for part in (str(sent.body), str(html)):
        assert "commented" in part
        assert "Matcha by the window" in part
        assert "28 Nov, 09:00" in part
        assert "sent at 18:00, Shanghai time (UTC+8)" in part
        assert sent.extra_headers["List-Unsubscribe"].strip("<>") in part
    for remote in ("<img", "url(", "<link", "<script", "src="):
        assert remote not in str(html)
    assert str(html).count("http://") == str(html).count("http://testserver/")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("America/New_York", "zh-hans", ["11月27日 20:00", "18:00", "纽约时间（UTC−5）", "评论了你"]),
        ("Europe/Paris", "en", ["28 Nov, 02:00", "Paris time (UTC+1)"]),
    ],
)
def test_it_is_in_the_persons_language_and_zone(
    reader: User, bob: User, note: Note, clock: Clock, zone: str, language: str, said: list[str]
) -> None:
    User.objects.filter(pk=reader.pk).update(language=language, time_zone=zone)
    actions.plan_digest(reader.pk)
    tell(note, bob, clock)
    due = Subscription.objects.get().next_at
    assert due
    assert due.astimezone(ZoneInfo(zone)).hour == 18
    clock.now = due
    (sent,) = sweep()
    for words in said:
        assert words in str(sent.body), sent.body
        assert words in str(sent.alternatives[0].content)
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_likes_and_saves_are_rows_as_in_the_list(reader: User, note: Note, clock: Clock) -> None:
    people = [make_person(name=f"P{number}") for number in range(3)]
    for person in people:
        Like.objects.create(person=person, note=note)
        Collect.objects.create(person=person, note=note)
    Notification.objects.update(created_at=clock.now)
    clock.now = EVENING
    (sent,) = sweep()
    assert "3 people saved your note" in str(sent.body)
    assert "P2 and 2 others liked your note" in str(sent.body)
    assert sent.subject == "6 new notifications on Red Book"


def read_all(reader: User, bob: User, note: Note) -> None:
    mark_read(person=reader, newest=Notification.objects.latest("pk").pk)


def block(reader: User, bob: User, note: Note) -> None:
    Block.objects.create(blocker=reader, blocked=bob)


def be_blocked(reader: User, bob: User, note: Note) -> None:
    Block.objects.create(blocker=bob, blocked=reader)


def mute(reader: User, bob: User, note: Note) -> None:
    Mute.objects.create(muter=reader, muted=bob)


def mute_words(reader: User, bob: User, note: Note) -> None:
    User.objects.filter(pk=reader.pk).update(muted_words=["well"])


def suspend(reader: User, bob: User, note: Note) -> None:
    suspend_person(person=bob, by=reader, reason="Spam")


def delete(reader: User, bob: User, note: Note) -> None:
    Comment.objects.update(deleted_at=timezone.now())


def hide(reader: User, bob: User, note: Note) -> None:
    Comment.objects.update(hidden_at=timezone.now(), hidden_reason="Rude")


@pytest.mark.parametrize(
    "happens",
    [read_all, block, be_blocked, mute, mute_words, suspend, delete, hide],
    ids=lambda act: act.__name__,
)
def test_it_is_filtered_when_it_is_sent(
    reader: User, bob: User, note: Note, clock: Clock, happens: Any
) -> None:
    """By the rule of the list: a digest never names what the page of notifications would not show as new."""
    tell(note, bob, clock)
    happens(reader, bob, note)
    clock.now = EVENING
    assert sweep() == []
    assert not Digest.objects.exists()
    assert Subscription.objects.get().next_at == EVENING + timedelta(days=1)


def test_it_marks_nothing_as_read(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING
    assert len(sweep()) == 1
    page = signed_in(reader).get("/notifications/").text
    assert page.count("data-unread") == 2, "the follow of before, and the comment"


@pytest.mark.parametrize(
    "change",
    [
        {"unconfirmed_until": EVENING + timedelta(days=9)},
        {"suspended_at": EVENING},
        {"leaving_at": EVENING},
        {"leaving_at": EVENING, "going_at": EVENING},
    ],
    ids=lambda change: "+".join(change),
)
def test_who_may_get_no_mail_gets_none(
    reader: User, bob: User, note: Note, clock: Clock, change: dict[str, Any]
) -> None:
    tell(note, bob, clock)
    User.objects.filter(pk=reader.pk).update(**change)
    clock.now = EVENING
    assert sweep() == []
    User.objects.filter(pk=reader.pk).update(**dict.fromkeys(change))
    clock.tick(days=1)
    assert len(sweep()) == 1, "and is told later of what there was"


def test_nothing_from_before_it_was_turned_on(alice: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock, "Before")
    turn_on(alice)
    tell(note, bob, clock, "After")
    clock.now = EVENING
    (sent,) = sweep()
    assert "After" in str(sent.body)
    assert "Before" not in str(sent.body)


def test_what_is_seconds_old_waits_for_the_next(reader: User, bob: User, note: Note, clock: Clock) -> None:
    """Its number may be lower than that of another whose transaction has not ended."""
    clock.now = EVENING
    tell(note, bob, clock)
    assert sweep() == []
    clock.tick(days=1)
    assert len(sweep()) == 1


def test_a_worker_that_was_away_sends_one_within_hours_and_none_at_night(
    reader: User, bob: User, note: Note, clock: Clock
) -> None:
    tell(note, bob, clock)
    clock.now = EVENING + timedelta(days=3, hours=5)
    assert len(sweep()) == 1
    assert Subscription.objects.get().next_at == EVENING + timedelta(days=4)
    tell(note, bob, clock)
    clock.now = EVENING + timedelta(days=6, hours=7)
    assert sweep() == []
    assert Subscription.objects.get().next_at == EVENING + timedelta(days=7)
    clock.now = EVENING + timedelta(days=7)
    assert len(sweep()) == 1


def test_a_journey_shifts_the_hour(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING
    assert len(sweep()) == 1
    clock.tick(hours=12)
    save_time_zone(person=reader, time_zone="America/Los_Angeles")
    actions.plan_digest(reader.pk)
    due = Subscription.objects.get().next_at
    assert due == EVENING + timedelta(hours=40)  # 18:00 there, of the day that has not had one
    tell(note, bob, clock)
    while clock.now < due - timedelta(minutes=1):
        clock.tick(minutes=30)
        assert sweep() == [] or clock.now >= due
    clock.now = due
    clock.tick(minutes=1)
    assert len(sweep()) == 1 or Digest.objects.count() == 2


def test_saving_the_settings_again_changes_nothing(reader: User, clock: Clock) -> None:
    before = Subscription.objects.values().get()
    turn_on(reader)
    assert Subscription.objects.values().get() == before
    turn_on(reader, hour=7)
    assert Subscription.objects.get().next_at == EVENING + timedelta(hours=13)
    for _turn in range(2):
        actions.save_digest(person=reader, is_on=False, hour=7, language="en")
        assert Subscription.objects.get().next_at is None


def test_fifty_at_once(bob: User, note: Note, clock: Clock) -> None:
    people = [make_person() for _ in range(50)]
    for person in people:
        turn_on(person)
        tell(make_note(person), bob, clock)
    clock.now = EVENING
    sent = sweep()
    assert sorted(each.to[0] for each in sent) == sorted(person.email for person in people)
    assert sweep() == []
    handles = {person.email: person.handle for person in people}
    for each in sent:
        assert f"New for @{handles[each.to[0]]} on" in str(each.body)


def test_a_person_who_waits_is_queued_once(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING
    for _turn in range(3):
        actions.begin_digests()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(queue_name), min(priority) FROM procrastinate_jobs WHERE task_name = 'send_digest'"
        )
        assert cursor.fetchone() == (1, "digests", -10)
    assert len(sweep()) == 1


@pytest.mark.parametrize("number", [1, 3, 24])
def test_queries_do_not_grow(reader: User, clock: Clock, number: int) -> None:
    for each in range(number):
        tell(make_note(reader, f"Note {each}"), make_person(), clock)
    clock.now = EVENING
    with CaptureQueriesContext(connection) as asked:
        actions.send_digest(reader.pk)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("commented") == min(number, 20)
    assert ("4 more notifications are in your inbox" in mail.outbox[0].body) is (number == 24)
    assert len([query for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 12


def test_the_sweep_finds_who_is_due_by_an_index(reader: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT person_id FROM digests_subscription WHERE next_at <= now() ORDER BY next_at LIMIT 500"
        )
        assert "digest_next" in "\n".join(line for (line,) in cursor.fetchall())


def test_old_rows_are_forgotten(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING
    sweep()
    clock.tick(days=179)
    actions.forget_digests()
    assert Digest.objects.count() == 1
    clock.tick(days=2)
    actions.forget_digests()
    assert Digest.objects.count() == 0


def test_it_goes_with_the_account(reader: User, bob: User, note: Note, clock: Clock) -> None:
    tell(note, bob, clock)
    clock.now = EVENING
    sweep()
    reader.delete()
    assert (Digest.objects.count(), Subscription.objects.count()) == (0, 0)


def test_a_closed_note_is_not_named(reader: User, bob: User, clock: Clock) -> None:
    """Bob mentions Alice in a note that only he may see by the evening."""
    theirs = make_note(bob, "For nobody’s eyes")
    make_comment(bob, theirs, "Hello @alice")
    assert Notification.objects.filter(person=reader, note=theirs).update(created_at=clock.now)
    Note.objects.filter(pk=theirs.pk).update(visibility="private")
    clock.now = EVENING
    assert sweep() == []
