"""The nightly sums equal the rows: run twice, interrupted, a week late, or after rows changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from taggit.models import Tag

from insights import tasks
from insights.actions import summing
from insights.actions.summing import sum_all, sum_due, sum_people, yesterday
from insights.models import ChapterSum, FollowDay, NoteSum, PersonSum, ProfileDay, Summed, TopicSum
from leaving.actions.removal import remove_person
from notes.compose.actions import delete_note
from notes.models import Note, NoteDay, NoteReader
from notes.moderation import hide_note
from notes.reactions.actions import collect, like, unlike
from notes.tags import hide_tag, merge_tag
from profiles.models import Positioning, User
from tests.builders import make_comment, make_draft, make_label, make_note, make_person

pytestmark = pytest.mark.django_db

TABLES = (PersonSum, TopicSum, NoteSum, ChapterSum, Summed)


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def read(note: Note, people: Sequence[User], days: int = 1, **fields: Any) -> None:
    """They opened it for the first time so many days ago."""
    day = timezone.localdate() - timedelta(days=days)
    for person in people:
        NoteReader.objects.create(
            note=note, person=person, first_seen_day=day, source=fields.pop("source", "explore"), **fields
        )


def sums() -> dict[str, list[tuple[Any, ...]]]:
    """All sums, but for the numbers of their rows, and for digits that come of the order in which weights are added."""
    found = {}
    for model in TABLES:
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
        rows = model._default_manager.values_list(*names)
        rounded = (tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in rows)
        found[model.__name__] = sorted(rounded, key=repr)
    return found


def of(person: User, period: str = "28d") -> PersonSum:
    return PersonSum.objects.get(person=person, period=period)


def topic(person: User, name: str, period: str = "28d") -> TopicSum | None:
    return TopicSum.objects.filter(person=person, period=period, tag__name=name).first()


@pytest.fixture
def people(db: None) -> list[User]:
    return [make_person() for _ in range(4)]


@pytest.fixture
def notes(alice: User, people: list[User]) -> list[Note]:
    """Alice's, under a label: today's, of this week, of this month, of this term and older; one apart, of Bob's."""
    label = make_label(alice, "Canteen diary", topics=["campus", "tea"], declared_at=ago(400))
    made = [
        make_note(alice, tags=["campus", "tea"][: 1 + days % 2], published_at=ago(days), positioning=label)
        for days in (0, 1, 28, 29, 112, 113, 390)
    ]
    read(made[-1], people[:2], days=380)
    read(made[-1], people[2:3], days=1)
    read(made[1], people, days=1)
    like(person=people[0], note=made[1])
    read(make_note(make_person("dana"), published_at=ago(9)), people, days=2)
    return made


def test_periods_end_with_yesterday_and_hold_full_days(notes: list[Note], alice: User) -> None:
    sum_all()
    assert [of(alice, period).notes for period in ("28d", "16w", "all")] == [2, 4, 6]
    assert [of(alice, period).readings for period in ("28d", "16w", "all")] == [5, 5, 7]
    assert [of(alice, period).readers for period in ("28d", "16w", "all")] == [4, 4, 4]
    assert Summed.objects.get(person=alice).last == timezone.localdate() - timedelta(days=1)
    chapter = ChapterSum.objects.get(positioning__person=alice)
    assert (chapter.notes, chapter.readers, chapter.readings, chapter.engaged) == (6, 4, 7, 1)
    tea = topic(alice, "tea", "all")
    assert tea
    assert (tea.notes, tea.read_notes, tea.x_readings) == (3, 1, 2.0)


def test_run_twice_it_changes_nothing(notes: list[Note]) -> None:
    assert sum_all() == 2
    first = sums()
    assert sum_all() == 0
    assert sums() == first
    Summed.objects.update(signature=0)
    assert sum_all() == 2
    assert sums() == first, "made anew it is the same"


def test_a_week_late_it_is_as_if_it_had_run_every_night(notes: list[Note]) -> None:
    """A row that has moved out of a period is in no sum any more."""
    last = yesterday()
    for days in range(8, -1, -1):
        sum_all(last=last + timedelta(days=7 - days))
    nightly = sums()
    for model in TABLES:
        model._default_manager.all().delete()
    sum_all(last=last)
    sum_all(last=last + timedelta(days=7))
    assert weightless(sums()) == weightless(nightly)


