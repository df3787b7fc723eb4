"""Explore in the database: what an epoch freezes, and the pages of a visit, which neither repeat nor skip notes."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.compose.tagging import tags_named
from notes.explore import affinities, epochs, order, ranking
from notes.explore.epochs import write_epoch
from notes.explore.scope import EVERYTHING, Scope
from notes.feeds import lists
from notes.models import Epoch, EpochScope, Note, TaggedNote
from notes.reactions.actions import collect, like, unlike
from notes.tasks import write_epoch as job
from people.actions.blocks import block, mute
from people.actions.follows import follow, unfollow
from profiles.models import User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in
from tests.markup import listed, main_html, words
from tests.notes.readers.recorded import make_readers

VISITOR = AnonymousUser()


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


def epoch(**earlier: float) -> Epoch:
    """Written now, or as it would have been some time ago."""
    made_at = ago(**earlier)
    write_epoch(made_at=made_at)
    return Epoch.objects.get(made_at=made_at)


def titles(viewer: object, scope: Scope = EVERYTHING) -> list[str]:
    return [note.title for note in lists.explore(viewer, scope=scope).rows]


def many(author: User, number: int, **fields: object) -> list[Note]:
    """Notes an hour old and older, the first the newest."""
    moment = ago(hours=1)
    return Note.objects.bulk_create(
        Note(
            author=author,
            title=f"Note {place}",
            status="published",
            published_at=moment - place * timedelta(minutes=7),
            **fields,
        )
        for place in range(number)
    )


def more_of(response: object) -> str:
    found = re.search(r'href="([^"]*)"\s+rel="next nofollow"', main_html(response))
    return unescape(found[1]) if found else ""


def test_an_epoch_freezes_readers_quality_and_freshness(alice: User, bob: User) -> None:
    campus = make_campus()
    read = make_note(alice, tags=["tea", "rain"], campus=campus, published_at=ago(hours=48))
    unread = make_note(bob, published_at=ago(hours=1))
    for kept_out in ({"visibility": "followers"}, {"hidden_at": ago(hours=1)}, {"status": "processing"}):
        make_note(alice, tags=["tea"], campus=campus, published_at=ago(hours=2), **kept_out)
    make_readers(read, 40, engaged=30)
    written = epoch()
    tea, rain = tags_named(["tea", "rain"])
    (first, second) = sorted(order.candidates(written, EVERYTHING))
    assert first[:4] == (read.pk, alice.pk, campus.pk, (tea.pk, rain.pk)), (
        "topics in the order they were named"
    )
    assert (first.quality, first.among, first.readers) == (0.5, 0, 40), (
        "two alike: all answer at the mean rate"
    )
    assert first.freshness == pytest.approx(0.5, abs=1e-3)
    assert (second.note, second.readers, written.unread_quality) == (unread.pk, 0, 0.5)
    names = set(EpochScope.objects.values_list("name", flat=True))
    assert names == {"all", f"campus-{campus.pk}", f"topic-{tea.pk}", f"topic-{rain.pk}"}
    make_readers(read, 70)
    assert next(iter(order.candidates(written, Scope(campus=campus.pk)))).readers == 40


def test_it_is_bounded_and_two_are_kept(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epochs, "CONSIDERED", 8)
    monkeypatch.setattr(epochs, "CANDIDATES", 5)
    notes = many(alice, 10)
    make_readers(notes[0], 120)
    first = epoch(minutes=30)
    assert {each.note for each in order.candidates(first, EVERYTHING)} == {note.pk for note in notes[1:6]}
    write_epoch(made_at=first.made_at)
    second, job_at = epoch(minutes=20), int(timezone.now().timestamp())
    assert list(Epoch.objects.kept()) == [second, first]
    for _again in range(2):
        job(timestamp=job_at)
    assert [each.made_at.timestamp() for each in Epoch.objects.kept()] == [job_at, second.made_at.timestamp()]
    assert not EpochScope.objects.filter(epoch=first.pk).exists()
    write_epoch(made_at=first.made_at)
    assert Epoch.objects.count() == 2, "a job that runs late takes no newer one's place"


def test_the_order_is_that_of_the_formula(alice: User, bob: User, charlie: User) -> None:
    mean = [make_note(person, "mean", published_at=ago(days=9)) for person in (alice, bob, charlie)]
    for note in mean:
        make_readers(note, 100, engaged=10)
    loved, fresh = (
        make_note(person, title, published_at=ago(**age))
        for person, title, age in ((alice, "loved", {"days": 9}), (bob, "fresh", {"hours": 1}))
    )
    make_readers(loved, 100, engaged=60)
    make_readers(fresh, 100, engaged=10)
    epoch()
    assert titles(VISITOR)[:2] == ["fresh", "loved"]
    assert titles(VISITOR)[2:] == ["mean"] * 3


def test_followers_and_payment_raise_nothing(alice: User, bob: User) -> None:
    moment = ago(hours=5)
    plain = make_note(alice, published_at=moment)
    paid = make_note(bob, published_at=moment, disclosure="paid", partner="Leaf Tea")
    User.objects.filter(pk=bob.pk).update(follower_count=100_000)
    one, other = sorted(order.candidates(epoch(), EVERYTHING))
    assert (one.note, other.note) == (plain.pk, paid.pk)
    assert ranking.parts(one, ranking.NO_TASTE) == ranking.parts(other, ranking.NO_TASTE)


def test_what_one_answers_to_follows_declares_and_where_one_is_counts(alice: User, bob: User) -> None:
    here, dana = make_campus(), make_person("dana")
    old = {"published_at": ago(days=20)}
    tea, film, near, plain = (
        make_note(dana, title, tags=[title], **old) for title in ("tea", "film", "near", "plain")
    )
    Note.objects.filter(pk=near.pk).update(campus=here)
    liked = make_note(alice, tags=["tea"], visibility="followers")
    like(person=bob, note=liked)
    make_label(alice, "Film on campus", topics=["film"])
    taste = affinities.taste_of(bob.pk, here.pk, timezone.now())
    keys = {tag.name: tag.pk for tag in tags_named(["tea", "film"])}
    assert taste.topics == pytest.approx({keys["tea"]: 0.7071, keys["film"]: 0.7071}, abs=1e-3)
    assert (taste.follows, taste.campus) == ({alice.pk}, here.pk)
    collect(person=bob, note=liked)
    bob.campus = here
    bob.save()
    epoch()
    assert titles(bob) == ["tea", "film", "near", "plain"]
    make_label(bob, "Film too", topics=["film"])
    follow(follower=bob, followed=dana)
    assert titles(bob) == ["tea", "film", "near", "plain"], "all is as it was at the epoch"
    epoch()
    assert titles(bob)[:2] == ["film", "tea"]
    assert titles(VISITOR) == [note.title for note in (plain, near, film, tea)]


def forget() -> None:
    """As another process begins, which has looked at nothing yet."""
    for kept in (order._order, order._candidates, affinities.taste_of):
        kept.cache_clear()


def test_a_visit_meets_every_note_once_whatever_happens_meanwhile(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty candidates in an order of Bob's, thirty notes beyond; each page is given by another process."""
    monkeypatch.setattr(epochs, "CANDIDATES", 60)
    (tea,) = tags_named(["tea"])
    notes = many(alice, 45) + many(make_person(), 45)
    TaggedNote.objects.bulk_create(TaggedNote(content_object=note, tag=tea) for note in notes[::3])
    like(person=bob, note=notes[0])
    epoch(minutes=1)
    browser, met, address = signed_in(bob), [], "/"
    news = make_note(make_person(), "Just now")
    gone = None
    while address:
        response = browser.get(address)
        page = listed(response)
        met += page
        address = more_of(response) and f"/{more_of(response)}"
        if gone is None:
            gone = next(note for note in notes[1:] if note.pk not in met)
            Note.objects.filter(pk=gone.pk).update(visibility="private")
            like(person=bob, note=next(note for note in notes if note.pk not in met))
            make_readers(notes[30], 99, engaged=99)
            make_note(make_person(), "Later still")
            epoch()
        forget()
    assert len(met) == len(set(met))
    assert set(met) == {news.pk, *(note.pk for note in notes)} - {gone.pk}
    assert response.wsgi_request.path == "/"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_visit_of_an_epoch_that_is_gone_begins_again_and_says_so(alice: User, htmx: bool) -> None:
    many(alice, 30)
    epoch(minutes=20)
    address = f"/{more_of(Client().get('/'))}"
    epoch(minutes=10)
    assert "Explore was refreshed" not in words(Client().get(address))
    epoch()
    response = Client().get(address, headers={"HX-Request": "true"} if htmx else {})
    assert "Explore was refreshed" in response.text
    if htmx:
        assert listed(response) == []
        assert 'href="/"' in response.text
    else:
        assert listed(response) == listed(Client().get("/"))


