"""The rules of labels over time."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from profiles.actions.labels import (
    LabelHidden,
    TooSoon,
    declare_label,
    hide_label,
    restore_label,
    withdraw_label,
)
from profiles.models import Label, Positioning, User
from tests.builders import make_label, make_person

WEEK = timedelta(days=7)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """`clock[0]` is now."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


def topics(positioning: Positioning) -> list[str]:
    return [tag.name for tag in positioning.topics_in_order()]


def test_the_first_declaration(alice: User) -> None:
    said = make_label(
        alice, "Campus Plog", topics=["Exam Week", "café"], statement="For first-years", audience="college"
    )
    assert (said.wording, said.label.normal, said.label.slug) == ("Campus Plog", "campus plog", "campus-plog")
    assert topics(said) == ["exam week", "café"]
    assert (said.statement, said.audience, said.retired_at) == ("For first-years", "college", None)


def test_the_same_meaning_is_the_same_label(alice: User, charlie: User) -> None:
    first, second = (
        make_label(alice, "Campus Plog"),
        make_label(charlie, "ＣＡＭＰＵＳ　plog".replace("\u3000", " ")),
    )
    assert first.label == second.label
    assert second.wording == "ＣＡＭＰＵＳ plog"


def test_different_labels_never_share_an_address(alice: User, charlie: User) -> None:
    first, second = make_label(alice, "C notes"), make_label(charlie, "C++ notes")
    assert first.label != second.label
    assert second.label.slug.startswith("c-notes-")


def test_within_an_hour_an_edit_amends(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary", topics=["food"])
    clock[0] += timedelta(minutes=59)
    again = make_label(alice, "Canteen diarist", topics=["canteen", "food"])
    assert again.pk == first.pk
    assert again.declared_at == first.declared_at
    assert topics(again) == ["canteen", "food"]
    assert alice.positionings.count() == 1


def test_after_an_hour_another_label_waits_a_week(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary", topics=["food"])
    opens = first.declared_at + WEEK
    for moment in (timedelta(minutes=60), timedelta(days=3), WEEK - timedelta(seconds=1)):
        clock[0] = first.declared_at + moment
        with pytest.raises(TooSoon) as refused:
            make_label(alice, "Library hermit", topics=["food"])
        assert refused.value.until == opens
    assert alice.positionings.get().wording == "Canteen diary"

    clock[0] = opens
    second = make_label(alice, "Library hermit", topics=["food"])
    first.refresh_from_db()
    assert first.retired_at == second.declared_at == opens
    assert alice.positionings.current().get() == second


def test_another_primary_topic_is_a_new_version_too(alice: User, clock: list[datetime]) -> None:
    make_label(alice, "Canteen diary", topics=["food", "campus"])
    clock[0] += timedelta(hours=2)
    with pytest.raises(TooSoon):
        make_label(alice, "Canteen diary", topics=["campus", "food"])
    clock[0] += WEEK
    make_label(alice, "Canteen diary", topics=["campus", "food"])
    assert alice.positionings.count() == 2


def test_the_rest_can_change_at_any_time_in_place(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary", topics=["food"])
    clock[0] += timedelta(hours=2)
    again = make_label(
        alice, "CANTEEN diary", topics=["food", "soup"], statement="Noon only", audience="campus"
    )
    assert again.pk == first.pk
    assert (again.wording, again.statement, again.audience) == ("CANTEEN diary", "Noon only", "campus")
    assert topics(again) == ["food", "soup"]


def test_withdrawing_opens_no_way_round_the_week(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary")
    clock[0] += timedelta(hours=2)
    withdraw_label(person=alice)
    withdraw_label(person=alice)
    assert not alice.positionings.current().exists()
    with pytest.raises(TooSoon):
        make_label(alice, "Library hermit")
    assert make_label(alice, "Canteen diary").pk == first.pk, "the same one may be taken up again"
    assert alice.positionings.current().get() == first


def test_a_hidden_label_is_refused_and_its_holder_may_choose_another_at_once(
    alice: User, charlie: User, mona: User, clock: list[datetime]
) -> None:
    said = make_label(alice, "Rude words")
    clock[0] += timedelta(hours=2)
    hide_label(label=said.label, by=mona, reason="Insults a person")
    assert User.objects.with_label().get(pk=alice.pk).label is None
    for person in (alice, charlie):
        with pytest.raises(LabelHidden):
            make_label(person, "RUDE words")
    make_label(alice, "Kind words")
    assert User.objects.with_label().get(pk=alice.pk).label.wording == "Kind words"  # type: ignore[union-attr]


def test_restoring_a_label_restores_it(alice: User, mona: User) -> None:
    said = make_label(alice, "Rude words")
    hide_label(label=said.label, by=mona, reason="A mistake")
    restore_label(label=said.label)
    label = Label.objects.get()
    assert (label.hidden_at, label.hidden_by, label.hidden_reason) == (None, None, "")
    assert User.objects.with_label().get(pk=alice.pk).label == said


@pytest.mark.django_db(transaction=True)
def test_two_declarations_at_once_leave_one_current() -> None:
    person = make_person()
    start, errors = Barrier(4), []

    def declare(number: int) -> None:
        try:
            start.wait()
            declare_label(person=person, wording=f"Label {number}", topics=[f"topic {number}"])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=declare, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert person.positionings.current().count() == person.positionings.count() == 1