def weightless(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Without weights, of which only the ratios say anything: they are of the night that made them."""
    return {
        name: [tuple(v for v in row if not isinstance(v, float)) for row in rows]
        for name, rows in found.items()
    }


def test_killed_it_goes_on_and_ends_as_if_it_had_not_been(notes: list[Note], monkeypatch: Any) -> None:
    sum_all()
    whole = sums()
    for model in TABLES:
        model._default_manager.all().delete()
    monkeypatch.setattr(summing, "PEOPLE_AT_ONCE", 1)
    replace, done = summing._replace, []

    def killed(*args: Any) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(replace(*args))

    monkeypatch.setattr(summing, "_replace", killed)
    with pytest.raises(KeyboardInterrupt):
        sum_all()
    assert Summed.objects.count() == 1
    monkeypatch.setattr(summing, "_replace", replace)
    assert sum_all() == 1, "the rest"
    assert sums() == whole


CHANGES = {
    "a reader": lambda note, person: read(note, [make_person()]),
    "an answer": lambda note, person: like(person=person, note=note),
    "a save": lambda note, person: collect(person=person, note=note),
    "how far a reader went": lambda note, person: NoteReader.objects.filter(note=note).update(reached=2),
    "a reader who counts no longer": lambda note, person: NoteReader.objects.update(is_counted=False),
    "another day": lambda note, person: NoteReader.objects.update(first_seen_day=date(2020, 1, 1)),
    "cards": lambda note, person: NoteDay.objects.filter(note=note).update(shown=9),
    "a private note": lambda note, person: Note.objects.filter(pk=note.pk).update(visibility="private"),
    "a hidden note": lambda note, person: hide_note(note=note, by=person, reason="Spam"),
    "a draft again": lambda note, person: Note.objects.filter(pk=note.pk).update(status="draft"),
    "a note that is gone": lambda note, person: delete_note(note=note),
    "another tag": lambda note, person: note.tags.add("exam"),
    "no tags": lambda note, person: note.tags.clear(),
    "a hidden tag": lambda note, person: hide_tag(tag=Tag.objects.get(name="campus"), is_hidden=True),
    "a merged tag": lambda note, person: merge_tag(
        tag=Tag.objects.get(name="tea"), into=Tag.objects.get(name="campus")
    ),
    "another chapter": lambda note, person: Note.objects.filter(pk=note.pk).update(positioning=None),
    "a longer story": lambda note, person: Note.objects.filter(pk=note.pk).update(body="Long. " * 99),
    "a question": lambda note, person: make_comment(person, note, "Where?", created_at=ago(1)),
    "followers": lambda note, person: FollowDay.objects.create(
        person=note.author, day=yesterday(), won=3, lost=1
    ),
    "profile visits": lambda note, person: ProfileDay.objects.create(
        person=note.author, day=yesterday(), visits=3
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_in_the_next_sums(
    notes: list[Note], people: list[User], change: str, monkeypatch: Any
) -> None:
    """And they are those that are made of nothing."""
    sum_all()
    before = sums()
    CHANGES[change](Note.objects.get(pk=notes[1].pk), people[1])
    sum_all()
    after = sums()
    assert after != before
    Summed.objects.update(signature=0)
    sum_all()
    assert sums() == after


def test_drafts_private_and_hidden_notes(alice: User, people: list[User], mona: User) -> None:
    """Private and hidden ones keep their own sums, and enter no others."""
    kept = [make_note(alice, tags=["tea"], published_at=ago(3)) for _ in range(4)]
    make_draft(alice)
    for note in kept:
        read(note, people[:2])
    read(kept[0], people[2:])
    Note.objects.filter(pk=kept[0].pk).update(visibility="private")
    hide_note(note=kept[1], by=mona, reason="Spam")
    Note.objects.filter(pk=kept[2].pk).update(visibility="followers")
    sum_all()
    found, tea = of(alice), topic(alice, "tea")
    assert tea
    assert (found.notes, found.readings, found.readers, tea.notes, tea.readers) == (2, 4, 2, 2, 2)
    assert dict(NoteSum.objects.filter(period="28d").values_list("note", "readers")) == {
        kept[0].pk: 4,
        kept[1].pk: 2,
        kept[2].pk: 2,
        kept[3].pk: 2,
    }


def test_who_leaves_changes_no_number(alice: User, people: list[User]) -> None:
    kept = [make_note(alice, tags=["tea"], published_at=ago(30)) for _ in range(3)]
    for note in kept:
        read(note, people, days=20)
    read(make_note(make_person(), published_at=ago(30)), people, days=20)
    collect(person=people[0], note=kept[0])
    sum_all()
    before = {name: rows for name, rows in sums().items() if name != "Summed"}
    assert of(alice).readers == 4
    for person in people[:3]:
        User.objects.filter(pk=person.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
        remove_person(person.pk)
    Summed.objects.update(signature=0)
    sum_all()
    assert {name: rows for name, rows in sums().items() if name != "Summed"} == before


def test_who_took_an_answer_back_is_one_who_answered(alice: User, people: list[User]) -> None:
    note = make_note(alice, published_at=ago(30))
    read(note, people, days=20)
    like(person=people[0], note=note)
    unlike(person=people[0], note=note)
    sum_all()
    assert (of(alice).readings, of(alice).engaged) == (4, 1)


def test_notes_without_tags_stay_below_the_line(alice: User) -> None:
    for tags in (["tea"], [], [], []):
        make_note(alice, tags=tags, published_at=ago(1))
    sum_all()
    tea = topic(alice, "tea")
    assert tea
    assert tea.weight / of(alice).weight == 0.25


def test_sums_go_with_what_they_are_of(notes: list[Note], alice: User) -> None:
    sum_all()
    delete_note(note=notes[1])
    assert not NoteSum.objects.filter(note=notes[1].pk).exists()
    Positioning.objects.filter(person=alice).delete()
    assert not ChapterSum.objects.filter(positioning__person=alice).exists()
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    remove_person(alice.pk)
    for model in (PersonSum, TopicSum, Summed):
        assert not model._default_manager.filter(person=alice.pk).exists()


def test_a_crowded_creator_is_a_batch_of_their_own(monkeypatch: Any) -> None:
    made = [make_person(has_published=True) for _ in range(5)]
    for number, person in enumerate(made):
        PersonSum.objects.create(person=person, period="all", readings=[3, 3, 900_000, 3, 3][number])
    monkeypatch.setattr(summing, "PEOPLE_AT_ONCE", 4)
    batches, after = [], 0
    while batch := summing._batch(summing._creators(), after):
        batches.append([made.index(User.objects.get(pk=pk)) for pk in batch])
        after = batch[-1]
    assert batches == [[0, 1], [2], [3, 4]]


def test_the_job_sums_who_is_due_some_at_a_time(notes: list[Note], monkeypatch: Any) -> None:
    monkeypatch.setattr(summing, "PEOPLE_AT_ONCE", 1)
    last = yesterday()
    after = sum_due(last=last, after=0, seconds=0)
    assert after
    assert Summed.objects.count() == 1
    monkeypatch.setattr(tasks, "SUM_SECONDS", 0)
    while after:
        tasks.sum_people(last=last.isoformat(), after=after)
        jobs = ProcrastinateJob.objects.filter(task_name="sum_people").order_by("-id")
        follower = jobs.first()
        after = follower.args["after"] if follower and follower.args["after"] > after else 0
    assert Summed.objects.filter(last=last).count() == 2
    assert not summing.due(last).exists()


@pytest.mark.parametrize(("hour", "is_begun"), [(0, False), (2, False), (3, True), (15, True)])
def test_it_begins_at_three(notes: list[Note], monkeypatch: Any, hour: int, is_begun: bool) -> None:
    now = timezone.localtime().replace(hour=hour, minute=25)
    monkeypatch.setattr(summing.timezone, "localtime", lambda *_args, **_zone: now)
    tasks.begin_sums(0)
    assert ProcrastinateJob.objects.filter(task_name="sum_people").exists() is is_begun


def test_it_does_not_begin_again_when_all_is_summed(notes: list[Note]) -> None:
    sum_all()
    tasks.begin_sums(0)
    assert not ProcrastinateJob.objects.filter(task_name="sum_people").exists()


def test_the_command(notes: list[Note]) -> None:
    output = StringIO()
    call_command("sum_rows", stdout=output)
    assert output.getvalue() == f"Summed up to {yesterday()}. Creators whose rows had changed: 2\n"


def test_people_who_are_gone_meanwhile_are_passed_over(notes: list[Note], alice: User) -> None:
    sum_people(people=[alice.pk, 10**9], last=yesterday())
    assert Summed.objects.filter(person=alice).exists()
    assert Summed.objects.count() == 1


def test_nothing_is_left_of_a_batch(notes: list[Note]) -> None:
    sum_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname ~ 'batch|new_'")
        assert cursor.fetchone() == (0,)