def test_taking_back_an_answer_begins_again_where_it_changes_the_order(alice: User, bob: User) -> None:
    notes = many(alice, 30)
    notes[29].tags.set(tags_named(["tea"]))
    answered = make_note(bob, tags=["tea"], visibility="private")
    like(person=bob, note=answered)
    epoch()
    browser = signed_in(bob)
    address = f"/{more_of(browser.get('/'))}"
    unlike(person=bob, note=answered)
    assert "back at the top" not in browser.get(address).text, "this process remembers"
    forget()
    assert "back at the top" in browser.get(address).text
    visitors = Client().get(address)
    assert "back at the top" in visitors.text, "another's order"


def test_a_cursor_that_was_not_given_starts_at_the_top(alice: User) -> None:
    many(alice, 60)
    epoch()
    top = Client().get("/")
    cursor = more_of(top).partition("=")[2]
    make_label(alice, "Tea person", topics=["tea"])
    for forged in ("x", "all.1.1.24.", cursor.replace(".24.", ".48."), cursor[:-1]):
        response = Client().get(f"/?after={forged}")
        assert listed(response) == listed(top), forged
        assert "back at the top" not in response.text
    assert Client().get(f"/?channel=tea&after={cursor}").status_code == 200


def test_new_notes_are_met_at_once_and_one_s_own_before_all(bob: User) -> None:
    many(bob, 3)
    many(make_person(), 2)
    epoch(minutes=5)
    signed_in(bob).post("/notes/new/", {"title": "of Bob", "tags": "tea", "action": "publish"})
    for _ in range(order.ARRIVALS):
        make_note(make_person(), "by a new author")
    assert titles(bob)[0] == "of Bob"
    assert titles(VISITOR).count("by a new author") == order.ARRIVALS
    assert "of Bob" not in titles(VISITOR), "one of five, and the fourth of Bob’s"
    (tea,) = tags_named(["tea"])
    assert titles(VISITOR, Scope(topic=tea.pk)) == ["of Bob"]
    Note.objects.filter(title="of Bob").update(hidden_at=timezone.now())
    assert "of Bob" not in titles(bob)


