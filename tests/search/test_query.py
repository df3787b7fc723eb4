"""What is typed is meant literally, in each spelling it may have, and asks for less where nothing has all of it."""

import string

import pytest
from django.utils import timezone

from notes.models import Note
from profiles.models import User
from search.asked import QUERY_MAX
from search.documents.terms import forget_terms
from search.documents.writing import write_due
from search.models import Term
from search.query import words
from search.query.latin import begun_word, latin_words
from search.query.query import Extent, Query
from search.query.reading import read
from search.query.tsquery import lexeme, most_of
from search.query.variants import simplified, spellings, variants
from tests.builders import make_note, make_person


def whole(typed: str, **stems: str) -> str:
    return Query.of(typed, stems).whole


@pytest.mark.parametrize(
    ("character", "forms"),
    [
        *(("里", "里裏裡哩"), ("裡", "裡里裏"), ("台", "台枱檯臺颱"), ("臺", "臺台"), ("面", "面麪麵麫")),
        *(("发", "发發髮"), ("干", "干乾幹榦"), ("乾", "乾干"), ("着", "着著"), ("座", "座"), ("a", "a")),
    ],
)
def test_a_character_has_forms_but_not_those_of_another_word(character: str, forms: str) -> None:
    assert sorted(variants(character)) == sorted(forms)
    assert variants(character)[0] == character


def test_every_form_reads_as_itself_or_as_one_simplified_character() -> None:
    assert simplified("圖書館裏面，乾炒牛河。著名的座位") == "图书馆里面，干炒牛河。著名的座位"
    assert spellings("后里")[0] == "后里"
    assert {"後裡", "後裏"} < set(spellings("后里"))


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "\\", "'", "&|!", ":*", "()", "\x00", "\ud800", "，。！", "\u0301" * 200]
)
def test_nothing_searchable_asks_for_nothing(typed: str) -> None:
    query = Query.of(typed, {})
    assert (query.whole, query.terms) == ("", ())
    assert not any(query.demand(extent).first for extent in Extent)


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("食堂", "'食堂'"),
        ("考研 英", "('考研' & '英')"),
        ("里", "('里' | '裏' | '裡' | '哩')"),
        ("tea ", "'tea'"),
        ("-tea.", "'tea'"),
        ("c++", "'c++'"),
        ("8:00 1,200", "('8:00' & '1,200')"),
        ("Wi-Fi!", "('wifi' | ('wi' & 'fi'))"),
        ("4-1", "('4' & '1')"),
        ("🍜", "'🍜'"),
        ("the library!", "'library'"),
        ("what is it?", "('what' & 'is' & 'it')"),
    ],
)
def test_what_is_typed_is_a_condition(typed: str, condition: str) -> None:
    assert whole(typed) == condition


def test_a_word_is_found_by_its_stem_and_the_last_one_by_its_beginning() -> None:
    assert latin_words("Dorm DORM 宿舍 7.5 c++ rooms") == ["dorm", "rooms"]
    query = Query.of("rooms, che", {"rooms": "room"}, ["cheap", "cheaper"])
    assert query.whole == "(('rooms' | '=room' | 'room') & 'che')"
    assert query.demand(Extent.ALL).then == "(('rooms' | '=room' | 'room') & ('che' | 'cheap' | 'cheaper'))"
    assert query.terms[-1].ranks == "('che' | 'che':*)"


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("green te", "te"),
        ("te ", "te"),
        ("te,", ""),
        ("t", ""),
        ("8", ""),
        ("c++", ""),
        ("图书馆", ""),
        ("", ""),
    ],
)
def test_the_last_word_may_be_the_beginning_of_one(typed: str, begun: str) -> None:
    assert begun_word(typed) == begun


