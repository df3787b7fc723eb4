"""The language of a note: detected when it is saved, declared to browsers, and chosen by viewers."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.languages import NAMES
from notes.compose.languages import STEP, read_languages
from notes.compose.tagging import tags_named
from notes.explore.channel_actions import save_channel
from notes.explore.epochs import write_epoch
from notes.explore.order import order_for
from notes.explore.scope import EVERYTHING, Scope
from notes.feeds import lists
from notes.models import Channel, Epoch, Note
from profiles.models import User
from tests.builders import make_campus, make_note, make_person, signed_in
from tests.markup import listed

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()
ENGLISH, CHINESE = "The table by the window, and why it is mine", "靠窗的那张桌子"
SETTINGS = "/settings/languages/"


@pytest.fixture
def reader(db: None) -> User:
    return make_person("reader", languages=["zh"])


def test_it_is_found_over_title_and_story_when_a_note_is_saved(alice: User) -> None:
    browser = signed_in(alice)
    words = {"title": "OOTD", "body": CHINESE, "visibility": "public", "disclosure": "none"}
    browser.post("/notes/new/", words | {"action": "publish"})
    note = Note.objects.get()
    assert (note.status, note.language) == ("published", "zh")
    browser.post(f"/notes/{note.pk}/edit/", words | {"body": ENGLISH, "action": "publish"})
    note.refresh_from_db()
    assert note.language == "en"
    browser.post(f"/notes/{note.pk}/edit/", words | {"body": "", "action": "publish"})
    note.refresh_from_db()
    assert note.language == ""


def test_notes_that_are_there_are_read_in_steps(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [make_note(alice, title) for title in (ENGLISH, CHINESE, "Matcha", ENGLISH)]
    Note.objects.update(language="")
    Note.objects.filter(pk=notes[2].pk).update(language="fr")
    deferred: list[int] = []
    monkeypatch.setattr("notes.compose.languages.defer", lambda job, after: deferred.append(after))
    for _turn in range(2):  # again changes nothing
        read_languages(after=0)
        assert list(Note.objects.order_by("pk").values_list("language", flat=True)) == ["en", "zh", "", "en"]
    assert deferred == []
    monkeypatch.setattr("notes.compose.languages.STEP", 3)
    with CaptureQueriesContext(connection) as asked:
        read_languages(after=0)
    assert (deferred, STEP) == ([notes[2].pk], 200)
    assert len(asked) <= 4, "a savepoint and its end, one question, and nothing written that is so already"


def test_words_say_their_language(alice: User) -> None:
    note = make_note(alice, CHINESE, body="图书馆的窗边，下午四点的光。")
    pictured = make_note(alice, ENGLISH, photos=1)
    make_note(alice, "Matcha")
    page = Client().get(f"/notes/{note.pk}/").text
    assert re.search(r'<h1[^>]*>\s*<span[^>]* lang="zh"', page)
    assert re.search(r'<h1[^>]* lang="en"', Client().get(f"/notes/{pictured.pk}/").text)
    assert re.search(r'<div\s+class="prose"\s+lang="zh"', page)
    cards = Client().get("/?sort=latest").text
    for pk, language in ((note.pk, "zh"), (pictured.pk, "en")):
        assert re.search(rf'href="/notes/{pk}/"[^>]* lang="{language}"', cards)
    assert len(re.findall(r' lang="', cards)) - len(re.findall(r'<(?:html|button)[^>]* lang="', cards)) == 2


def everything(alice: User) -> dict[str, Note]:
    made = {"en": ENGLISH, "zh": CHINESE, "": "Matcha"}
    campus = make_campus()
    authors = iter((alice, make_person(), make_person()))  # Explore gives one author two places in twenty
    return {key: make_note(next(authors), title, tags=["tea"], campus=campus) for key, title in made.items()}


LISTS = ["/?sort=latest", "/?sort=best", "/?channel=tea", "/?channel=tea&sort=latest", "/tags/tea/"]
LISTS += ["/?channel=food-美食", "/?channel=food-美食&sort=latest"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("epoch", ["before", "after", "none"])
def test_lists_show_what_one_reads(alice: User, reader: User, path: str, epoch: str) -> None:
    save_channel(channel=Channel(en="Food", zh="美食"), tags=tags_named(["tea"]))
    if epoch == "before":
        write_epoch(made_at=timezone.now())
    notes = everything(alice)
    own = make_note(reader, ENGLISH, tags=["tea"])
    if epoch == "after":
        write_epoch(made_at=timezone.now())
    everybody = {note.pk for note in notes.values()} | {own.pk}
    assert set(listed(Client().get(path))) == set(listed(signed_in(alice).get(path))) == everybody
    page = signed_in(reader).get(path)
    assert set(listed(page)) == {notes["zh"].pk, notes[""].pk, own.pk}
    assert re.search(r'Notes in\s+<bdi lang="zh">中文</bdi>', page.text)
    assert "Change languages" not in signed_in(alice).get(path).text


def test_other_lists_are_whole(alice: User, reader: User) -> None:
    notes = everything(alice)
    page = signed_in(reader).get("/campuses/linhai-university/")
    assert set(listed(page)) == {note.pk for note in notes.values()}
    assert listed(signed_in(reader).get("/@alice/")) == [notes["en"].pk]
    assert signed_in(reader).get(f"/notes/{notes['en'].pk}/").status_code == 200


def test_a_choice_changes_no_score_and_fills_its_pages(alice: User) -> None:
    """The order of those who chose is the order of all others without what is in other languages."""
    now = timezone.now()
    for number in range(60):
        when = now - timezone.timedelta(hours=number + 1)
        make_note(make_person(), CHINESE if number % 3 else ENGLISH, published_at=when)
    write_epoch(made_at=now)
    epoch = Epoch.objects.get()
    one, other = make_person(), make_person(languages=["zh"])
    all_of_them, chosen = (order_for(viewer, epoch, EVERYTHING).ranked for viewer in (one, other))
    scores = {each.note: each.score for each in all_of_them}
    assert all(scores[each.note] == each.score for each in chosen)
    assert len(chosen) == 40
    page = lists.explore(other)
    assert len(page.rows) == 24
    rest = lists.explore(other, page.after)
    assert {note.language for note in (*page.rows, *rest.rows)} == {"zh"}
    assert len({note.pk for note in (*page.rows, *rest.rows)}) == 40


def test_going_on_reaches_every_note_of_a_rare_language(alice: User) -> None:
    for number in range(220):
        make_note(alice, CHINESE if number % 50 == 0 else ENGLISH)
    viewer, found, after = make_person(languages=["zh"]), [], ""
    for _page in range(3):
        page = lists.latest(viewer, after, EVERYTHING)
        found += [note.pk for note in page.rows]
        if not (after := page.after):
            break
    assert found == list(
        Note.objects.filter(language="zh").order_by("-published_at", "-pk").values_list("pk", flat=True)
    )


def test_a_choice_asks_at_most_one_question_more(alice: User, reader: User, bob: User) -> None:
    """Where the next page begins, after one that is not full; however many notes there are."""
    save_channel(channel=Channel(en="Food", zh="美食"), tags=tags_named(["tea"]))

    def asked(viewer: User, path: str) -> int:
        browser = signed_in(viewer)
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        return len(queries)

    for number in (1, 2):
        for _turn in range(number):
            everything(alice)
        for path in LISTS:
            assert asked(reader, path) - asked(bob, path) in {0, 1}


def test_languages_are_chosen_in_settings(alice: User) -> None:
    browser = signed_in(alice)
    assert "All languages" in browser.get("/settings/profile/").text
    page = browser.get(SETTINGS).text
    for code, name in NAMES.items():
        assert f'<bdi lang="{code}">{name}</bdi>' in page
    answer = browser.post(SETTINGS, {"languages": ["zh", "en", "zh"]})
    assert (answer.status_code, answer["Location"]) == (303, SETTINGS)
    alice.refresh_from_db()
    assert alice.languages == ["en", "zh"]
    assert re.search(r'value="zh"[^>]* checked', browser.get(SETTINGS).text)
    assert browser.post(SETTINGS, {"languages": ["xx"]}).status_code == 422
    assert browser.post(SETTINGS, {}).status_code == 303
    alice.refresh_from_db()
    assert alice.languages == []
    assert Client().get(SETTINGS).status_code == 302
    seen = re.findall(r'name="seen" value="(\w+)"', browser.get(SETTINGS).text)[0]
    User.objects.filter(pk=alice.pk).update(languages=["fr"])
    answer = browser.post(SETTINGS, {"languages": ["zh"], "seen": seen})
    assert answer.status_code == 409, "another window chose something else"
    alice.refresh_from_db()
    assert alice.languages == ["fr"]


def test_moderators_list_notes_by_language(mona: User, alice: User, bob: User) -> None:
    notes = everything(alice)
    make_note(bob, CHINESE, visibility="private", hidden_at=timezone.now())
    browser = signed_in(mona)

    def rows(asked: str) -> set[Any]:
        return set(browser.get(f"/admin/notes/note/?written_in={asked}").context["cl"].result_list)

    assert rows("zh") == {notes["zh"]}, "none whose words are told to those alone who open it"
    assert rows("unknown") == {notes[""]}
    assert "中文" in browser.get(f"/admin/notes/note/{notes['zh'].pk}/change/").text
    assert Scope().name == "all"
