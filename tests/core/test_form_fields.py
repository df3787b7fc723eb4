"""Form fields for typed text."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import text
from core.forms import LineField, ProseField, TagsField, WidthField

FAMILY = "👩‍👩‍👧‍👦"
CONTROL = "Remove the invisible control characters behind “a”."
BLANK = "This has no visible text."
PILED = "Too many marks on one character. The limit is 30."


def problem(field: LineField | TagsField, value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages[0]


@pytest.mark.parametrize("value", ["x" * 5, "清" * 5, FAMILY * 5, " x  y \n z "])
def test_a_line_within_its_limit(value: str) -> None:
    assert text.length(LineField(limit=5).clean(value)) == 5


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x" * 6, "This is 1 character too long."),
        (FAMILY * 7, "This is 2 characters too long."),
        ("e" + "\u0301" * 60, PILED),
        (("e" + "\u0301" * 20) * 4, "This is 3 characters too long."),
        ("x" * 2_001, "This is 1 character too long."),
        ("a\0b", CONTROL),
        ("\ud800", "Remove the invisible control characters at the start."),
        ("\u3164", BLANK),
        ("\u200b\u202e", BLANK),
        ("", "This field is required."),
        (" \n ", "This field is required."),
        (None, "This field is required."),
    ],
)
def test_a_line_that_is_refused(value: str, message: str) -> None:
    assert problem(LineField(limit=5), value) == message


def test_an_optional_line_may_be_empty_but_not_blank() -> None:
    field = LineField(limit=5, required=False)
    assert field.clean("  ") == field.clean(None) == ""
    assert problem(field, "\u3164") == problem(field, "\u200b") == BLANK


def test_a_line_tells_the_page_its_limit() -> None:
    assert LineField(limit=5).widget.attrs["data-limit"] == "5"
    assert "maxlength" not in LineField(limit=5).widget.attrs, "A browser would count code units."


def test_prose_keeps_its_paragraphs() -> None:
    assert ProseField(limit=20).clean(" one\r\n\r\n\r\n\r\ntwo ") == "one\n\ntwo"


@pytest.mark.parametrize("value", ["x" * 32, "清" * 16, "清" * 15 + "ab", "ẹ\u0301" * 32, "🏳️\u200d🌈" * 16])
def test_a_width_within_its_limit(value: str) -> None:
    assert WidthField(limit=32).clean(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x" * 33, "This is 1 character too long."),
        ("清" * 17, "This is 2 characters too long."),
        ("e" + "\u0323" * 100, PILED),
        (("e" + "\u0323" * 24) * 4, "This is 16 characters too long."),
    ],
)
def test_a_width_that_is_refused(value: str, message: str) -> None:
    assert problem(WidthField(limit=32), value) == message


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("", []),
        (" , ,, ", []),
        ("tea", ["tea"]),
        ("#tea, ＃深夜 食堂，Street  Food、c++", ["tea", "深夜 食堂", "Street Food", "c++"]),
        ("Campus, food, CAMPUS, ｆｏｏｄ", ["Campus", "food"]),
        ("#tea #library", ["tea", "library"]),
        ("#期末周#图书馆；茶#咖啡\nC#", ["期末周", "图书馆", "茶", "咖啡", "C#"]),
        ("#考研[话题]# #图书馆[话题]#", ["考研", "图书馆"]),
        ("\ufefftea, li\u00adbrary", ["tea", "library"]),
    ],
)
def test_tags(value: str, tags: list[str]) -> None:
    assert TagsField(most=5, required=False).clean(value) == tags


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a,b,c,d", "At most 3 tags."),
        ("a, ★", "“★” needs a letter to be a tag."),
        ("#201", "“201” needs a letter to be a tag."),
        ("," * 2_001, "This is 1 character too long."),
        ("e" + "\u0301" * 40, PILED),
        ("x" * 51, "“xxxxxxxxxxxxxxxxxxxx…” is too long for a tag."),
        ("ﷺﷺﷺ", "“\u2068ﷺﷺﷺ\u2069…” is too long for a tag."),
        ("a\0", CONTROL),
    ],
)
def test_tags_that_are_refused(value: str, message: str) -> None:
    assert problem(TagsField(most=3, required=False), value) == message


def test_tags_are_shown_as_they_are_typed() -> None:
    field = TagsField(most=3)
    assert (field.prepare_value(["a", "b c"]), field.prepare_value("a,b")) == ("a, b c", "a,b")


@given(st.text())
def test_whatever_is_typed_is_taken_clean_or_refused(value: str) -> None:
    for field in (LineField(limit=40), ProseField(limit=40), WidthField(limit=40), TagsField(most=5)):
        with suppress(ValidationError):
            clean = field.clean(value)
            for words in clean if isinstance(clean, list) else [clean]:
                assert text.forbidden(words) is None
                assert not text.is_blank(words)
                assert len(words.encode()) <= 1600
