"""The rules for changing labels over time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone
from taggit.models import Tag

from notes.explore.affinities import taste_of
from notes.models import Note
from notes.photos.publishing import finish_publishing
from people.actions.labels import (
    LabelHidden,
    TooSoon,
    declare_label,
    hide_label,
    restore_label,
    withdraw_label,
)
from profiles.models import Label, Positioning, User
from tests.builders import make_draft, make_label, make_note, make_person

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


def reload(positioning: Positioning) -> Positioning:
    return Positioning.objects.get(pk=positioning.pk)


def test_going_back_within_the_hour_deletes_the_interlude(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary", topics=["food"], statement="Noon")
    clock[0] += WEEK
    make_label(alice, "Library hermit", topics=["exam"])
    clock[0] += timedelta(minutes=30)
    make_label(alice, "Library hermits", topics=["exam"])
    clock[0] += timedelta(minutes=29)
    back = make_label(alice, "CANTEEN diary", topics=["food"], statement="One")
    assert back.pk == first.pk
    assert (back.declared_at, back.retired_at, back.statement) == (first.declared_at, None, "One")
    assert list(alice.positionings.all()) == [first]


@pytest.mark.parametrize("minutes", [0, 59])
def test_a_label_that_was_left_goes_on_within_the_hour(
    alice: User, clock: list[datetime], minutes: int
) -> None:
    first = make_label(alice, "Canteen diary")
    clock[0] += WEEK
    withdraw_label(person=alice)
    clock[0] += timedelta(minutes=minutes)
    assert make_label(alice, "Canteen diary").pk == first.pk
    assert reload(first).retired_at is None


def test_later_than_that_it_is_a_new_chapter(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary")
    clock[0] += timedelta(days=2)
    withdraw_label(person=alice)
    clock[0] += timedelta(minutes=60)
    second = make_label(alice, "Canteen diary")
    assert second.pk != first.pk
    assert second.declared_at == clock[0]
    assert reload(first).retired_at == clock[0] - timedelta(minutes=60)


def test_what_was_published_between_keeps_its_chapter(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary", topics=["food"])
    clock[0] += WEEK
    between = make_label(alice, "Library hermit", topics=["exam"])
    note = make_note(alice, positioning=between)
    clock[0] += timedelta(minutes=10)
    third = make_label(alice, "Canteen diary", topics=["food"])
    note.refresh_from_db()
    assert note.positioning == between
    assert [said.wording for said in alice.positionings.order_by("pk")] == [
        "Canteen diary",
        "Library hermit",
        "Canteen diary",
    ]
    assert (reload(between).retired_at, reload(third).declared_at) == (clock[0], clock[0])
    assert reload(first).retired_at


def test_what_was_published_without_a_label_between_keeps_its_time(
    alice: User, clock: list[datetime]
) -> None:
    first = make_label(alice, "Canteen diary")
    clock[0] += timedelta(days=3)
    withdraw_label(person=alice)
    make_note(alice)
    clock[0] += timedelta(minutes=5)
    assert make_label(alice, "Canteen diary").pk != first.pk
    assert alice.positionings.count() == 2


def test_a_draft_between_counts_for_nothing(alice: User, clock: list[datetime]) -> None:
    first = make_label(alice, "Canteen diary")
    clock[0] += WEEK
    make_label(alice, "Library hermit")
    make_draft(alice)
    assert make_label(alice, "Canteen diary").pk == first.pk


def versions(positioning: Positioning) -> list[tuple[str, datetime | None, datetime | None]]:
    places = positioning.topic_places.order_by("pk")
    return [(place.tag.name, place.given_at, place.taken_at) for place in places]


def test_topics_keep_versions(alice: User, clock: list[datetime]) -> None:
    said = make_label(alice, "Canteen diary", topics=["food", "soup"])
    clock[0] += timedelta(days=1)
    changed = clock[0]
    make_label(alice, "Canteen diary", topics=["food", "tea"])
    clock[0] += timedelta(minutes=20)
    make_label(alice, "Canteen diary", topics=["food", "rice"])
    assert versions(said) == [
        *(("food", None, changed), ("soup", None, changed)),
        *(("food", changed, None), ("rice", changed, None)),
    ]
    assert topics(said) == ["food", "rice"]
    make_label(alice, "Canteen diary", topics=["food", "soup"])
    assert versions(said) == [("food", None, None), ("soup", None, None)], "back within the hour"
    make_label(alice, "Canteen diary", topics=["food", "tea"])
    make_note(alice, positioning=said, published_at=clock[0])
    clock[0] += timedelta(minutes=1)
    make_label(alice, "Canteen diary", topics=["food"])
    assert [name for name, _from, until in versions(said) if until] == ["food", "soup", "food", "tea"]
    assert topics(said) == ["food"]


def test_topics_are_read_as_they_were_at_a_moment(alice: User, clock: list[datetime]) -> None:
    begun = clock[0]
    make_label(alice, "Canteen diary", topics=["food", "soup"])
    clock[0] += timedelta(days=1)
    make_label(alice, "Canteen diary", topics=["food", "tea"])
    for moment, expected in ((begun, {"food", "soup"}), (clock[0], {"food", "tea"})):
        taste = taste_of.__wrapped__(alice.pk, None, moment)
        assert set(Tag.objects.filter(pk__in=taste.topics).values_list("name", flat=True)) == expected


@pytest.mark.django_db(transaction=True)
def test_publishing_while_the_interlude_is_deleted_never_fails() -> None:
    """Whichever is first: the note is in a chapter that stays."""
    person = make_person()
    for _ in range(6):
        make_label(person, f"Label {person.positionings.count()}")
        Positioning.objects.filter(person=person).update(declared_at=timezone.now() - WEEK)
        former = person.positionings.current().get()
        make_label(person, f"Between {former.pk}")
        waiting = make_draft(person, status=Note.Status.PROCESSING)
        start, errors = Barrier(2), []

        def run(act: Callable[[], object], start: Barrier = start, errors: list[Exception] = errors) -> None:
            try:
                start.wait()
                act()
            except Exception as error:
                errors.append(error)
            finally:
                connection.close()

        def publish(waiting: Note = waiting) -> None:
            with transaction.atomic():
                finish_publishing(
                    Note.objects.select_for_update(of=["self"]).select_related("author").get(pk=waiting.pk)
                )

        def go_back(former: Positioning = former) -> None:
            declare_label(person=person, wording=former.wording, topics=["campus"])

        threads = [Thread(target=run, args=[act]) for act in (publish, go_back)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        waiting.refresh_from_db()
        assert waiting.positioning is not None
        assert person.positionings.current().get().wording == former.wording
        assert (waiting.positioning == former) or person.positionings.filter(pk__gt=former.pk).count() == 2
