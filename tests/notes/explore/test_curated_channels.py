"""Curated channels: several tags under one name in each language, which moderators edit."""

import re
from collections.abc import Sequence
from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import Page
from notes.compose.tagging import tags_named
from notes.explore import channels
from notes.explore.channel_actions import save_channel
from notes.explore.epochs import write_epoch
from notes.explore.scope import Scope
from notes.explore.why import explain
from notes.feeds import lists
from notes.models import Channel, Epoch, EpochScope, Note
from notes.tags import hide_tag, merge_tag
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.markup import listed, main_html

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()
ADMIN = "/admin/notes/channel/"


def make_channel(en: str, zh: str, tags: Sequence[str], **fields: int) -> Channel:
    channel = Channel(en=en, zh=zh, **fields)
    save_channel(channel=channel, tags=tags_named(list(tags)))
    return Channel.objects.with_tags().get(pk=channel.pk)


@pytest.fixture
def food(db: None) -> Channel:
    return make_channel("Food", "美食", ["tea", "cake", "甜点"], position=1)


def row(client: Client, address: str = "/") -> dict[str, str]:
    """The words of the row and where they lead; the current one is marked with *."""
    bar = re.search(r'<nav class="tabs.*?</nav>', main_html(client.get(address)), re.DOTALL)
    links = re.findall(r'<a\s+href="([^"]*)"([^>]*)>(?:<bdi>)?([^<]*)(?:</bdi>)?</a>', bar[0]) if bar else []
    return {
        ("*" if "aria-current" in more else "") + unescape(words): unescape(to) for to, more, words in links
    }


def test_the_row_has_curated_channels_first_and_the_busiest_tags_after(alice: User, food: Channel) -> None:
    study = make_channel("Study", "学习", ["exams"], position=0)
    make_note(alice, tags=["tea", "exams"])
    make_note(alice, tags=["tea", *(f"rare {number}" for number in range(9))])
    make_note(alice, tags=[f"rarer {number}" for number in range(9)])
    english, chinese = row(Client()), row(Client(headers={"Accept-Language": "zh-hans"}))
    assert list(english)[2:4] == ["Study", "Food"]
    assert list(chinese)[2:4] == ["学习", "美食"]
    assert len(english) == 2 + channels.CHANNELS
    assert {"tea", "exams"}.isdisjoint(english)
    assert english["Food"] == chinese["美食"] == food.get_absolute_url()
    assert "*Food" in row(Client(), food.get_absolute_url())
    assert "tea" in [topic.name for topic in channels.bar(VISITOR).topics], (
        "where tags are offered for a note"
    )
    Channel.objects.filter(pk=study.pk).update(is_shown=False)
    assert "exams" in row(Client()), "which no channel of the row holds any more"
    assert Client().get(study.get_absolute_url()).status_code == 404


def test_its_address_is_read_in_both_languages_and_stays(alice: User, food: Channel) -> None:
    assert food.slug == "food-美食"
    note = make_note(alice, tags=["tea"])
    food.en = "Eating"
    save_channel(channel=food, tags=tags_named(["tea"]))
    assert listed(Client().get("/?channel=food-美食")) == [note.pk]
    assert "<title>Eating" in re.sub(r">\s+", ">", Client().get("/?channel=food-美食").text)


def through(turn: object, viewer: object, scope: Scope) -> list[int]:
    """The notes of all pages."""
    found: list[int] = []
    page: Page[Note] = turn(viewer, "", scope)  # type: ignore[operator]
    while True:
        found += [note.pk for note in page.rows]
        if not page.after:
            return found
        page = turn(viewer, page.after, scope)  # type: ignore[operator]


