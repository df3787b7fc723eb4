"""Typed text in a browser: the same grammar as on the server, room for long words, no zoom on iOS."""

from random import Random
from typing import Any

import pytest

from core import text
from core.forms import LineField, WidthField
from notes.models import Note
from profiles.models import User
from tests.browser.conftest import PHONE, Visit, Watch
from tests.builders import make_comment, make_note

pytestmark = pytest.mark.django_db(transaction=True)

PIECES = [
    *(
        "#",
        "＃",
        "@",
        "＠",
        "alice",
        "bob_2",
        "tea",
        "考研",
        "图书馆",
        "[话题]#",
        "·",
        "・",
        "～",
        "-",
        "_",
        "1",
        "２",
        " ",
        "\n",
    ),
    *(
        "，",
        ",",
        "。",
        ".",
        "/",
        ":",
        "https://example.org/",
        "a.cn",
        "@mastodon.example",
        "(",
        ")",
        "[",
        "é",
        "e\u0301",
    ),
    *(
        "نرم",
        "\u200cافزار",
        "हिन्दी",
        "क्षण",
        "ที่นั่ง",
        "한글",
        "ｶﾞ",
        "ß",
        "👩🏽\u200d🎓",
        "👨\u200d👩\u200d👧\u200d👦",
        "🇨🇳",
        "🇨",
        "1️⃣",
    ),
    *(
        "#️⃣",
        "❤️",
        "™",
        "🏴\U000e0067\U000e0062\U000e007f",
        "\u200d",
        "\u200b",
        "\u202e",
        "\u200f",
        "\ufeff",
        "\u2028",
        "\t",
    ),
]
READ = """async (texts) => {
    const grammar = await import("/static/js/text/grammar.js");
    return texts.map((text) => {
        const found = grammar.signed(text).map(({ tag, mention }) => (tag ? `#${tag}` : `@${mention}`));
        const [line, prose] = [grammar.tidyLine(text), grammar.tidyProse(text)];
        const words = grammar.wordsBetween(text).filter(Boolean);
        return [found, words, line, prose, grammar.used(line), grammar.used(line, "half")];
    });
}"""
NARROW = {"width": 320, "height": 700}
SMALL = """() => [...document.querySelectorAll("input, textarea, select")]
    .filter((field) => !["hidden", "radio", "checkbox", "range", "file", "submit"].includes(field.type))
    .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.name)"""
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def generated() -> list[str]:
    random = Random(11)
    return ["".join(random.choices(PIECES, k=random.randint(1, 9))) for _ in range(4_000)]


def read(value: str) -> list[Any]:
    found = [f"#{one.tag}" if one.tag else f"@{one.handle}" for one in text.signed(value)]
    line = text.tidy_line(value)
    return [
        found,
        text.words_between(value),
        line,
        text.tidy_prose(value),
        LineField(limit=9).used(line),
        WidthField(limit=9).used(line),
    ]


def test_scripts_read_text_as_the_server_does(visit: Visit) -> None:
    page = visit()
    page.goto("/about/")
    texts = generated()
    differing = [
        (value, ours, theirs)
        for value, ours, theirs in zip(texts, map(read, texts), page.evaluate(READ, texts), strict=True)
        if ours != theirs
    ]
    assert differing == []


def test_no_field_is_under_16_pixels_and_no_word_widens_a_page(
    visit: Visit, watch: Watch, alice: User, bob: User
) -> None:
    tag, word = "图书馆占座指南" * 4 + "图书", "incomprehensibilities" + "abcdefghi"
    note = make_note(
        alice, word, body=f"#{tag} {word} {'e' + chr(0x301) * 30}", tags=[tag], photos=1, place=word
    )
    make_comment(bob, note, f"{word} #{tag}")
    User.objects.filter(pk=alice.pk).update(name=word)
    page = visit(alice, PHONE)
    paths = [
        note.get_absolute_url(),
        f"{note.get_absolute_url()}edit/",
        f"/tags/{tag}/",
        "/@alice/",
        "/settings/profile/",
    ]
    paths += [
        "/settings/label/",
        "/settings/privacy/muted/",
        "/accounts/email/",
        "/",
        f"/report/?note={note.pk}",
    ]
    with watch.expecting(404):  # the photo has no files
        for path in paths:
            page.goto(path)
            assert page.evaluate(SMALL) == [], path
            for size in (PHONE, NARROW):
                page.set_viewport_size(size)
                assert page.evaluate(OVER) == 0, (path, size)


@pytest.mark.parametrize(("words", "side"), [("شاي جيد.", "rtl"), ("Good tea.", "ltr"), ("茶很好。", "ltr")])
def test_words_run_from_their_own_side(visit: Visit, alice: User, words: str, side: str) -> None:
    note = make_note(alice, words, body=words)
    make_comment(alice, note, words)
    page = visit(alice)
    page.goto(note.get_absolute_url())
    page.locator("#id_body").fill(words)
    for place in ("h1 [dir], h1[dir]", ".prose > p", ".comment__text > p", "#id_body"):
        found = page.locator(place).first.evaluate("(element) => getComputedStyle(element).direction")
        assert found == side, place
    assert Note.objects.count() == 1