@pytest.mark.django_db
def test_the_last_word_is_completed_by_words_of_listed_notes(alice: User) -> None:
    make_note(alice, "Libraries, the library, librarians and liberty")
    make_note(alice, "Libretto", visibility="private")
    make_note(make_person("approving", approves_followers=True), "Libra")
    write_due(seconds=5)
    assert read("quiet libr").terms[-1].has == "('libr' | '=libr' | 'library' | 'libraries' | 'librarians')"
    assert read("library").terms[-1].has == "('library' | '=librari' | 'librari')"
    assert "libraries" not in read("libr, quiet").whole


@pytest.mark.django_db
def test_words_of_closed_notes_push_no_completion_out(alice: User) -> None:
    make_note(alice, "zzqsecrets")
    closed = make_note(alice, " ".join(f"zzqs{letter}" for letter in string.ascii_lowercase))
    suspended = make_person("suspended")
    make_note(suspended, "zzqsaa zzqsab")
    write_due(seconds=5)
    Note.objects.filter(pk=closed.pk).update(visibility="private")
    User.objects.filter(pk=suspended.pk).update(suspended_at=timezone.now())
    assert read("zzqs").terms[-1].has == "('zzqs' | '=zzqs' | 'zzqsecrets')"
    assert Term.objects.filter(word__startswith="zzqs").count() == 29
    forget_terms(after="", seconds=5)
    assert list(Term.objects.filter(word__startswith="zzqs")) == [Term(word="zzqsecrets")]


def test_quotes_and_backslashes_are_quoted() -> None:
    assert lexeme("it's \\ 'x'") == "'it''s \\\\ ''x'''"


def test_a_query_is_its_first_characters() -> None:
    query = Query.of("图" * QUERY_MAX + "tea", {})
    assert query.typed == "图" * QUERY_MAX
    assert "tea" not in query.whole


def test_less_and_less_is_asked() -> None:
    query = Query.of("宿舍能洗衣吗", {})
    every, some = query.demand(Extent.ALL), query.demand(Extent.SOME)
    assert "'能洗'" in every.first
    dorm = "(('宿舍' | '宿捨') | 'dorm' | 'dorms' | 'dormitory' | 'dormitories' | ('寝室' | '寢室'))"
    assert every.then == f"('洗衣' & {dorm})", "or other words for it"
    assert some == ("('洗衣' | ('宿舍' | '宿捨'))", "")
    assert Query.of("操场", {}).demand(Extent.ALL).then == ""
    assert Query.of("夜爬", {}).demand(Extent.SOME) == ("('夜' & '爬')", "")
    assert Query.of("图", {}).demand(Extent.SOME).first == Query.of("tea", {}).demand(Extent.SOME).first == ""


@pytest.mark.parametrize(
    ("number", "condition"),
    [(1, "('a' | 'b' | 'c')"), (2, "(('a' & ('b' | 'c')) | ('b' & 'c'))"), (3, "('a' & 'b' & 'c')")],
)
def test_most_of_some_conditions(number: int, condition: str) -> None:
    assert most_of(["'a'", "'b'", "'c'"], number) == condition


def test_a_long_query_stays_a_short_condition() -> None:
    query = Query.of("图书馆靠窗座位预约攻略期末自习通宵插座" * 10, {})
    assert max(len(condition) for extent in Extent for condition in query.demand(extent)) < 20_000
    assert len(query.ranking) <= 12


@pytest.mark.parametrize(
    ("run", "naming"),
    [
        ("宿舍能用吹风机吗", ["宿舍", "吹风机"]),
        ("想家了怎么办", ["想家"]),
        ("樱花几点去拍没有人", ["樱花"]),
        ("港漂租房", ["港漂", "租房"]),
        ("毕业论文", ["毕业", "论文"]),
        ("圖書館幾樓暖和", ["圖書館", "暖和"]),
        ("カラオケ", ["カラオケ"]),
        ("灯", ["灯"]),
        ("吃", []),
    ],
)
def test_words_that_name_something_are_told_from_those_that_ask(run: str, naming: list[str]) -> None:
    assert [word.text for word in words.of_run(run) if word.names] == naming