@pytest.mark.parametrize("has_epoch", [True, False])
def test_each_note_is_listed_once_through_all_pages(alice: User, food: Channel, has_epoch: bool) -> None:
    now = timezone.now()
    moments = [now - timezone.timedelta(hours=number // 3) for number in range(60)]
    notes = [
        make_note(make_person(), tags=["tea", "cake"] if number % 2 else ["甜点"], published_at=moment)
        for number, moment in enumerate(moments)
    ]
    make_note(alice, tags=["other"])
    make_note(alice, tags=["tea"], visibility="private")
    newest = [note.pk for note in sorted(notes, key=lambda note: (note.published_at, note.pk), reverse=True)]
    scope = Scope.of(food)
    assert through(lists.latest, VISITOR, scope) == newest
    if has_epoch:
        write_epoch(made_at=now)
    assert sorted(through(lists.explore, VISITOR, scope)) == sorted(newest)


def test_it_is_ranked_and_explained_as_a_tag_is(alice: User, bob: User, food: Channel) -> None:
    now = timezone.now()
    old = make_note(alice, tags=["tea"], published_at=now - timezone.timedelta(days=5))
    new = make_note(bob, tags=["cake"], published_at=now - timezone.timedelta(days=1))
    make_note(bob, tags=["other"], published_at=now)
    write_epoch(made_at=now)
    scope = EpochScope.objects.get(name=f"channel-{food.pk}")
    assert [row[0] for row in scope.candidates] == [new.pk, old.pk]
    assert not EpochScope.objects.filter(name__startswith="topic-", candidates__0__0__in=[old.pk]).exists()
    browser = Client()
    assert listed(browser.get(food.get_absolute_url())) == [new.pk, old.pk]
    EpochScope.objects.exclude(pk=scope.pk).delete()  # where no other list has it
    explained = explain(VISITOR, old)
    assert (explained.place, explained.epoch) == ("ranked", Epoch.objects.get())
    arrived = make_note(alice, tags=["甜点"])
    assert arrived.pk in listed(browser.get(food.get_absolute_url()))


def test_hidden_and_merged_tags_are_heeded(alice: User, food: Channel) -> None:
    tea, cake, biscuit = tags_named(["tea", "cake", "biscuit"])
    of_tea, of_cake = make_note(alice, tags=["tea"]), make_note(alice, tags=["cake"])
    browser = Client()
    hide_tag(tag=tea, is_hidden=True)
    assert listed(browser.get(f"{food.get_absolute_url()}&sort=latest")) == [of_cake.pk]
    merge_tag(tag=cake, into=biscuit)
    later = make_note(alice, tags=["biscuit"])
    assert listed(browser.get(f"{food.get_absolute_url()}&sort=latest")) == [later.pk, of_cake.pk]
    hide_tag(tag=biscuit, is_hidden=True)
    assert "Food" not in row(browser)
    hide_tag(tag=tea, is_hidden=False)
    assert "Food" in row(browser)
    assert listed(browser.get(f"{food.get_absolute_url()}&sort=latest")) == [of_tea.pk]


def test_an_empty_one_is_not_offered_and_its_address_says_so(alice: User, food: Channel) -> None:
    make_note(alice, tags=["tea"], visibility="private")
    make_note(make_person(approves_followers=True), tags=["tea"], visibility="followers")
    assert "Food" not in row(Client())
    page = Client().get(food.get_absolute_url())
    assert (page.status_code, "No notes here yet" in page.text) == (200, True)
    assert make_channel("None", "无", []).get_absolute_url() not in row(Client()).values()


def test_one_whose_tags_are_all_muted_is_not_offered(alice: User, food: Channel) -> None:
    kept = make_note(alice, tags=["cake"])
    make_note(alice, tags=["tea"])
    reader = make_person(muted_words=["#tea"])
    assert "Food" in row(signed_in(reader))
    assert listed(signed_in(reader).get(f"{food.get_absolute_url()}&sort=latest")) == [kept.pk]
    assert "Food" not in row(signed_in(make_person(muted_words=["#tea", "#cake", "#甜点"])))


def test_more_tags_and_notes_ask_no_more(alice: User, food: Channel) -> None:
    make_note(alice, tags=["tea"])
    browser = Client()

    def asked() -> list[int]:
        numbers = []
        for sort in ("best", "latest"):
            with CaptureQueriesContext(connection) as queries:
                browser.get(f"{food.get_absolute_url()}&sort={sort}")
            numbers.append(len(queries))
        return numbers

    few = asked()
    save_channel(channel=food, tags=tags_named(["tea", *(f"tag {number}" for number in range(10))]))
    for number in range(10):
        make_note(make_person(), tags=["tea", f"tag {number}"])
    assert asked() == few


def test_moderators_edit_them(mona: User, alice: User) -> None:
    make_note(alice, tags=["tea", "green tea", "cake"])
    browser = signed_in(mona)
    words = {"en": "Food", "zh": "美食", "position": "2", "is_shown": "on", "tag_names": "Tea, #cake"}
    assert browser.post(f"{ADMIN}add/", words).status_code == 302
    channel = Channel.objects.with_tags().get()
    assert (channel.slug, sorted(channel.tag_names)) == ("food-美食", ["cake", "tea"])
    again = browser.post(f"{ADMIN}add/", words)
    assert (again.status_code, Channel.objects.count()) == (422, 1)
    page = f"{ADMIN}{channel.pk}/change/"
    assert "最多 20 个" in browser.get(page, headers={"Accept-Language": "zh-hans"}).text
    refused = browser.post(page, words | {"tag_names": "een te, no such thing"})
    assert refused.status_code == 422
    assert "Tags with that in their name: green tea" in refused.text
    assert "No tag is called “no such thing”." in refused.text
    assert (
        browser.post(page, words | {"en": "Eating", "tag_names": "tea", "position": "1"}).status_code == 302
    )
    channel = Channel.objects.with_tags().get()
    assert (channel.slug, channel.en, channel.tag_names, channel.position) == (
        "food-美食",
        "Eating",
        ["tea"],
        1,
    )
    assert browser.post(f"{ADMIN}{channel.pk}/delete/", {"post": "yes"}).status_code == 403
    for other in (signed_in(alice), signed_in(None)):
        assert other.post(page, words).status_code in {302, 404}
    assert Channel.objects.get().en == "Eating"


def test_another_window_is_not_overwritten_unseen(mona: User, alice: User, food: Channel) -> None:
    make_note(alice, tags=["tea", "cake"])
    browser, page = signed_in(mona), f"{ADMIN}{food.pk}/change/"
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(page).text)
    words = {"en": "Food", "zh": "美食", "position": "1", "is_shown": "on", "seen": seen[1] if seen else ""}
    save_channel(channel=food, tags=tags_named(["cake"]))
    assert browser.post(page, words | {"tag_names": "tea"}).status_code == 409
    assert Channel.objects.with_tags().get().tag_names == ["cake"]


def test_a_site_gets_a_first_set_of_the_tags_it_has(alice: User) -> None:
    first = import_module("notes.migrations.0031_first_channels")
    first.add_channels(apps, None)
    assert not Channel.objects.exists()
    make_note(alice, tags=["coffee", "咖啡", "自习", "canteen"])
    hide_tag(tag=tags_named(["canteen"])[0], is_hidden=True)
    for _turn in range(2):  # again changes nothing
        first.add_channels(apps, None)
        found = {channel.slug: set(channel.tag_names) for channel in Channel.objects.with_tags()}
        assert found == {"study-学习": {"自习"}, "coffee-咖啡": {"coffee", "咖啡"}}
