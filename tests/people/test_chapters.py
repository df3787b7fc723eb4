"""A profile as it was under a former label, limited to what may be seen today."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from notes.models import Note
from notes.moderation import hide_note
from notes.tags import merge_tag
from people.actions.blocks import block
from people.actions.labels import hide_label
from profiles.models import Positioning, User
from tests.builders import make_label, make_note, signed_in
from tests.markup import listed

PATH = "/@alice/"


@pytest.fixture
def chapters(alice: User) -> list[Positioning]:
    """Two of Alice's, the older one first, with a note of each visibility in both."""
    now = timezone.now()
    old = make_label(
        alice,
        "Lost fresher",
        topics=["maps"],
        statement="Where is B12?",
        declared_at=now - timedelta(days=300),
    )
    new = make_label(alice, "Canteen diary", topics=["food"], declared_at=now - timedelta(days=100))
    Positioning.objects.filter(pk=old.pk).update(retired_at=new.declared_at)
    for chapter, days in ((old, 200), (new, 50)):
        for visibility in Note.Visibility.values:
            title = f"{chapter.wording} for {visibility}"
            made = now - timedelta(days=days)
            make_note(alice, title, positioning=chapter, visibility=visibility, published_at=made)
    make_note(alice, "Before any label", published_at=now - timedelta(days=400))
    return [old, new]


def titles(person: User | None, chapter: Positioning) -> list[str]:
    response = signed_in(person).get(f"{PATH}?label={chapter.pk}")
    assert response.status_code == 200
    notes = Note.objects.in_bulk(listed(response))
    return [notes[pk].title for pk in listed(response)]


def test_the_profile_as_it_read(chapters: list[Positioning], alice: User, bob: User, charlie: User) -> None:
    old, new = chapters
    seen = {None: ["public"], charlie: ["public"], bob: ["followers", "public"]}
    for viewer, visibilities in {**seen, alice: ["private", "followers", "public"]}.items():
        assert titles(viewer, old) == [f"Lost fresher for {each}" for each in visibilities], viewer
        assert titles(viewer, new) == [f"Canteen diary for {each}" for each in visibilities], viewer
    page = signed_in(None).get(f"{PATH}?label={old.pk}").text
    for part in ("Where is B12?", "#maps", 'href="/labels/lost-fresher/"', "The profile today"):
        assert part in page, part
    assert "food" not in page
    assert "/tags/maps/" not in page, "no current note or label has it: the tag has no page"
    assert re.search(rf'href="/@alice/\?label={old.pk}"\s+aria-current="page"', page)


def test_the_thread_links_to_each(chapters: list[Positioning]) -> None:
    page = signed_in(None).get(PATH).text
    links = re.findall(r'href="/@alice/\?label=(\d+)"', page)
    assert links == [str(chapter.pk) for chapter in reversed(chapters)]
    assert "The profile today" not in page


def test_what_is_hidden_today_is_not_there(chapters: list[Positioning], charlie: User, mona: User) -> None:
    old, new = chapters
    hide_note(note=Note.objects.get(title="Lost fresher for public"), by=mona, reason="Spam")
    assert titles(charlie, old) == []
    assert "Nothing you can see was published" in signed_in(charlie).get(f"{PATH}?label={old.pk}").text
    hide_label(label=old.label, by=mona, reason="Insults")
    for viewer in (None, charlie, old.person):
        assert signed_in(viewer).get(f"{PATH}?label={old.pk}").status_code == 404
    assert titles(charlie, new) == ["Canteen diary for public"]


@pytest.mark.parametrize("asked", ["", "x", "0", "-1", "9" * 40, "٣", "1.0", " 1", "１"])
def test_what_is_no_chapter_of_theirs_is_404(
    chapters: list[Positioning], bob: User, charlie: User, asked: str
) -> None:
    theirs = make_label(charlie, "Rice cook")
    for label in (asked, str(theirs.pk)):
        assert signed_in(bob).get(PATH, {"label": label}).status_code == 404


