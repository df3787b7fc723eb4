"""Notes are found by what is typed, by those who may see them, in pages that fit together."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import PAGE_SIZE
from notes.models import Collect, Like, Note
from profiles.models import Block, Follow, Mute, User, Viewer
from search.asked import Asked
from search.documents.writing import write_due
from search.results import picking
from search.results.notes import Found, found
from tests.builders import make_campus, make_note, make_person

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
HOSTILE = [
    *(
        "",
        " ",
        "%",
        "_",
        "\\",
        "'",
        "''",
        '"',
        "&|!",
        ":*",
        "tea:*",
        "-tea",
        "!tea",
        "(tea",
        "tea | milk",
        "<->",
        "$$",
    ),
    *(
        "\x00",
        "tea\x00milk",
        "\ud800",
        "tea\udfff",
        "a" + "\u0301" * 200,
        "\u0301" * 200,
        "茶" * 5000,
        "tea " * 2000,
    ),
    *(
        "/p",
        "/a:1",
        "=tea",
        "'/p'",
        "/0:0",
        "'; DROP TABLE search_document; --",
        "%s",
        "%(query)s",
        "{seen}",
        "\u202etea",
    ),
]


def titles(viewer: Viewer, words: str, after: str = "", **filters: object) -> list[str]:
    return [note.title for note in found(viewer, Asked(words=words, **filters), after).page.rows]


def answer(viewer: Viewer, words: str) -> tuple[object, ...]:
    """Return all that an answer says."""
    answered: Found = found(viewer, Asked(words=words))
    page = answered.page
    return (
        [note.pk for note in page.rows],
        page.after,
        answered.is_newest_only,
        answered.is_part,
        answered.is_filled,
        answered.corrected,
    )


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_answered(alice: User, typed: str) -> None:
    make_note(alice, "Milk")
    for sort in ("relevance", "latest", "popular"):
        assert "Milk" not in titles(alice, typed, sort=sort) or "milk" in typed


@pytest.mark.parametrize(
    "typed", ["-tea", "!tea", "(tea", "'tea'", "tea:*", "TEA", "ｔｅａ", "téa", "tea%", "te"]
)
def test_signs_mean_nothing(alice: User, typed: str) -> None:
    make_note(alice, "Green tea")
    make_note(alice, "Coffee")
    write_due(seconds=5)
    assert titles(VISITOR, typed) == ["Green tea"]


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        *(
            ("图书", "图书馆闭馆"),
            ("書館", "图书馆闭馆"),
            ("图书馆", "圖書館裏"),
            ("圖書館裡", "圖書館裏"),
            ("馆", "图书馆闭馆"),
        ),
        *(
            ("running", "I run"),
            ("run", "Running late"),
            ("cafes", "Café"),
            ("wifi", "Wi-Fi"),
            ("wi-fi", "Free wifi"),
        ),
        *(("c++", "C++ 指针"), ("🍜", "🍜 面条"), ("won't", "Plants that won’t die"), ("8:00", "早八 8:00")),
    ],
)
def test_a_note_is_found_as_it_is_saved(alice: User, typed: str, by: str) -> None:
    make_note(alice, by)
    make_note(alice, "Nothing of it")
    assert titles(VISITOR, typed) == [by]


def test_tags_place_and_campus_are_found(alice: User) -> None:
    make_note(alice, "One", tags=["版画"], place="后山", campus=make_campus("临江大学", "杭州"))
    for typed in ("版画", "后山", "後山", "临江大学", "杭州", "杭州 版画"):
        assert titles(VISITOR, typed) == ["One"]


@pytest.mark.parametrize("typed", ["4-1", "4–1"])
def test_a_number_with_a_dash_is_no_longer_number(alice: User, typed: str) -> None:
    make_note(alice, "We lost 4–1")
    make_note(alice, "We lost 4-1 again")
    make_note(alice, "At 22:41")
    assert set(titles(VISITOR, typed)) == {"We lost 4–1", "We lost 4-1 again"}


def test_an_edited_note_is_found_by_what_it_says_now(alice: User) -> None:
    note = make_note(alice, "Coffee")
    note.title = "Tea"
    note.save()
    assert (titles(VISITOR, "coffee"), titles(VISITOR, "tea")) == ([], ["Tea"])
    note.delete()
    assert titles(VISITOR, "tea") == []


def test_each_viewer_finds_what_they_may_see(alice: User, bob: User, charlie: User, mona: User) -> None:
    for title, visibility in (
        ("Tea for all", "public"),
        ("Tea for some", "followers"),
        ("Tea for me", "private"),
    ):
        make_note(alice, title, visibility=visibility)
    make_note(alice, "Hidden tea", hidden_at=timezone.now())
    make_note(alice, "Draft tea", status="draft", published_at=None)
    every = {"Tea for all", "Tea for some", "Tea for me", "Hidden tea"}
    assert set(titles(alice, "tea")) == every
    assert set(titles(bob, "tea")) == {"Tea for all", "Tea for some"}
    for viewer in (VISITOR, charlie, mona):
        assert titles(viewer, "tea") == ["Tea for all"]


def test_people_who_approve_followers_leave_or_block_are_not_found(
    alice: User, bob: User, charlie: User
) -> None:
    make_note(alice, "Tea")
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    assert [titles(viewer, "tea") for viewer in (VISITOR, charlie, bob)] == [[], [], ["Tea"]]
    User.objects.filter(pk=alice.pk).update(approves_followers=False, suspended_at=timezone.now())
    assert titles(bob, "tea") == []
    User.objects.filter(pk=alice.pk).update(suspended_at=None)
    Block.objects.create(blocker=alice, blocked=charlie)
    assert (titles(charlie, "tea"), titles(VISITOR, "tea")) == ([], ["Tea"])
    Mute.objects.create(muter=bob, muted=alice)
    assert titles(bob, "tea") == []


def test_muted_words_leave_the_results(alice: User, charlie: User) -> None:
    for number in range(PAGE_SIZE):
        make_note(alice, f"Tea and biscuits {number}")
    make_note(alice, "Tea alone", published_at=timezone.now() - timedelta(days=900))
    charlie.muted_words = ["biscuits"]
    assert titles(charlie, "tea") == ["Tea alone"]
    charlie.muted_words = ["#green"]
    make_note(alice, "Tea leaves", tags=["green"])
    assert "Tea leaves" not in titles(charlie, "tea leaves")


def test_visibility_turned_while_somebody_searches(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    note = make_note(alice, "Tea")
    assert titles(VISITOR, "tea") == ["Tea"]
    real = picking.pick

    def turning(*args: object) -> object:
        picked = real(*args)
        Note.objects.filter(pk=note.pk).update(visibility="private")
        return picked

    monkeypatch.setattr("search.results.notes.pick", turning)
    assert titles(VISITOR, "tea") == []
    monkeypatch.undo()
    assert (titles(VISITOR, "tea"), titles(alice, "tea")) == ([], ["Tea"])


@pytest.mark.parametrize(
    "closed", [{"visibility": "private"}, {"visibility": "followers"}, {"hidden_at": timezone.now()}]
)
@pytest.mark.parametrize("typed", ["marmalade", "marmalade tea", "marmelade", "糖醋里脊", "糖醋里几", "tea"])
def test_an_answer_tells_nothing_of_closed_notes(
    alice: User, charlie: User, monkeypatch: pytest.MonkeyPatch, typed: str, closed: dict[str, object]
) -> None:
    now = timezone.now()
    monkeypatch.setattr("search.results.picking.timezone.now", lambda: now)
    for number in range(PAGE_SIZE + 1):
        make_note(alice, f"Tea {number}")
    before = [answer(viewer, typed) for viewer in (VISITOR, charlie)]
    author = make_person("closed")
    for _ in range(3):
        make_note(author, "Marmalade and tea 糖醋里脊", **closed)
    make_note(make_person("approving", approves_followers=True), "Marmalade and tea 糖醋里脊")
    after = [answer(viewer, typed) for viewer in (VISITOR, charlie)]
    assert after == before


def test_filters(alice: User, bob: User) -> None:
    campus = make_campus("临江大学", "杭州")
    old = timezone.now() - timedelta(days=60)
    make_note(alice, "Tea", campus=campus)
    make_note(alice, "Green tea", photos=1, published_at=old)
    make_note(make_person("writer"), "喝茶 tea，一天三次，坐下来慢慢喝")
    assert titles(VISITOR, "tea", campus=campus.pk) == ["Tea"]
    assert titles(VISITOR, "tea", photos=True) == ["Green tea"]
    assert titles(VISITOR, "tea", language="zh") == ["喝茶 tea，一天三次，坐下来慢慢喝"]
    assert set(titles(bob, "tea", followed=True)) == {"Tea", "Green tea"}
    assert titles(VISITOR, "tea", followed=True) == []
    assert "Green tea" not in titles(VISITOR, "tea", since=old + timedelta(days=1))


def test_notes_of_people_the_viewer_follows_in_pages(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make_note(alice, f"Tea {number}").title for number in range(PAGE_SIZE + 2)]
    make_note(make_person("stranger"), "Tea of others")
    make_note(alice, "Tea for one", visibility="private")
    for most in (picking.FOLLOWED_MAX, 0):
        monkeypatch.setattr(picking, "FOLLOWED_MAX", most)
        asked, shown = Asked(words="tea", followed=True, sort="latest"), []
        first = found(bob, asked).page
        make_note(alice, "Tea, later").delete()
        shown = [note.title for page in (first, found(bob, asked, first.after).page) for note in page.rows]
        assert shown == made[::-1]


def test_sorts(alice: User, bob: User) -> None:
    now = timezone.now()
    body = make_note(alice, "Something else", body="There is tea in it.", published_at=now)
    title = make_note(alice, "Tea", published_at=now - timedelta(days=9))
    liked = make_note(alice, "Milk tea, liked", published_at=now - timedelta(days=99))
    Like.objects.create(person=bob, note=liked)
    Collect.objects.create(person=bob, note=liked)
    assert titles(VISITOR, "tea")[0] == title.title
    assert titles(VISITOR, "tea", sort="latest") == [body.title, title.title, liked.title]
    assert titles(VISITOR, "tea", sort="popular")[0] == liked.title
    assert [note.liked for note in found(bob, Asked(words="tea", sort="popular")).page.rows] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("sort", ["relevance", "latest", "popular"])
def test_pages_fit_together_whatever_comes_meanwhile(alice: User, sort: str) -> None:
    made = [make_note(alice, f"Tea {number}").title for number in range(PAGE_SIZE * 2 + 3)]
    asked, after, shown = Asked(words="tea", sort=sort), "", []
    while True:
        answered = found(VISITOR, asked, after)
        shown += [note.title for note in answered.page.rows]
        after = answered.page.after
        if not after:
            break
        make_note(alice, "Tea")
    assert sorted(shown) == sorted(made)


@pytest.mark.parametrize(
    "after",
    [
        *("x", "0", "0.1.2.3", "9.1.1.1.1", "0.1.1.1.99999999999999999999", "-1.0.0.0.0", "3.1.1.1.1"),
        *(f"0.{2**63 - 1}.{2**63 - 1}.{2**63 - 1}.{moment}" for moment in (0, 2**55)),
    ],
)
def test_a_cursor_that_is_none_begins_at_the_top(alice: User, after: str) -> None:
    make_note(alice, "Tea")
    page = found(VISITOR, Asked(words="tea"), after).page
    assert [note.title for note in page.rows] in (["Tea"], [])
    assert page.begins_again == bool(page.rows)


def test_a_campus_is_found_by_its_short_form(alice: User) -> None:
    for name in ("临江大学", "青屿美术学院", "大连临海"):
        make_note(alice, f"食堂：{name[-2:]}", campus=make_campus(name))
    assert titles(VISITOR, "临大 食堂") == ["食堂：大学"]
    assert titles(VISITOR, "青屿美院") == ["食堂：学院"]
    assert titles(VISITOR, "临大 宿舍") == []


def test_where_nothing_has_all_of_it_most_of_it_is_enough(alice: User) -> None:
    make_note(alice, "宿舍限电，能用的小电器", body="低档吹风机可以用。")
    make_note(alice, "宿舍楼下的晾衣绳")
    answered = found(VISITOR, Asked(words="宿舍能用吹风机吗"))
    assert [note.title for note in answered.page.rows] == ["宿舍限电，能用的小电器"]
    assert not answered.is_part
    answered = found(VISITOR, Asked(words="宿舍 洗碗机"))
    assert len(answered.page.rows) == 2
    assert answered.is_part
    assert titles(VISITOR, "洗碗机") == []


def test_few_notes_with_all_of_it_do_not_hide_those_with_some(alice: User) -> None:
    make_note(alice, "Photo walk", body="We leave from the club room.")
    for number in range(PAGE_SIZE * 2):
        make_note(alice, f"How to quit a club kindly {number}")
    asked, after, shown = Asked(words="how to leave a club"), "", []
    while True:
        answered = found(VISITOR, asked, after)
        assert (answered.is_filled, answered.is_part) == (True, False)
        shown += [note.title for note in answered.page.rows]
        if not (after := answered.page.after):
            break
    assert shown[0] == "Photo walk"
    assert len(set(shown)) == len(shown) == PAGE_SIZE * 2 + 1
    assert titles(VISITOR, "leave club", sort="latest") == ["Photo walk"]
    for number in range(7):
        make_note(alice, f"Leave the club {number}")
    answered = found(VISITOR, asked)
    assert (len(answered.page.rows), answered.is_filled) == (8, False)


def test_a_character_that_names_something_is_said_to_be_missing(alice: User) -> None:
    make_note(alice, "Plants in a dorm")
    answered = found(VISITOR, Asked(words="dorm 灯"))
    assert (len(answered.page.rows), answered.is_part) == (1, True)
    make_note(alice, "宿舍的灯")
    assert len(found(VISITOR, Asked(words="dorm 灯")).page.rows) == 2


def test_what_is_typed_in_one_does_not_fall_apart(alice: User) -> None:
    make_note(alice, "C语言")
    make_note(alice, "R语言")
    assert titles(VISITOR, "C语言") == ["C语言"]
    assert titles(VISITOR, "c 语言") == ["C语言", "R语言"]


@pytest.mark.parametrize("words", ["tea", "茶叶"])
def test_the_queries_are_as_many_for_any_number_of_notes(alice: User, bob: User, words: str) -> None:
    counts = []
    for number in (1, 2, 21):
        for _ in range(number):
            make_note(make_person(campus=make_campus(f"Campus {number}")), f"{words} {number}", photos=1)
        for viewer in (VISITOR, bob):
            with CaptureQueriesContext(connection) as queries:
                found(viewer, Asked(words=words))
            counts.append(len(queries))
    assert counts[:2] == counts[2:4] == counts[4:]
    assert max(counts) <= 5


def test_own_notes_and_those_of_followed_people_rank_like_others(alice: User, bob: User) -> None:
    make_note(alice, "Nothing", body="A line about tea.", visibility="followers")
    make_note(bob, "Tea", visibility="private")
    Follow.objects.get_or_create(follower=bob, followed=alice)
    assert titles(bob, "tea") == ["Tea", "Nothing"]
