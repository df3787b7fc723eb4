"""Typed text, cleaned and measured."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redbook import text

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("value", "characters", "half_widths"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("清华大学", 4, 8),
        ("é", 1, 1),
        ("e\u0301", 1, 1),
        (FAMILY, 1, 8),
        ("🇨🇳", 1, 2),
        ("👍🏽", 1, 4),
        ("ｆｕｌｌ", 4, 8),
        ("ｶﾞ", 1, 2),
        ("각", 1, 2),
        ("นี้", 1, 1),
        ("a\u200db", 2, 2),
    ],
)
def test_length_as_people_count_and_width_as_columns(value: str, characters: int, half_widths: int) -> None:
    assert text.length(value) == characters
    assert text.half_widths(value) == half_widths


@pytest.mark.parametrize(
    "char", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\u202a", "\u202e", "\u2066", "\u2069"]
)
def test_what_hides_or_reorders_is_forbidden(char: str) -> None:
    assert text.has_forbidden(f"a{char}b")


@pytest.mark.parametrize(
    "value", ["", "a\tb\r\nc", "清华 “é”", FAMILY, "שלום", "مرحبا", "a\u200cb", "\u00ad", "❤️"]
)
def test_what_people_write_is_not(value: str) -> None:
    assert not text.has_forbidden(value)


@pytest.mark.parametrize(
    "value", ["", " \n", "\u200b", "\u200d\ufeff", "\u3164", "\uffa0\u115f", "\u2800", "\u0301", "\u00ad"]
)
def test_blank_to_a_reader(value: str) -> None:
    assert text.is_blank(value)


@pytest.mark.parametrize("value", ["a", "清", "1", "!", "❤️", "\u200ba", "•"])
def test_not_blank(value: str) -> None:
    assert not text.is_blank(value)


def test_a_line_is_one_line() -> None:
    assert text.tidy_line(" e\u0301\u3000a \n\t b\u2028c ") == "é a b c"


def test_paragraphs_keep_their_lines() -> None:
    assert text.tidy_prose("\n a  \r\nb\n\n\n\nc\t\n \n ") == "a\nb\n\nc"


@given(st.text())
def test_tidying_twice_is_tidying_once(value: str) -> None:
    for tidy in (text.tidy_line, text.tidy_prose, text.normal_form):
        assert tidy(tidy(value)) == tidy(value)


@given(st.text(alphabet="aＡ清é \n\t#@", max_size=40))
def test_a_line_never_breaks_and_keeps_every_word(value: str) -> None:
    assert text.tidy_line(value).split() == unicodedata.normalize("NFC", value).split()
    assert "\n" not in text.tidy_line(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Film on Campus", "film  on campus "),
        ("ＦＩＬＭ", "film"),
        ("Straße", "STRASSE"),
        ("ﬁlm", "film"),
        ("ΌΣΟΣ", "όσος"),
    ],
)
def test_wordings_that_mean_the_same_share_a_normal_form(one: str, other: str) -> None:
    assert text.normal_form(one) == text.normal_form(other)


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        ("Street Food", "street-food"),
        ("深夜 食堂", "深夜-食堂"),
        ("C++", "c"),
        ("★", ""),
        ("Café", "café"),
        ("a_b-c", "a_b-c"),
    ],
)
def test_slugs(value: str, slug: str) -> None:
    assert text.slug(value) == slug


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("#tea and #深夜食堂, #street-food.", ["tea", "深夜食堂", "street-food"]),
        ("＃全角 #Café!", ["全角", "Café"]),
        ("no#tag, a/#tag, &#39; ##x", []),
        ("# alone #★ #---", []),
        ("#हिन्दी #ไทย #2026", ["हिन्दी", "ไทย", "2026"]),
        ("#" + "ﷺ" * 4, []),
        ("#" + "x" * 60, ["x" * 50]),
        ("https://example.test/#part", []),
    ],
)
def test_tags_in_a_text(value: str, tags: list[str]) -> None:
    assert text.tags_in(value) == tags


@pytest.mark.parametrize(
    ("value", "handles"),
    [
        ("@alice and @Bob_2.", ["alice", "Bob_2"]),
        ("谢谢@alice你", ["alice"]),
        ("alice@campus.test a.@alice @@alice", []),
        ("@al @" + "x" * 31, []),
        ("(@alice)", ["alice"]),
    ],
)
def test_mentions_in_a_text(value: str, handles: list[str]) -> None:
    assert text.mentions_in(value) == handles


def test_the_width_of_a_title_is_in_half_ems_and_ends_at_48() -> None:
    assert text.title_width("") == 0
    assert text.title_width("清华") == 4
    assert text.title_width("WWWW") > text.title_width("iiii")
    assert text.title_width("图" * 40) == text.TITLE_WIDTH_MAX
    assert text.title_width("e\u0301") == text.title_width("e") == text.title_width("\u200be")
    assert text.title_width("👍\ufe0f") == text.title_width("👍") == 2


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("", ""),
        ("图书馆占座指南", ""),
        ("A day in the undergraduate life", "undergraduate"),
        ("state-of-the-art noodles", "noodles"),
        ("a well-known—pronouncement", "pronouncement"),
        ("我的internship笔记", "internship"),
        ("🍜ramen🍜", "ramen"),
    ],
)
def test_the_width_of_a_title_s_longest_word(title: str, word: str) -> None:
    assert text.word_width(title) == text.title_width(word)


@given(st.text(max_size=60))
def test_a_word_is_no_wider_than_its_title(value: str) -> None:
    assert text.word_width(value) <= text.title_width(value)


@given(st.text(max_size=60))
def test_a_longer_title_is_never_narrower(value: str) -> None:
    widths = [text.title_width(value[:end]) for end in range(len(value) + 1)]
    assert widths == sorted(widths)
    assert 0 <= widths[-1] <= text.TITLE_WIDTH_MAX