def test_a_creator_may_keep_earlier_labels_to_themselves(
    chapters: list[Positioning], alice: User, bob: User, charlie: User
) -> None:
    old, new = chapters
    client = signed_in(alice)
    kept = {"shows_campus": "on", "approves_followers": ""}
    assert client.post("/settings/privacy/", kept).status_code == 303
    alice.refresh_from_db()
    assert not alice.shows_chapters
    for viewer in (None, bob, charlie):
        page = signed_in(viewer).get(PATH).text
        assert "Lost fresher" not in page.replace("Lost fresher for", "")
        assert signed_in(viewer).get(f"{PATH}?label={old.pk}").status_code == 404
        assert titles(viewer, new)
    assert titles(alice, old)
    assert f"?label={old.pk}" in client.get(PATH).text
    assert client.post("/settings/privacy/", kept | {"shows_chapters": "on"}).status_code == 303
    assert titles(charlie, old)


def test_a_topic_that_was_taken_away_names_its_tag_no_longer(alice: User, charlie: User) -> None:
    said = make_label(alice, "Canteen diary", topics=["food", "soup"])
    Positioning.objects.filter(pk=said.pk).update(declared_at=timezone.now() - timedelta(days=2))
    make_label(alice, "Canteen diary", topics=["food"])
    client = signed_in(charlie)
    assert [client.get(f"/tags/{name}/").status_code for name in ("food", "soup")] == [200, 404]


def test_merging_a_tag_keeps_the_topics_of_each_time(alice: User) -> None:
    said = make_label(alice, "Canteen diary", topics=["food", "foods"])
    Positioning.objects.filter(pk=said.pk).update(declared_at=timezone.now() - timedelta(days=2))
    make_label(alice, "Canteen diary", topics=["food", "foods", "tea"])
    merge_tag(tag=Tag.objects.get(name="foods"), into=Tag.objects.get(name="food"))
    places = said.topic_places.order_by("taken_at", "position")
    assert [(place.tag.name, place.taken_at is None) for place in places] == [
        *(("food", False), ("food", True), ("tea", True)),
    ]


def test_a_block_closes_chapters_too(chapters: list[Positioning], alice: User, charlie: User) -> None:
    block(blocker=alice, blocked=charlie)
    assert signed_in(charlie).get(f"{PATH}?label={chapters[0].pk}").status_code == 404


def test_pages_of_a_chapter_go_on_within_it(chapters: list[Positioning], alice: User) -> None:
    old, now = chapters[0], timezone.now()
    for number in range(30):
        make_note(alice, f"Number {number}", positioning=old, published_at=now - timedelta(days=201 + number))
    client = signed_in(None)
    first = client.get(f"{PATH}?label={old.pk}")
    more = PATH + first.context["more_url"]
    assert f"label={old.pk}" in more
    rest = listed(client.get(more, headers={"HX-Request": "true"}))
    shown = Note.objects.filter(pk__in=[*listed(first), *rest])
    assert set(shown.values_list("positioning", flat=True)) == {old.pk}
    assert len(shown) == 31


@pytest.mark.parametrize("notes", [1, 3, 24])
def test_a_chapter_asks_no_more_than_a_profile(
    chapters: list[Positioning], alice: User, charlie: User, notes: int
) -> None:
    for _ in range(notes):
        make_note(alice, positioning=chapters[0], photos=2, tags=["maps"])
    client = signed_in(charlie)

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    assert asked(f"{PATH}?label={chapters[0].pk}") <= asked(PATH) <= 10


def test_the_archive_tells_of_chapters(chapters: list[Positioning], alice: User) -> None:
    from leaving.contents.person import labels

    old = chapters[0]
    chapters[1].delete()
    Positioning.objects.filter(pk=old.pk).update(retired_at=None)
    make_label(alice, "Lost fresher", topics=["maps", "signs"])
    told: list[Any] = list(labels(alice))
    assert (told[0]["label"], told[0]["topics"]) == ("Lost fresher", ["maps", "signs"])
    assert [topic["topic"] for topic in told[0]["earlier_topics"]] == ["maps"]
