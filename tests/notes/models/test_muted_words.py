"""Muted words and tags: matching notes and comments leave the muter's lists and threads, and no one else's."""

from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import PAGE_SIZE, REACH
from notes.feeds import lists
from notes.models import Note
from notes.reactions.actions import collect
from people.actions.follows import follow
from profiles.models import User
from tests.builders import make_campus, make_comment, make_label, make_note, signed_in, status
from tests.markup import listed, words

pytestmark = pytest.mark.django_db

# The muted word, a title that holds it, and one that does not.
MET = [
    ("考试", "期末考试周", "期末周"),
    ("art", "Modern Art, at last", "Where to start"),
    ("ＡＲＴ", "art课", "artist"),
    ("exam", "Exam_week", "exams"),
    ("final exam", "The FINAL\u3000  exam.", "final, exam"),
    ("100%", "100% wool", "100 wool"),
    ("c++", "I like C++ a lot", "I like c"),
    ("a.b", "a.b", "axb"),
    ("（笑）", "真的 (笑)", "笑"),
    ("été", "L’ÉTÉ", "étés"),
    ("😷", "mask 😷", "mask 🙂"),
    ("\\d", "\\d", "5"),
    ("straße", "STRAßE", "strassen"),
]


def muting(person: User, *muted: str) -> Any:
    User.objects.filter(pk=person.pk).update(muted_words=list(muted))
    person.refresh_from_db()
    return signed_in(person)


@pytest.mark.parametrize(("word", "met", "spared"), MET)
def test_what_a_word_meets(alice: User, charlie: User, word: str, met: str, spared: str) -> None:
    muting(charlie, word)
    notes = [
        make_note(alice, met),
        make_note(alice, "A note", body=f"So.\n\n{met}"),
        make_note(alice, spared),
    ]
    assert list(Note.objects.wanted_by(charlie)) == notes[2:]


def test_tags_are_met_by_name_and_by_words(alice: User, charlie: User) -> None:
    tea, shop = make_note(alice, tags=["Tea"]), make_note(alice, tags=["tea shop"])
    both = make_note(alice, "Tea time")
    muting(charlie, "#TEA")
    assert set(Note.objects.wanted_by(charlie)) == {shop, both}
    muting(charlie, "tea")
    assert set(Note.objects.wanted_by(charlie)) == set()
    muting(charlie, "#tea shop", "time")
    assert set(Note.objects.wanted_by(charlie)) == {tea}


def test_notes_leave_every_list_and_stay_open(alice: User, bob: User, charlie: User) -> None:
    make_label(alice, "Tea person", topics=["tea"])
    campus = make_campus()
    note = make_note(alice, "Spoilers within", tags=["tea"], campus=campus, like_count=7)
    other = make_note(alice, "Nothing within", tags=["tea"], campus=campus)
    follow(follower=bob, followed=charlie)
    own = make_note(bob, "My own spoilers", tags=["tea"], campus=campus)
    lists = ["/", "/?sort=latest", "/?channel=tea", "/tags/tea/", campus.get_absolute_url()]
    thin = [("/following/", set()), ("/labels/tea-person/", set())]
    client = muting(bob, "spoilers")
    for path, more in [*((path, {own.pk}) for path in lists), *thin]:
        assert set(listed(client.get(path))) == {other.pk} | more, path
    assert note.pk not in listed(client.get(other.get_absolute_url())), "nor is it more like this"
    assert status(client, note.get_absolute_url()) == 200
    assert listed(client.get("/@bob/")) == [own.pk]
    assert set(listed(client.get("/@alice/"))) == {note.pk, other.pk}, "her own page shows them all the same"
    assert note.pk in listed(signed_in(charlie).get("/"))
    assert note.pk in listed(signed_in(None).get("/"))


def test_comments_leave_and_the_number_stays(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    make_comment(charlie, note, "The butler did it", parent=make_comment(alice, note, "Who was it"))
    make_comment(bob, note, "I knew of the butler")
    said = words(muting(bob, "butler").get(note.get_absolute_url()))
    assert "The butler did it" not in said
    assert "I knew of the butler" in said
    assert "3 comments" in said
    assert "Some comments are not shown." in said
    assert "The butler did it" in words(signed_in(alice).get(note.get_absolute_url()))


def test_ones_shelf_keeps_what_one_put_there(alice: User, bob: User) -> None:
    """Saved notes are there on purpose: neither a muted word nor a muted person takes them away."""
    note = make_note(alice, "Spoilers within")
    collect(person=bob, note=note)
    client = muting(bob, "spoilers")
    client.post("/@alice/mute/")
    assert listed(client.get("/@bob/collections/")) == [note.pk]
    assert listed(client.get("/")) == []


def test_pages_are_full_or_go_on(alice: User, charlie: User) -> None:
    """Each page looks at so many rows and no more; together they show everything once."""
    now = timezone.now()
    times = [now - timedelta(minutes=number // 3) for number in range(REACH * PAGE_SIZE * 2)]
    Note.objects.bulk_create(
        Note(
            author=alice,
            title="Kept" if number % 40 == 7 else "Butler",
            status="published",
            published_at=time,
        )
        for number, time in enumerate(times)
    )
    kept = list(Note.objects.filter(title="Kept").order_by("-published_at", "-pk"))
    muting(charlie, "butler")
    seen, after, sizes = [], "", []
    while after or not sizes:
        page = lists.latest(charlie, after)
        seen, after, sizes = seen + page.rows, page.after, [*sizes, len(page.rows)]
    assert seen == kept
    assert sizes == [2, 2]
    muting(charlie, "kept")
    assert len(lists.latest(charlie).rows) == PAGE_SIZE
    client = muting(charlie, "butler", "kept")
    page = client.get("/?sort=latest")
    assert "More notes" in page.text, "an empty page that goes on is no end"
    assert "The first page is blank" not in page.text


def test_who_mutes_nothing_pays_nothing(alice: User, charlie: User) -> None:
    make_note(alice)
    asked = {}
    for muted in ((), ("butler",)):
        muting(charlie, *muted)
        with CaptureQueriesContext(connection) as queries:
            lists.latest(charlie)
        asked[muted] = [query["sql"] for query in queries]
    assert "normalize" not in "".join(asked[()])
    assert "normalize" in "".join(asked[("butler",)])
    assert len(asked[()]) == 2
    assert len(asked[("butler",)]) == 3, "a short page asks how far it looked"


def test_a_hundred_words_with_bounds_are_one_search(alice: User, bob: User) -> None:
    inside = [chr(0x4E00 + place) for place in range(1100)]
    bob.muted_words = [f"a{''.join(inside[11 * place : 11 * place + 11])}b" for place in range(100)]
    bob.save()
    note = make_note(alice, "Nothing of it")
    began = monotonic()
    assert listed(signed_in(bob).get("/")) == [note.pk]
    assert monotonic() - began < 2
