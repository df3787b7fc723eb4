"""The channel bar of Explore: its topics, Latest as a stored choice, and the viewer's campus."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.explore import channels
from notes.explore.epochs import write_epoch
from notes.models import Note, NoteReader
from profiles.models import User
from tests.builders import make_campus, make_note, make_person, signed_in
from tests.markup import listed, main_html

VISITOR = AnonymousUser()


def names(viewer: object) -> list[str]:
    return [topic.name for topic in channels.bar(viewer).topics]


def tabs(client: Client, address: str) -> dict[str, str]:
    """The words of the bar and where they lead; the current one is marked with *."""
    bar = re.search(r'<nav class="tabs.*?</nav>', main_html(client.get(address)), re.DOTALL)
    links = re.findall(r'<a\s+href="([^"]*)"([^>]*)>(?:<bdi>)?([^<]*)(?:</bdi>)?</a>', bar[0]) if bar else []
    return {
        ("*" if "aria-current" in more else "") + unescape(words): unescape(to) for to, more, words in links
    }


def engage(note: Note, people: int, days_ago: int) -> None:
    today = timezone.localdate()
    NoteReader.objects.bulk_create(
        NoteReader(
            note=note,
            person=make_person(),
            first_seen_day=today - timedelta(days=days_ago),
            source="explore",
            engaged_day=today - timedelta(days=days_ago),
        )
        for _ in range(people)
    )


def test_topics_posted_most_come_first(alice: User) -> None:
    for number in range(3):
        make_note(alice, tags=["深夜食堂", *(["tea"] if number else [])])
    make_note(alice, tags=["private thing"], visibility="private")
    make_note(alice, tags=[f"rare {number}" for number in range(10)])
    assert names(VISITOR)[:2] == ["深夜食堂", "tea"]
    assert len(names(VISITOR)) == channels.CHANNELS
    assert "private thing" not in names(VISITOR)
    address = tabs(Client(), "/")["深夜食堂"]
    assert "*深夜食堂" in tabs(Client(), address)


def test_topics_that_people_answer_now_come_first(alice: User) -> None:
    answered = make_note(alice, tags=["tea"])
    make_note(alice, tags=["posted"])
    make_note(alice, tags=["posted"])
    engage(answered, 2, days_ago=channels.RECENT_DAYS)
    assert names(VISITOR) == ["posted", "tea"], "what was answered long ago is no longer counted"
    engage(answered, 2, days_ago=channels.RECENT_DAYS - 1)
    assert names(VISITOR) == ["tea", "posted"]


def test_a_campus_brings_its_topics_and_its_tab(alice: User, charlie: User) -> None:
    here = make_campus("清华大学")
    for _ in range(3):
        make_note(charlie, tags=["everywhere", "often"])
    note = make_note(alice, tags=["on campus"], campus=here)
    assert names(charlie) == ["everywhere", "often", "on campus"]
    charlie.campus = here
    charlie.save()
    assert names(charlie) == ["everywhere", "on campus", "often"], "one of all, then one of the campus"
    browser = signed_in(charlie)
    address = tabs(browser, "/")["My campus"]
    assert address == here.get_absolute_url()
    assert listed(browser.get(address)) == [note.pk]
    assert "*My campus" in tabs(browser, address)
    for other in (Client(), signed_in(alice)):
        assert "My campus" not in tabs(other, "/")
        assert not tabs(other, address)
    assert not tabs(browser, make_campus("Another").get_absolute_url())


@pytest.mark.usefixtures("cached")
def test_the_bar_is_asked_for_once_a_minute(alice: User) -> None:
    alice.campus = make_campus()
    alice.save()
    make_note(alice, tags=["tea"], campus=alice.campus)
    with CaptureQueriesContext(connection) as asked:
        assert names(alice) == names(alice) == ["tea"]
    assert len(asked) == 4


def test_latest_is_kept_until_for_you_is_chosen(alice: User) -> None:
    now = timezone.now()
    older = make_note(alice, published_at=now - timedelta(hours=2))
    newer = make_note(alice, published_at=now - timedelta(hours=1))
    for note, engaged_day in ((older, now), (newer, None)):
        NoteReader.objects.create(
            note=note, person=make_person(), first_seen_day=now, source="explore", engaged_day=engaged_day
        )
    write_epoch(made_at=now)
    browser = Client()
    best, latest = [older.pk, newer.pk], [newer.pk, older.pk]
    assert listed(browser.get("/")) == best
    assert "sort" not in browser.cookies, "nothing is kept of who chose nothing"
    assert listed(browser.get(tabs(browser, "/")["Latest"])) == latest
    assert listed(browser.get("/")) == latest
    assert "*Latest" in tabs(browser, "/")
    assert listed(browser.get("/?sort=nonsense")) == best
    assert listed(browser.get("/")) == latest
    assert listed(browser.get(tabs(browser, "/")["For you"])) == best
    assert listed(browser.get("/")) == best
    assert "*For you" in tabs(browser, "/")


def test_that_latest_is_kept_is_said_once(alice: User) -> None:
    make_note(alice, tags=["tea"])
    browser, said = Client(), "Explore opens with Latest in this browser from now on."
    for path, is_said in (
        ("/", False),
        ("/?channel=tea&sort=latest", False),
        ("/?sort=latest", True),
        ("/?sort=latest", False),
        ("/", False),
        ("/?sort=best", False),
        ("/?sort=latest", True),
    ):
        assert (said in browser.get(path).text) is is_said, path


def test_the_next_page_of_latest_says_so(alice: User) -> None:
    for _ in range(30):
        make_note(alice, tags=["tea"])
    browser = Client()
    browser.get("/?sort=latest")
    more = re.search(r'href="(\?[^"]*)"\s+rel="next nofollow"', main_html(browser.get("/")))
    assert len(listed(Client().get(f"/{unescape(more[1])}"))) == 6, "in another browser too"


def test_a_channel_has_its_own_order(alice: User) -> None:
    make_note(alice, tags=["tea"])
    browser = Client()
    browser.get("/?channel=tea&sort=latest")
    assert "sort" not in browser.cookies
    browser.get("/?sort=latest")
    assert 'href="/?channel=tea" aria-current="true"' in re.sub(
        r"\s+", " ", browser.get("/?channel=tea").text
    )


def test_an_epoch_asks_once_for_the_channels_of_all_campuses(alice: User) -> None:
    campuses = [make_campus(f"Campus {number}") for number in range(4)]
    for number, campus in enumerate(campuses[:3]):
        for _ in range(number + 1):
            make_note(alice, tags=[f"tag {number}", "tea"], campus=campus)
    pks = [campus.pk for campus in campuses]
    assert channels.busiest_on(pks) == {topic.pk for pk in pks for topic in channels.busiest(pk)}
    assert channels.busiest_on([]) == set()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            write_epoch(made_at=timezone.now())
        return len(queries)

    few = asked()
    for number in range(4, 12):
        make_note(alice, tags=[f"tag {number}"], campus=make_campus(f"Campus {number}"))
    assert asked() == few
