"""Audiences: batches of readers, their consents, and the page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from insights.actions import weeks
from insights.actions.audience import close_batches
from insights.models import FLOORS, Batch, Entered, Table, WeekDone
from notes.models import Note
from people.actions.blocks import block, mute
from profiles.models import User
from tests.builders import make_campus, make_label, make_note, signed_in
from tests.insights.crowd import end_weeks, make_readers
from tests.insights.shown_files import csv_rows

pytestmark = pytest.mark.django_db

PAGE = "/insights/audience/"
SCHOOL, COLLEGE = {"stage": "high_school", "shares_stage": True}, {"stage": "college", "shares_stage": True}


@pytest.fixture(autouse=True)
def smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that is drawn is the smallest one."""
    monkeypatch.setattr("insights.actions.audience.randbelow", lambda below: 0)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


@pytest.fixture
def room(note: Note) -> None:
    """Readers enough on either side who have nothing counted."""
    make_readers([note], 60, stage="high_school")
    make_readers([note], 60, stage="college")


def closed(creator: User, table: Table = Table.STAGE) -> list[tuple[int, int, int]]:
    rows = Batch.objects.filter(creator=creator, table=table, first__isnull=False).order_by("pk")
    return list(rows.values_list("first", "second", "tenths"))


def text(client: Client, path: str = PAGE, **options: Any) -> str:
    page = client.get(path, **options)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_a_batch_closes_with_enough_on_both_sides(alice: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    make_readers([note], 19, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == []
    assert "Not yet" in text(signed_in(alice))
    make_readers([note], 1, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == [(20, 20, 5)]
    assert "About 5 in 10 are in high school" in text(signed_in(alice))


def test_a_batch_waits_for_room(alice: User, note: Note) -> None:
    """Where all readers are counted, their numbers could be told: it takes others, and ten more who may be accounts of
    the creator's own.
    """
    make_readers([note], 20, **SCHOOL)
    make_readers([note], 20, **COLLEGE)
    make_readers([note], 30, stage="college")
    make_readers([note], 29, stage="high_school")
    end_weeks(alice)
    assert closed(alice) == []
    make_readers([note], 1, stage="high_school")
    end_weeks(alice)
    assert closed(alice) == [(20, 20, 5)]


def test_the_number_is_drawn_for_each_batch(
    alice: User, note: Note, room: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr("insights.actions.audience.randbelow", lambda below: drawn.append(below) or below - 1)
    make_readers([note], 29, **SCHOOL)
    make_readers([note], 40, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == []
    assert Batch.objects.get().needed == 30
    make_readers([note], 1, **SCHOOL)
    end_weeks(alice)
    assert closed(alice) == [(30, 40, 4)]
    assert drawn == [11]
    end_weeks(alice)
    assert drawn == [11, 11]


def test_a_closed_batch_never_changes_and_holds_nobody(alice: User, note: Note, room: None) -> None:
    pupils = make_readers([note], 22, **SCHOOL)
    students = make_readers([note], 20, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == [(22, 20, 5)]
    User.objects.filter(pk__in=[each.pk for each in pupils]).update(stage="college", shares_stage=False)
    for each in students[:5]:
        each.delete()
    end_weeks(alice, 3)
    assert closed(alice) == [(22, 20, 5)]
    columns = {field.name for field in Batch._meta.get_fields()}
    assert columns == {"id", "creator", "table", "needed", "campus", "first", "second", "tenths"}
    columns = {field.name for field in Entered._meta.get_fields()}
    assert columns == {"pk", "creator", "table", "reader"}


def test_a_reader_enters_once_ever(alice: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    students = make_readers([note], 20, **COLLEGE)
    end_weeks(alice)
    User.objects.filter(pk__in=[each.pk for each in students]).update(stage="high_school")
    end_weeks(alice, 2)
    make_readers([note], 40, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == [(20, 20, 5)], "Nobody is counted again, on whichever side."
    assert Entered.objects.count() == 40


def test_shares_are_of_all_closed_batches(alice: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    make_readers([note], 20, **COLLEGE)
    end_weeks(alice)
    make_readers([note], 20, **SCHOOL)
    make_readers([note], 100, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == [(20, 20, 5), (20, 100, 3)]
    assert "About 3 in 10" in text(signed_in(alice))


def test_withdrawing_leaves_the_open_batch(alice: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    students = make_readers([note], 20, **COLLEGE)
    client = signed_in(students[0])
    answer = client.post("/settings/privacy/", {"shows_campus": "on"})
    assert answer.status_code == 303
    end_weeks(alice)
    assert closed(alice) == []
    assert not Entered.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"shares_stage": False},
        {"unconfirmed_until": timezone.now() + timedelta(days=9)},
        {"date_joined": timezone.now() - timedelta(days=6)},
        {"is_staff": True},
        {"suspended_at": timezone.now()},
        {"leaving_at": timezone.now()},
        {"stage": ""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_who_does_not_count_enters_no_batch(alice: User, note: Note, room: None, fields: dict) -> None:
    make_readers([note], 20, **SCHOOL)
    students = make_readers([note], 20, **COLLEGE)
    User.objects.filter(pk=students[0].pk).update(**fields)
    end_weeks(alice)
    assert closed(alice) == []


@pytest.mark.parametrize("by", ["reader", "creator", "muting reader"])
def test_who_is_kept_apart_enters_no_batch(alice: User, note: Note, room: None, by: str) -> None:
    make_readers([note], 20, **SCHOOL)
    reader = make_readers([note], 20, **COLLEGE)[0]
    if by == "muting reader":
        mute(muter=reader, muted=alice)
    else:
        ends = (reader, alice) if by == "reader" else (alice, reader)
        block(blocker=ends[0], blocked=ends[1])
    end_weeks(alice)
    assert closed(alice) == []


def test_readers_of_others_do_not_count(alice: User, bob: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    make_readers([make_note(bob)], 20, **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == []


# Campuses


@pytest.fixture
def on_campus(alice: User) -> dict[str, Any]:
    alice.campus, alice.stage = make_campus(), "college"
    alice.save()
    return {"campus": alice.campus, "stage": "college", "shares_campus": True}


def elsewhere() -> dict[str, Any]:
    return {"campus": make_campus("Hill College", "Hill"), "shares_campus": True}


def test_a_table_of_campuses(alice: User, note: Note, on_campus: dict) -> None:
    make_readers([note], 20, campus=alice.campus)
    make_readers([note], 40, campus=elsewhere()["campus"])
    make_readers([note], 10, **on_campus)
    make_readers([note], 30, **elsewhere())
    end_weeks(alice)
    assert closed(alice, Table.CAMPUS) == [(10, 30, 3)]
    assert "About 3 in 10 are on your campus" in text(signed_in(alice))


def test_each_table_has_its_own_consent(alice: User, note: Note, on_campus: dict, room: None) -> None:
    make_readers([note], 40, campus=alice.campus, **SCHOOL)
    make_readers([note], 40, campus=elsewhere()["campus"], **COLLEGE)
    end_weeks(alice)
    assert closed(alice) == [(40, 40, 5)]
    assert closed(alice, Table.CAMPUS) == []


@pytest.mark.parametrize("why", ["stage", "school", "none"])
def test_no_table_of_campuses_where_it_would_tell_of_a_school(
    alice: User, note: Note, on_campus: dict, why: str
) -> None:
    make_readers([note], 40, **on_campus)
    make_readers([note], 40, **elsewhere())
    if why == "stage":
        User.objects.filter(pk=alice.pk).update(stage="high_school")
    elif why == "school":
        type(alice.campus).objects.update(is_school=True)
    else:
        User.objects.filter(pk=alice.pk).update(campus=None)
    end_weeks(alice)
    assert not Batch.objects.filter(table=Table.CAMPUS).exists()
    assert "in 10 are on your campus" not in text(signed_in(alice))


def test_a_closed_table_of_campuses_is_gone_once_the_creator_is_in_high_school(
    alice: User, note: Note, on_campus: dict
) -> None:
    make_readers([note], 40, **on_campus)
    make_readers([note], 40, **elsewhere())
    end_weeks(alice)
    assert "in 10 are on your campus" in text(signed_in(alice))
    User.objects.filter(pk=alice.pk).update(stage="high_school")
    assert "in 10 are on your campus" not in text(signed_in(alice))


def test_pupils_and_schools_enter_no_table_of_campuses(alice: User, note: Note, on_campus: dict) -> None:
    make_readers([note], 40, **on_campus)
    school = make_campus("North School", "North")
    type(school).objects.filter(pk=school.pk).update(is_school=True)
    make_readers([note], 40, campus=school, shares_campus=True)
    make_readers([note], 40, **elsewhere() | {"stage": "high_school"})
    end_weeks(alice)
    assert closed(alice, Table.CAMPUS) == []


def test_another_campus_begins_anew_and_needs_more_room(alice: User, note: Note, on_campus: dict) -> None:
    hill = make_campus("Hill College", "Hill")
    make_readers([note], 30, **on_campus)
    make_readers([note], 30, **elsewhere())
    end_weeks(alice)
    assert closed(alice, Table.CAMPUS) == [(30, 30, 5)]
    User.objects.filter(pk=alice.pk).update(campus=hill)
    assert "in 10 are on your campus" not in text(signed_in(alice))
    make_readers([note], 20, **elsewhere())
    make_readers([note], 20, **on_campus)
    end_weeks(alice)
    assert len(closed(alice, Table.CAMPUS)) == 1, (
        "50 of each side are not twice 10, the 40 of before and 10 more."
    )
    make_readers([note], 20, campus=hill)
    make_readers([note], 20, campus=alice.campus)
    end_weeks(alice)
    assert closed(alice, Table.CAMPUS)[1:] == [(20, 20, 5)]


# The job


def test_a_week_is_closed_once(alice: User, note: Note, room: None) -> None:
    make_readers([note], 20, **SCHOOL)
    make_readers([note], 20, **COLLEGE)
    assert weeks.close_all() == 1
    before = list(Batch.objects.values()), Entered.objects.count()
    make_readers([note], 40, **SCHOOL)
    make_readers([note], 40, **COLLEGE)
    assert weeks.close_all() == 0
    assert (list(Batch.objects.values()), Entered.objects.count()) == before


def test_a_job_that_was_ended_goes_on_where_it_was(
    alice: User, bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    creators = [alice, bob, charlie]
    for creator in creators:
        make_note(creator)
    last = weeks.last_week()
    done: list[int] = []

    def one_then_dies(*, creator: User) -> None:
        if done:
            raise OSError("The worker is gone")
        done.append(creator.pk)
        close_batches(creator=creator)

    monkeypatch.setattr(weeks, "close_batches", one_then_dies)
    with pytest.raises(OSError, match="gone"):
        weeks.close_due(last=last, after=0, seconds=60)
    assert WeekDone.objects.count() == 1
    monkeypatch.undo()
    assert weeks.close_due(last=last, after=0, seconds=60) is None
    assert WeekDone.objects.filter(last=last).count() == 3
    assert Batch.objects.count() == 3
    later = last + timedelta(weeks=3)
    further = weeks.close_due(last=later, after=0, seconds=0)
    assert further == min(creator.pk for creator in creators)
    assert weeks.close_due(last=later, after=further, seconds=60) is None
    assert WeekDone.objects.filter(last=later).count() == 3


def test_weeks_close_from_three_on_monday(alice: User, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[date] = []
    monkeypatch.setattr(
        "insights.actions.weeks.defer", lambda job, last, after: begun.append(date.fromisoformat(last))
    )
    monday = timezone.make_aware(timezone.datetime(2026, 11, 30, 2, 45))
    for hours, number in ((0, 0), (1, 1), (24 * 5, 2)):
        monkeypatch.setattr("django.utils.timezone.now", lambda hours=hours: monday + timedelta(hours=hours))
        weeks.begin_weeks()
        assert len(begun) == number
    assert {day.isoformat() for day in begun} == {"2026-11-29"}
    weeks.close_all(last=begun[0])
    weeks.begin_weeks()
    assert len(begun) == 2


def test_the_command_closes_weeks(alice: User, note: Note, capsys: Any) -> None:
    call_command("close_weeks")
    call_command("close_weeks")
    assert WeekDone.objects.count() == 1


# The page


def test_the_page_says_the_declared_audience_beside_it(alice: User) -> None:
    client = signed_in(alice)
    assert "You have no label yet" in text(client)
    make_label(alice, "Window seats", audience="high_school")
    page = text(client)
    assert "High-school students" in page
    assert "Window seats" in page


def test_a_withheld_share_is_drawn_as_withheld(alice: User) -> None:
    page = text(signed_in(alice))
    assert "c-none" in page
    assert "too few to show" in page
    assert "0 in 10" not in page


def test_the_page_shows_no_number_of_people(alice: User, note: Note, room: None) -> None:
    make_readers([note], 23, **SCHOOL)
    make_readers([note], 41, **COLLEGE)
    end_weeks(alice)
    page = text(signed_in(alice))
    assert "About 4 in 10" in page
    for number in ("23", "41", "64", "184"):
        assert f">{number}<" not in page
        assert f" {number} " not in page


@pytest.mark.parametrize(
    ("pupils", "others", "words"),
    [
        (20, 500, "Fewer than 1 in 10"),
        pytest.param(500, 20, "More than 9 in 10", marks=pytest.mark.long),
        (29, 80, "About 3 in 10"),
    ],
)
def test_shares_at_the_ends(
    alice: User, note: Note, room: None, pupils: int, others: int, words: str
) -> None:
    make_readers([note], pupils, **SCHOOL)
    make_readers([note], others, **COLLEGE)
    make_readers([note], 500, stage="high_school")
    make_readers([note], 500, stage="college")
    end_weeks(alice)
    assert words in text(signed_in(alice))


def test_the_file_says_what_the_page_says(alice: User, note: Note, room: None, on_campus: dict) -> None:
    """A withheld share is withheld in both, with the same sentence; no number of people in either."""
    path = f"{PAGE}shares.csv"
    assert path in text(signed_in(alice))
    assert [row[1:] for row in csv_rows(signed_in(alice), path)] == [["", "too few to show"]] * 2
    make_readers([note], 23, **SCHOOL)
    make_readers([note], 29, **COLLEGE)
    end_weeks(alice)
    rows = csv_rows(signed_in(alice), path)
    assert rows[0] == ["High school or not", "4", "About 4 in 10 are in high school"]
    assert rows[1] == ["My campus or another", "", "too few to show"]
    for _table, _share, words in rows:
        assert words in text(signed_in(alice))
    assert signed_in(alice).get(f"{PAGE}batches.csv").status_code == 404


def test_the_page_in_chinese(alice: User) -> None:
    page = text(signed_in(alice), HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "你的读者是谁" in page


def test_signed_out_one_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert client.post(PAGE).status_code == 405


def test_the_queries_of_the_page_do_not_grow(
    alice: User, note: Note, on_campus: dict, django_assert_max_num_queries: Any
) -> None:
    make_label(alice, "Window seats")
    client = signed_in(alice)
    text(client)
    with django_assert_max_num_queries(8):
        text(client)


def test_both_consents_are_off_until_they_are_given(bob: User) -> None:
    client = signed_in(bob)
    page = text(client, "/settings/privacy/")
    assert "Count my stage in audience statistics" in page
    assert "Count my campus in audience statistics" in page
    assert not bob.shares_stage
    assert not bob.shares_campus
    client.post("/settings/privacy/", {"shows_campus": "on", "shares_campus": "on"})
    bob.refresh_from_db()
    assert bob.shares_campus
    assert not bob.shares_stage


def test_what_ends_with_either_account(alice: User, note: Note, room: None) -> None:
    pupils = make_readers([note], 20, **SCHOOL)
    make_readers([note], 20, **COLLEGE)
    end_weeks(alice)
    pupils[0].delete()
    assert Entered.objects.count() == 39
    alice.delete()
    assert not any(model._default_manager.exists() for model in (Entered, Batch, WeekDone))


def test_the_floors() -> None:
    assert FLOORS == {Table.STAGE: (20, 30), Table.CAMPUS: (10, 15)}


def test_moderators_mark_schools(alice: User, mona: User, note: Note, on_campus: dict) -> None:
    make_readers([note], 40, **on_campus)
    make_readers([note], 40, **elsewhere())
    address = f"/admin/profiles/campus/{alice.campus.pk}/change/"
    assert signed_in(alice).get(address).status_code in {302, 404}
    sent = {"name": alice.campus.name, "city": alice.campus.city, "is_school": "on"}
    assert signed_in(mona).post(address, sent).status_code == 302
    alice.campus.refresh_from_db()
    assert alice.campus.is_school
    end_weeks(alice)
    assert closed(alice, Table.CAMPUS) == []
