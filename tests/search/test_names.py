"""People, tags, labels and campuses are found by their names, by those who may see them."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from notes.models import Note
from notes.tags import hide_tag, merge_tag
from people.actions.blocks import block, mute
from profiles.models import Campus, Follow, Label, Positioning, User
from search.models import Name
from search.names.writing import write_names
from search.results import campuses, labels, people, tags
from tests.builders import make_campus, make_label, make_note, make_person

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
SORTS = (people, tags, labels, campuses)


def handles(words: str, viewer: Any = VISITOR) -> list[str]:
    return [person.handle for person in people.found(viewer, words).rows]


def tag_names(words: str, viewer: Any = VISITOR) -> list[str]:
    return [tag.name for tag in tags.found(viewer, words).rows]


def wordings(words: str, viewer: Any = VISITOR) -> list[str]:
    return [label.wording for label in labels.found(viewer, words).rows]


def campus_names(words: str, viewer: Any = VISITOR) -> list[str]:
    return [campus.name for campus in campuses.found(viewer, words).rows]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("林夏", "林夏"),
        ("林夏", "林"),
        ("林夏", "夏"),
        ("小林夏天", "林夏"),
        ("郭若蘭", "郭若兰"),
        ("郭若兰", "郭若蘭"),
        ("Iris Wang", "iris wang"),
        ("Iris Wang", "IRIS W"),
        ("Iris Wang", "wang"),
        ("Iris Wang", "wan"),
        ("Iris Wang", "ｉｒｉｓ"),
        ("Iris Wang", "iriswang"),
        ("Zoë Müller", "zoe mull"),
        ("Zoe Muller", "zoë"),
        ("Jia Lau 刘佳", "刘佳"),
        ("O’Neill", "o'neill"),
        ("Anne-Marie", "marie"),
        ("はるか", "はる"),
        ("ﾊﾙｶ", "ハルカ"),
        ("Кирилл", "кир"),
        ("🌸 花花", "🌸"),
        ("3号床", "3号"),
        ("سارة أحمد", "سارة"),
    ],
)
def test_people_are_found_by_name(name: str, typed: str) -> None:
    make_person("someone_else", name="Nobody Near 无关")
    make_person("found_one", name=name)
    assert handles(typed) == ["found_one"]


@pytest.mark.parametrize(
    "typed", ["linxia_window", "@linxia_window", "＠LinXia_W", "@l", "@li", "linx", "window", "linxia_w"]
)
def test_people_are_found_by_handle(typed: str) -> None:
    make_person("linxia_window", name="夏")
    make_person("other_one", name="冬")
    assert handles(typed) == ["linxia_window"]


@pytest.mark.parametrize(
    "typed", ["inxia", "夏林", "linxia wang", "%", "@", "@夏", "#linxia", "*", "lin*ia", "@indow"]
)
def test_people_are_not_found_by_what_is_no_part_of_their_name(typed: str) -> None:
    make_person("linxia_window", name="林夏")
    assert handles(typed) == []


def test_the_same_name_comes_first_then_what_begins_so() -> None:
    for handle, name in (("c1", "小林夏"), ("b1", "林夏天"), ("a1", "林夏"), ("d1", "Jia 林夏")):
        make_person(f"{handle}_x", name=name)
    assert handles("林夏") == ["a1_x", "d1_x", "b1_x", "c1_x"]


def test_of_equals_those_i_follow_and_the_most_followed_come_first(alice: User) -> None:
    for handle, count in (("tea_one", 0), ("tea_two", 40), ("tea_three", 9)):
        User.objects.filter(pk=make_person(handle, name="Tea").pk).update(follower_count=count)
    assert handles("tea", alice) == ["tea_two", "tea_three", "tea_one"]
    Follow.objects.create(follower=alice, followed=User.objects.get(handle="tea_one"))
    assert handles("tea", alice) == ["tea_one", "tea_two", "tea_three"]


def test_a_new_name_is_found_at_once_and_the_old_one_no_more() -> None:
    person = make_person("linxia", name="林夏")
    User.objects.filter(pk=person.pk).update(name="冬至", handle="dongzhi")
    assert handles("林夏") == handles("linxia") == []
    assert handles("冬至") == handles("@dong") == ["dongzhi"]


@pytest.mark.parametrize("state", ["suspended_at", "leaving_at"])
def test_who_is_away_is_not_found(state: str) -> None:
    person = make_person("linxia", name="林夏")
    User.objects.filter(pk=person.pk).update(**{state: timezone.now()})
    assert handles("林夏") == []
    assert not Name.objects.filter(kind="p", target=person.pk).exists()
    User.objects.filter(pk=person.pk).update(**{state: None})
    assert handles("林夏") == ["linxia"]


def test_an_unconfirmed_account_is_not_found_until_it_is_confirmed() -> None:
    person = make_person("linxia", name="林夏", verified=False)
    assert handles("林夏") == handles("@linxia") == []
    person.emailaddress_set.update(verified=True)
    assert handles("林夏") == ["linxia"]


def test_blocks_hide_both_ways_and_mutes_one(alice: User, bob: User, mona: User) -> None:
    person = make_person("linxia", name="林夏")
    block(blocker=person, blocked=alice)
    assert handles("林夏", alice) == []
    assert handles("林夏", bob) == handles("林夏", mona) == ["linxia"]
    block(blocker=bob, blocked=person)
    assert handles("林夏", bob) == []
    charlie = make_person("charlie_x")
    mute(muter=charlie, muted=person)
    assert handles("林夏", charlie) == []
    assert "charlie_x" in handles("charlie_x", person)


def test_a_deleted_account_leaves_no_name() -> None:
    person = make_person("linxia", name="林夏")
    pk = person.pk
    person.delete()
    assert not Name.objects.filter(kind="p", target=pk).exists()


def test_tags_are_found_once_something_public_has_them(alice: User, bob: User) -> None:
    make_note(alice, tags=["tea", "teaching", "图书馆"], visibility="private")
    assert tag_names("tea") == tag_names("tea", alice) == tag_names("图书") == []
    make_note(bob, tags=["tea", "teaching", "图书馆"])
    assert tag_names("tea") == tag_names("#tea") == tag_names("＃TEA") == ["tea", "teaching"]
    assert tag_names("圖書館") == tag_names("书馆") == ["图书馆"]
    assert tag_names("@tea") == []


def test_hidden_merged_and_muted_tags_are_not_found(alice: User, bob: User) -> None:
    make_note(alice, tags=["tea", "teas", "teapot"])
    found = {tag.name: tag for tag in Tag.objects.all()}
    bob.muted_words = ["#Teapot"]
    assert tag_names("tea", bob) == ["tea", "teas"]
    hide_tag(tag=found["teapot"], is_hidden=True)
    merge_tag(tag=found["teas"], into=found["tea"])
    assert tag_names("tea") == ["tea"]
    assert tag_names("teapot") == []


def test_labels_are_found_while_someone_declares_them(alice: User, bob: User, charlie: User) -> None:
    make_label(alice, "港漂日記")
    assert wordings("港漂日记") == wordings("日記") == ["港漂日記"]
    assert wordings("#港漂") == []
    block(blocker=alice, blocked=bob)
    assert wordings("港漂", bob) == []
    Label.objects.update(hidden_at=timezone.now())
    assert wordings("港漂", charlie) == []
    Label.objects.update(hidden_at=None)
    Positioning.objects.update(retired_at=timezone.now())
    assert wordings("港漂", charlie) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("临江大学", True),
        ("临大", True),
        ("临江", True),
        ("大学", True),
        ("臨江", True),
        ("学临", False),
        ("临海", False),
        ("杭州", True),
        ("杭大", False),
        ("临江大学生", False),
    ],
)
def test_campuses_are_found_by_short_forms_and_city(typed: str, found: bool, alice: User) -> None:
    make_note(alice, campus=make_campus("临江大学", "杭州"))
    assert campus_names(typed) == (["临江大学"] if found else [])


@pytest.mark.parametrize(
    "typed", ["juniper", "jun sta", "State University", "jsu", "JUNIPER STATE UNIVERSITY", "uni"]
)
def test_campuses_are_found_by_english_words(typed: str, alice: User) -> None:
    make_note(alice, campus=make_campus("Juniper State University", "Juniper"))
    assert campus_names(typed) == ["Juniper State University"]


def test_only_campuses_that_have_a_page_are_found(alice: User, bob: User) -> None:
    campus = make_campus("临江大学")
    bob.campus, bob.shows_campus = campus, False
    bob.save(update_fields=["campus", "shows_campus"])
    make_note(alice, campus=campus, visibility="followers")
    assert campus_names("临江") == campus_names("临江", alice) == campus_names("临江", bob) == []
    Note.objects.update(visibility="public")
    assert campus_names("临江") == ["临江大学"]
    Campus.objects.update(is_hidden=True)
    assert campus_names("临江") == []


HOSTILE = [
    *(
        "%",
        "_",
        "\\",
        "'",
        "''",
        ":*",
        "a:*",
        "-tea",
        "&|!",
        "!",
        "()",
        "<->",
        "a & b",
        "\x00",
        "te\x00a",
        "\ud800",
    ),
    *(
        "#",
        "@",
        "＃＃",
        "@@@",
        "# @",
        "/p",
        "/p+",
        "<林",
        ">",
        "^a",
        "=run",
        "é" + "\u0301" * 400,
        "\u200b",
        "  ",
    ),
    *(
        "a" * 5000,
        "林" * 500,
        " ".join("abcdefghijklmnop"),
        "后发干里面" * 40,
        "\U0001f9d1\u200d\U0001f3eb",
        "$",
        "c++",
        "8:00",
    ),
    *(
        "'; DROP TABLE search_name; --",
        "{}",
        "{0}",
        "%s",
        "%(viewer)s",
        "\u202e",
        "\ufdfa" * 200,
        "．",
        "1e9",
        "๑๒",
    ),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_has_a_meaning_of_its_own(typed: str, alice: User) -> None:
    make_note(alice, tags=["tea"], campus=make_campus())
    make_label(alice, "Tea every day")
    for viewer in (VISITOR, alice):
        for sort in SORTS:
            rows = sort.found(viewer, typed).rows
            assert not rows or any(letter in typed for letter in "aeé"), rows


def all_pages(sort: Any, words: str, viewer: Any = VISITOR) -> list[Any]:
    page, rows = sort.found(viewer, words), []
    while True:
        rows += page.rows
        if not page.after:
            return rows
        page = sort.found(viewer, words, page.after)


def test_pages_hold_each_person_once_in_one_order() -> None:
    for number in range(60):
        person = make_person(f"reader_{number:02}", name=f"Reader {number:02}")
        User.objects.filter(pk=person.pk).update(follower_count=number % 7)
    rows = all_pages(people, "reader")
    assert len({person.pk for person in rows}) == len(rows) == 60
    counts = [(person.follower_count + 1).bit_length() for person in rows]
    assert counts == sorted(counts, reverse=True)
    assert len(people.found(VISITOR, "reader", size=6).rows) == 6
    assert people.found(VISITOR, "reader", size=6).after


@pytest.mark.parametrize(
    "after", ["x", "9", "1-2", "1-1-1-x", "9-9-99-9999999999999999999", "١-١-١-١", "i5_5", "\x00"]
)
def test_an_unreadable_cursor_starts_at_the_top(after: str) -> None:
    make_person("reader_one", name="Reader")
    assert [person.handle for person in people.found(VISITOR, "reader", after).rows] == ["reader_one"]


@pytest.mark.parametrize(("sort", "number"), [(people, 3), (tags, 1), (labels, 1), (campuses, 1)])
def test_queries_are_as_many_for_one_as_for_many(sort: Any, number: int, alice: User) -> None:
    counts = []
    for made in (1, 3, 24):
        for each in range(made):
            person = make_person(f"tea_{made}_{each}", name="Tea")
            make_label(person, f"Tea {made} {each}", topics=[f"tea {made} {each}"])
            make_note(person, tags=[f"tea {made} {each}"], campus=make_campus(f"Tea {made} {each}"))
        sort.found(alice, "tea")
        with CaptureQueriesContext(connection) as queries:
            assert len(sort.found(alice, "tea").rows) >= made
        counts.append(len(queries))
    assert counts == [number] * 3 if sort is not people else len(set(counts)) == 1


def test_nothing_is_asked_where_nothing_is_typed(alice: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert [sort.found(alice, words).rows for sort in SORTS for words in ("", " ", "。", "@")] == [
            []
        ] * 16
    assert len(queries) == 0


def test_the_nightly_job_writes_what_is_missing_and_counts_uses(alice: User) -> None:
    for title in "abc":
        make_note(alice, title, tags=["rare"] if title == "a" else ["common"], campus=make_campus("临江大学"))
    make_label(alice, "Night owl")
    User.objects.filter(pk=alice.pk).update(follower_count=31)
    before = dict(Name.objects.values_list("pk", "lexemes"))
    Name.objects.all().delete()
    for _twice in range(2):
        assert write_names(kind="p", after=0, seconds=60) is None
        levels = {
            (kind, target): level
            for kind, target, level in Name.objects.values_list("kind", "target", "level")
        }
        common, rare = (Tag.objects.get(name=name).pk for name in ("common", "rare"))
        assert (levels["p", alice.pk], levels["t", common], levels["t", rare]) == (5, 1, 1)
        assert set(levels) == set(before)
    kept = Name.objects.get(kind="p", target=alice.pk).lexemes
    assert "'/p1'" in kept
    User.objects.filter(pk=alice.pk).update(name="Alice Again")
    assert "'/p1'" in Name.objects.get(kind="p", target=alice.pk).lexemes
    User.objects.filter(pk=alice.pk).update(follower_count=0)
    write_names(kind="p", after=0, seconds=60)
    assert "'/p0'" in Name.objects.get(kind="p", target=alice.pk).lexemes


def test_the_job_goes_on_where_its_time_was_over(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.names import writing

    monkeypatch.setattr(writing, "AT_ONCE", 1)
    make_note(alice, tags=["tea", "cup"])
    Name.objects.all().delete()
    further, steps = ("p", 0), 0
    while further:
        kind, after = further
        further, steps = write_names(kind=kind, after=after, seconds=0), steps + 1
    assert steps > 3
    assert Name.objects.filter(kind="t").count() == 2


def test_names_that_nobody_may_see_take_no_places(alice: User, bob: User) -> None:
    for number in range(20):
        names = [f"tea {number} {each}" for each in range(10)]
        make_note(bob, tags=names, visibility="private", campus=make_campus(f"Tea {number} College"))
        for name in names:
            make_label(bob, name)
    hidden = make_note(bob, tags=[f"tea hidden {each}" for each in range(10)])
    for tag in hidden.tags.all():
        hide_tag(tag=tag, is_hidden=True)
    Label.objects.update(hidden_at=timezone.now())
    make_note(alice, tags=["tea zz"], campus=make_campus("Tea zz College"))
    make_label(alice, "Tea zz")
    for _night in range(2):
        for size in (3, 20):
            assert [row.name for row in tags.found(VISITOR, "tea", size=size).rows] == ["tea zz"]
            assert [row.wording for row in labels.found(VISITOR, "tea", size=size).rows] == ["Tea zz"]
            assert [row.name for row in campuses.found(VISITOR, "tea", size=size).rows] == ["Tea zz College"]
        assert write_names(kind="p", after=0, seconds=60) is None


def test_a_name_that_was_public_for_the_first_time_today_is_found(alice: User) -> None:
    note = make_note(alice, tags=["tea"], campus=make_campus("Tea College"), visibility="private")
    write_names(kind="p", after=0, seconds=60)
    assert set(Name.objects.filter(kind__in="tc").values_list("level", flat=True)) == {-1}
    Note.objects.filter(pk=note.pk).update(visibility="public")
    assert tag_names("tea") == ["tea"]
    assert campus_names("tea") == ["Tea College"]
    write_names(kind="p", after=0, seconds=60)
    assert set(Name.objects.filter(kind__in="tc").values_list("level", flat=True)) == {1}
