"""`prove` finds each kind of silent limit, and what a decision or a published rule explains is none."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from moderation.decisions.directly import decide_about
from moderation.decisions.holding import hold
from moderation.models import Decision
from moderation.prove import served
from notes.collections.actions import create_collection, sort_save
from notes.explore import epochs
from notes.models import Channel, Collection, EpochScope, Less, Note, NoteDay, NoteReader, Series, TaggedNote
from notes.models.tags import TagState
from notes.reactions.actions import collect, like
from notes.readers.actions import Opening, record_openings
from profiles.models import Campus, Label, Positioning, User
from search.models import Document, Name
from tests.builders import make_campus, make_comment, make_label, make_note, make_person
from tests.moderation.builders import make_rule
from tests.moderation.prove.proving import differences, write_settled_epoch

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes(alice: User, bob: User) -> list[Note]:
    """A small community with one of each list: campus, channel, label, series, collection, followers, an epoch."""
    campus = make_campus()
    make_label(alice, "Tea person", topics=["tea"])
    alice.refresh_from_db()
    ago = timezone.now() - timedelta(hours=5)
    made = [
        make_note(alice, tags=["tea"], campus=campus, published_at=ago + timedelta(minutes=number))
        for number in range(3)
    ]
    made.append(make_note(bob, tags=["tea", "walks"], published_at=ago))
    channel = Channel.objects.create(slug="tea", en="Tea", zh="茶")
    channel.tags.set(made[0].tags.all())
    series = Series.objects.create(author=alice, name="Cups")
    Note.objects.filter(pk=made[0].pk).update(series=series, series_place=1)
    record_openings(openings=[Opening(made[0].pk, bob.pk, timezone.now(), "explore")])
    like(person=bob, note=made[0])
    kept = create_collection(owner=bob, name="To try", is_private=False)
    sort_save(person=bob, note=made[0], add={kept.pk}, remove=set())
    write_settled_epoch()
    return made


def test_nothing_to_find(notes: list[Note]) -> None:
    assert differences() == []


def test_what_is_decided_is_no_silent_limit(notes: list[Note], alice: User, bob: User, mona: User) -> None:
    rule = make_rule()
    terms: dict[str, Any] = {"by": mona, "rule": rule}
    decide_about(target=notes[0], step="hide", **terms)
    decide_about(target=notes[1], step="warning", warning="doubtful", **terms)
    decide_about(target=notes[0].tags.get(), step="hide", **terms)
    decide_about(target=alice.positionings.get().label, step="hide", **terms)
    decide_about(target=notes[0].campus, step="hide", **terms)
    decide_about(target=Collection.objects.get(), step="hide", **terms)
    decide_about(target=Series.objects.get(), step="hide", **terms)
    until = timezone.now() + timedelta(days=2)
    decide_about(target=alice, step="limit", limits=["posting"], ends_at=until, **terms)
    decide_about(target=bob, step="suspend", **terms)
    write_settled_epoch()
    assert differences() == []


def test_a_hidden_photo(notes: list[Note], alice: User, mona: User) -> None:
    """A decision about its only photo hides a note with it; a photo taken out without one is a silent limit."""
    shown = make_note(alice, photos=2)
    alone = make_note(alice, photos=1)
    for note in (shown, alone):
        decide_about(target=note.photos.first(), by=mona, step="hide", rule=make_rule())
    write_settled_epoch()
    assert differences() == []
    photo = shown.photos.get()
    type(photo).objects.filter(pk=photo.pk).update(note=None, hidden_in=shown, hidden_at=timezone.now())
    assert f"photo {photo.pk}: hidden, but no decision hides it" in differences()


def test_a_held_note(notes: list[Note]) -> None:
    hold(note=notes[0], rule=make_rule())
    write_settled_epoch()
    assert differences() == []


def test_what_people_choose_is_no_silent_limit(notes: list[Note], alice: User, bob: User) -> None:
    Note.objects.filter(pk=notes[0].pk).update(visibility="followers")
    Note.objects.filter(pk=notes[1].pk).update(visibility="private")
    User.objects.filter(pk=bob.pk).update(
        approves_followers=True, muted_words=["#walks", "cup"], languages=["zh"]
    )
    Less.objects.create(note=notes[2], person=bob)
    write_settled_epoch()
    assert differences() == []


def _hide(model: Any) -> Any:
    return lambda: model.objects.update(hidden_at=timezone.now())


def _of_first(**changes: Any) -> Any:
    return lambda: Note.objects.filter(pk=Note.objects.order_by("pk")[0].pk).update(**changes)


def _later() -> None:
    NoteReader.objects.update(engaged_day=timezone.now().date() + timedelta(days=9))


COLUMNS = {
    "note hidden": (_of_first(hidden_at=Now()), "hidden, but no decision hides it"),
    "note warned": (_of_first(warning="doubtful"), "its warning is “doubtful”, decided was “”"),
    "label hidden": (_hide(Label), "hidden, but no decision hides it"),
    "collection hidden": (_hide(Collection), "hidden, but no decision hides it"),
    "series hidden": (_hide(Series), "hidden, but no decision hides it"),
    "campus hidden": (lambda: Campus.objects.update(is_hidden=True), "hidden, but no decision hides it"),
    "tag hidden": (
        lambda: TagState.objects.create(tag=TaggedNote.objects.first().tag, is_hidden=True),
        "hidden, but no decision hides it",
    ),
    "suspended": (
        lambda: User.objects.filter(handle="alice").update(suspended_at=timezone.now()),
        "suspended, but no decision suspends them",
    ),
    "limited": (
        lambda: User.objects.update(commenting_until=timezone.now() + timedelta(days=1)),
        "commenting is limited until",
    ),
    "tag does not list": (lambda: TaggedNote.objects.update(listed_at=None), "lists it by no time"),
    "passed over": (lambda: User.objects.update(has_published=False), "lists pass over them"),
    "label passes over": (
        lambda: Positioning.objects.update(newest_on_topic=timezone.now() - timedelta(days=9)),
        "the notes of label",
    ),
    "never counts": (
        lambda: User.objects.filter(handle="bob").update(
            is_counted=False, date_joined=timezone.now() - timedelta(days=3)
        ),
        "does not count, although their address is confirmed",
    ),
    "reading does not count": (
        lambda: NoteReader.objects.update(is_counted=False),
        "but this reading does not",
    ),
    "like counts later": (_later, "should count from"),
    "like never counts": (lambda: NoteReader.objects.update(engaged_day=None), "and counts never"),
    "days lowered": (lambda: NoteDay.objects.update(new_readers=0), "its days have 0 readers"),
    "like not shown": (lambda: Note.objects.update(like_count=0), "it shows 0 likes, and has 1"),
    "not found": (lambda: Document.objects.all().delete(), "search does not know it"),
    "found by its author alone": (
        lambda: Document.objects.update(visibility="private"),
        "one that not everyone may see",
    ),
    "name not found": (lambda: Name.objects.filter(kind="p").delete(), "search does not know their name"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_without_a_decision(notes: list[Note], kind: str) -> None:
    plant, said = COLUMNS[kind]
    plant()
    assert any(said in found for found in differences()), differences()


def test_a_hidden_comment(notes: list[Note], bob: User) -> None:
    make_comment(bob, notes[0], hidden_at=timezone.now())
    assert any(found.startswith("comment ") for found in differences())


def test_a_decision_that_nobody_can_read(notes: list[Note], mona: User) -> None:
    decide_about(target=notes[0], by=mona, step="hide", rule=make_rule())
    Decision.objects.update(subject=None)
    assert (
        f"note {notes[0].pk}: decision {Decision.objects.get().pk} about it is not one that its author can read"
        in (differences())
    )


def test_a_limit_that_does_not_end(notes: list[Note], mona: User) -> None:
    decide_about(target=notes[0], by=mona, step="hide", rule=make_rule())
    Decision.objects.update(ends_at=timezone.now() - timedelta(hours=2))
    assert any("still holds, although it was to end" in found for found in differences())


def _without(pages: Any, note: Note) -> Any:
    """A list of the site that leaves out a note."""

    def page(*args: Any, **kwargs: Any) -> Any:
        found = pages(*args, **kwargs)
        found.rows[:] = [row for row in found.rows if row.pk != note.pk]
        return found

    return page


LISTS = ["latest", "tagged", "at_campus", "labelled", "by_author", "following"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_leaves_out_a_note(notes: list[Note], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.lists, name, _without(getattr(served.lists, name), notes[1]))
    found = differences()
    assert found
    assert all(f"note {notes[1].pk}: expected at place" in each for each in found)


@pytest.mark.parametrize("name", ["followers", "holders"])
def test_a_list_that_leaves_out_a_person(
    notes: list[Note], name: str, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out: Any = {"followers": bob, "holders": alice}[name]
    monkeypatch.setattr(served.feeds, name, _without(getattr(served.feeds, name), left_out))
    found = differences()
    assert len(found) == 1
    assert found[0].startswith(f"person {left_out.pk}: expected at place 1 of the ")


def test_a_list_that_lowers_a_note(notes: list[Note], monkeypatch: pytest.MonkeyPatch) -> None:
    latest = served.lists.latest

    def lowered(*args: Any) -> Any:
        page = latest(*args)
        page.rows.append(page.rows.pop(0))
        return page

    monkeypatch.setattr(served.lists, "latest", lowered)
    assert f"note {notes[2].pk}: expected at place 1 of Latest, found at place 4" in differences()


def test_a_collection_and_a_series_that_leave_out_a_note(
    notes: list[Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.kept, "opened", lambda *args: None)
    monkeypatch.setattr(served.series, "opened", lambda *args: None)
    found = differences()
    assert f"collection {Collection.objects.get().pk}: there is no such page" in found[-1]
    assert any(each.startswith(f"series {Series.objects.get().pk}: there is no such page") for each in found)


def test_collections_that_nobody_finds(notes: list[Note], monkeypatch: pytest.MonkeyPatch) -> None:
    public_of = served.kept.public_of
    monkeypatch.setattr(served.kept, "public_of", lambda *args: served.Page([], public_of(*args).after))
    assert any(each.startswith("collection ") for each in differences())


def test_explore_that_passes_over_an_author(
    notes: list[Note], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the site would write now is compared, so that the next epoch is found before it is shown."""
    public = epochs.Note.objects.public
    monkeypatch.setattr(epochs.Note.objects, "public", lambda: public().exclude(author=alice))
    found = [each for each in differences() if "the notes that Explore considers" in each]
    assert len(found) == 3


def test_a_formula_that_lowers_a_note(notes: list[Note], monkeypatch: pytest.MonkeyPatch) -> None:
    first = EpochScope.objects.get(name="all").candidates[0][0]
    score = epochs.ranking.score
    monkeypatch.setattr(
        epochs.ranking, "score", lambda each, taste: score(each, taste) - (each.note == first)
    )
    said = f"note {first}: expected at place 1 of Explore now (all), found at place 4"
    assert said in differences()


def test_a_save_counts_as_a_like_does(notes: list[Note], bob: User) -> None:
    record_openings(openings=[Opening(notes[1].pk, bob.pk, timezone.now(), "explore")])
    collect(person=bob, note=notes[1])
    write_settled_epoch()
    assert differences() == []
    NoteReader.objects.filter(note=notes[1]).update(engaged_day=None)
    assert any("counts never" in each for each in differences())


def test_a_person_who_is_new_counts_later_by_the_rule(notes: list[Note]) -> None:
    make_person("newcomer", is_counted=False)
    assert differences() == []
