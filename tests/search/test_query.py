"""What is typed is meant literally, in each spelling it may have, and asks for less where nothing has all of it."""

import pytest

from profiles.models import User
from search.asked import QUERY_MAX
from search.documents.writing import write_due
from search.query import words
from search.query.completions import completions_of
from search.query.query import Degree, Query, begun_word, latin_words
from search.query.tsquery import lexeme, most_of
from search.query.variants import simplified, spellings, variants
from tests.builders import make_note


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
    assert (query.whole, query.degrees, query.terms) == ("", {}, ())


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
        ("🍜", "'🍜'"),
        ("the library!", "'library'"),
        ("what is it?", "('what' & 'is' & 'it')"),
    ],
)
def test_what_is_typed_is_a_condition(typed: str, condition: str) -> None:
    assert whole(typed) == condition


def test_a_word_is_found_by_its_stem_and_the_last_one_by_its_beginning() -> None:
    assert latin_words("Dorm DORM 宿舍 7.5 c++ rooms") == ["dorm", "rooms"]
    stems = {"rooms": "room", "cheap": "cheap"}
    query = Query.of("rooms, cheap", stems, ["cheaper", "cheapest"])
    assert query.whole == "(('rooms' | '=room') & ('cheap' | '=cheap' | 'cheaper' | 'cheapest'))"


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
    write_due(seconds=5)
    assert completions_of("quiet libr") == ["library", "libraries", "librarians"]
    assert completions_of("library") == []
    assert completions_of("libr, quiet") == []


def test_quotes_and_backslashes_are_quoted() -> None:
    assert lexeme("it's \\ 'x'") == "'it''s \\\\ ''x'''"


def test_a_query_is_its_first_characters() -> None:
    query = Query.of("图" * QUERY_MAX + "tea", {})
    assert query.typed == "图" * QUERY_MAX
    assert "tea" not in query.whole


def test_each_degree_asks_for_less() -> None:
    degrees = Query.of("宿舍能用吹风机吗", {}).degrees
    assert list(degrees) == [Degree.WHOLE, Degree.NAMED, Degree.MOST, Degree.ANY]
    assert "'能用'" in degrees[Degree.WHOLE]
    assert "'能用'" not in degrees[Degree.NAMED]
    assert list(Query.of("食堂", {}).degrees) == [Degree.WHOLE]


@pytest.mark.parametrize(
    ("number", "condition"),
    [(1, "('a' | 'b' | 'c')"), (2, "(('a' & ('b' | 'c')) | ('b' & 'c'))"), (3, "('a' & 'b' & 'c')")],
)
def test_most_of_some_conditions(number: int, condition: str) -> None:
    assert most_of(["'a'", "'b'", "'c'"], number) == condition


def test_a_long_query_stays_a_short_condition() -> None:
    query = Query.of("图书馆靠窗座位预约攻略期末自习通宵插座" * 10, {})
    assert max(map(len, query.degrees.values())) < 20_000
    assert len(query.ranking) <= 12


@pytest.mark.parametrize(
    ("run", "naming"),
    [
        ("宿舍能用吹风机吗", ["宿舍", "吹风机"]),
        ("想家了怎么办", ["想家"]),
        ("樱花几点去拍没有人", ["樱花"]),
        ("圖書館幾樓暖和", ["圖書館", "暖和"]),
        ("カラオケ", ["カラオケ"]),
    ],
)
def test_words_that_name_something_are_told_from_those_that_ask(run: str, naming: list[str]) -> None:
    assert [word.text for word in words.of_run(run) if word.names] == naming
