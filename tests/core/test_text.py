"""Cleaning and measuring typed text."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import text

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("value", "characters", "half_widths"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("清华大学", 4, 8),
        ("é", 1, 1),
        ("e\u0301", 1, 1),
        (FAMILY, 1, 2),
        ("🇨🇳", 1, 2),
        ("👍🏽", 1, 2),
        ("ｆｕｌｌ", 4, 8),
        ("ｶﾞ", 1, 2),
        ("각", 1, 2),
        ("นี้", 1, 1),
        ("a\u200db", 2, 2),
        ("🇨🇳🇫🇷🇨", 3, 5),
        ("1️⃣", 1, 2),
        ("❤️❤", 2, 3),
        ("Coffee™", 7, 7),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1, 2),
        ("क्षण", 2, 3),
        ("กำ", 1, 2),
    ],
)
def test_length_as_people_count_and_width_as_columns(value: str, characters: int, half_widths: int) -> None:
    assert text.length(value) == characters
    assert text.half_widths(value) == half_widths


@pytest.mark.parametrize(
    ("value", "before"),
    [("a\0b", "a"), ("\x07", ""), ("one  two\x1b", "one two"), ("x" * 40 + "\ud800", "x" * 20)],
)
def test_a_control_character_is_forbidden_and_its_place_is_said(value: str, before: str) -> None:
    assert text.forbidden(value) == before


@pytest.mark.parametrize(
    "value", ["", "a\tb\r\nc", "清华 “é”", FAMILY, "שלום", "مرحبا", "a\u200cb", "\u00ad", "❤️"]
)
def test_what_people_write_is_not(value: str) -> None:
    assert text.forbidden(value) is None


@pytest.mark.parametrize(
    ("typed", "line", "prose"),
    [
        *((f"a{char}b", "a b", "a\nb") for char in "\x0b\x0c\x1c\x85\u2028\u2029\r"),
        *(
            (f"a{char}b", "ab", "ab")
            for char in "\u202a\u202e\u2066\u2069\ufeff\u00ad\u200b\u2060\u034f\ufffc"
        ),
        *((f"茶{char}馆", "茶馆", "茶馆") for char in "\u200c\u200d\u200e\u200f\u061c\U000e0041"),
        *(
            (value, value, value)
            for value in ("نرم\u200cافزار", "क्\u200dष", FAMILY, "❤️\u200d🔥", "سلام\u200f!")
        ),
        (
            "🏴\U000e0067\U000e0062\U000e007f \U000e0067",
            "🏴\U000e0067\U000e0062\U000e007f",
            "🏴\U000e0067\U000e0062\U000e007f",
        ),
        ("👩\u200d 👩", "👩 👩", "👩 👩"),
        ("#考研[话题]# #图书馆[话题]#今天", "#考研 #图书馆 今天", "#考研 #图书馆 今天"),
        ("[话题]#", "[话题]#", "[话题]#"),
    ],
)
def test_invisible_characters_and_debris_go_where_nothing_is_lost(typed: str, line: str, prose: str) -> None:
    assert (text.tidy_line(typed), text.tidy_prose(typed)) == (line, prose)


@pytest.mark.parametrize(
    ("value", "piled"),
    [
        ("e" + "\u0301" * 30, False),
        ("e" + "\u0301" * 31, True),
        ("\u0301" * 40, True),
        (("e" + "\u0301" * 20) * 9, False),
        *(("👩" + "🏽" * 31, True), ("ب" + "\u200c" * 31, True), ("ที่นั่ง हिन्दी", False), (FAMILY * 40, False)),
    ],
)
def test_more_marks_than_any_script_writes(value: str, piled: bool) -> None:
    assert text.is_piled(value) is piled


def test_stream_safe_text_reads_the_same_and_is_normalised_in_no_time() -> None:
    typed = "e" + "\u0301\u0323" * 50_000
    safe = text.stream_safe(typed)
    assert safe.replace("\u034f", "") == typed
    started = time.process_time()
    unicodedata.normalize("NFC", safe)
    assert time.process_time() - started < 0.1
    assert text.stream_safe("é क्षण " + FAMILY) == "é क्षण " + FAMILY


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
        ("#हिन्दी #ไทย #2026", ["हिन्दी", "ไทย"]),
        ("#1, Room #201, #２０１, #2026-11, #٢٠١, #1️⃣", []),
        ("#24h #3年2班", ["24h", "3年2班"]),
        ("#ぼっち・ざ・ろっく #あ～海！", ["ぼっち・ざ・ろっく", "あ～海"]),
        ("#نرم\u200cافزار", ["نرم\u200cافزار"]),
        ("#צה״ל #col·legi #好吃～ #tea-", ["צה״ל", "col·legi", "好吃", "tea"]),
        ("#考研[话题]# #图书馆[话题]#", ["考研", "图书馆"]),
        ("#考研[话题]##图书馆[話題]#", ["考研", "图书馆"]),
        ("#期末周#图书馆 去了#食堂", ["期末周", "图书馆", "食堂"]),
        ("#期末周# 今天，#coffee#tea", ["期末周", "coffee", "tea"]),
        ("#️⃣校园", []),
        ("C#语言 C# F# 3#楼 abc#def Ｃ＃", []),
        ("https://example.org/?q=#tea ftp://x/-#tea www.a.cn/#tea a.cn/#茶 a.cn#tea", []),
        ("看https://example.org/清华#历史", []),
        ("见https://example.org，#茶", ["茶"]),
        ("#tea@example.org a+#tea@example.org", []),
        ("喝茶/#咖啡 (#茶) “#美食”", ["咖啡", "茶", "美食"]),
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
        ("(@alice) ＠alice", ["alice", "alice"]),
        ("https://medium.com/@alice/post medium.com/@alice /@alice/", []),
        ("张三@alice.cn @alice.cn lin@ALICE.CN", []),
        ("@alice@mastodon.example 谢谢@alice@mastodon.example", []),
        ("@alice@bob @alice。 @alice. 好@alice，#茶@bob", ["alice", "bob", "alice", "alice", "alice", "bob"]),
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
@example("00\x1b\x1b\x08\x08\x08^\x1b")
def test_a_word_is_no_wider_than_its_title(value: str) -> None:
    assert text.word_width(value) <= text.title_width(value)


@given(st.text(max_size=60))
def test_a_longer_title_is_never_narrower(value: str) -> None:
    widths = [text.title_width(value[:end]) for end in range(len(value) + 1)]
    assert widths == sorted(widths)
    assert 0 <= widths[-1] <= text.TITLE_WIDTH_MAX