def test_a_blocked_or_muted_author_is_gone_at_the_next_request(alice: User, bob: User, charlie: User) -> None:
    for author in (alice, charlie):
        make_note(author, f"of {author.handle}", published_at=ago(hours=1))
    epoch()
    mute(muter=bob, muted=alice)
    assert titles(bob) == ["of charlie"]
    block(blocker=charlie, blocked=bob)
    assert titles(bob) == []
    unfollow(follower=bob, followed=alice)
    assert sorted(titles(VISITOR)) == ["of alice", "of charlie"]


def test_a_page_that_would_be_empty_is_left_out(alice: User, bob: User, charlie: User) -> None:
    many(charlie, 24)
    old = many(alice, 3)
    Note.objects.filter(author=alice).update(published_at=ago(days=40))
    epoch()
    assert {note.pk for note in old} & set(listed(Client().get("/"))), "spread by author"
    Note.objects.filter(author=charlie).update(visibility="private")
    assert sorted(note.pk for note in lists.explore(VISITOR).rows) == sorted(note.pk for note in old)


def test_a_campus_and_a_channel_have_candidates_of_their_own(alice: User) -> None:
    here, (tea,) = make_campus(), tags_named(["tea"])
    make_note(alice, "here", campus=here, published_at=ago(hours=1))
    make_note(alice, "tea", tags=["tea"], published_at=ago(hours=1))
    epoch()
    assert titles(VISITOR, Scope(campus=here.pk)) == ["here"]
    assert titles(VISITOR, Scope(topic=tea.pk)) == ["tea"]
    assert listed(Client().get("/?channel=tea")) == [Note.objects.get(title="tea").pk]


def test_without_a_worker_for_an_hour_notes_come_newest_first(alice: User) -> None:
    unread = make_note(alice, "new to all", published_at=ago(days=2))
    make_readers(make_note(alice, "newer, read", published_at=ago(days=1)), 100)
    epoch(minutes=61)
    assert titles(VISITOR) == ["newer, read", "new to all"]
    epoch()
    assert titles(VISITOR)[0] == unread.title


def test_a_page_asks_little_once_its_epoch_is_known(alice: User, bob: User) -> None:
    many(alice, 30)
    epoch()
    for client, number in ((Client(), 6), (signed_in(bob), 9)):
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        assert len(queries) == number, (
            "epochs, what came since, cards, curated channels, others, labels; session, person, reactions"
        )
